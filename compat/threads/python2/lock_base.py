"""What a Lock of Python 3.8 is apart from the waiting: arguments, errors, looks."""
from __future__ import absolute_import, division, print_function

#: the largest time-out in seconds: 2**63 - 1 nanoseconds, as on CPython 3
TIMEOUT_MAX = 9223372036.0


def wait_seconds(blocking, timeout):
    """The pair of arguments of `acquire` as seconds to wait: None is for ever.

    Raises what CPython 3.8 raises: ValueError for a time-out without blocking or
    below zero, OverflowError beyond TIMEOUT_MAX, TypeError for what is no number.
    """
    if timeout is None or isinstance(timeout, (bytes, type(u''))):
        raise TypeError('timeout must be a number, not %s' % type(timeout).__name__)
    if timeout == -1:
        return None if blocking else 0
    if not blocking:
        raise ValueError("can't specify a timeout for a non-blocking call")
    if timeout < 0:
        raise ValueError('timeout value must be positive')
    if timeout > TIMEOUT_MAX:
        raise OverflowError('timeout value is too large')
    check_no_nan(timeout)
    return timeout


def check_no_nan(timeout):
    """Raise ValueError for a time-out that is NaN: every comparison with it is false."""
    if timeout != timeout:
        raise ValueError('Invalid value NaN (not a number)')


class LockBase(object):
    """A mutual exclusion lock that any thread may release; not re-entrant.

    A subclass brings `acquire`, `__enter__`, `release` and `locked`.
    """

    __slots__ = ('__weakref__',)

    def __exit__(self, *exception):
        self.release()

    # What a Condition asks of its lock, by the names of the standard library's RLock.

    def _is_owned(self):
        """Whether the lock is held; by whom it does not know."""
        return self.locked()

    def _release_save(self):
        """Give it up; what `_acquire_restore` needs to get it back."""
        return self.release()

    def _acquire_restore(self, saved):
        self.acquire()

    def __repr__(self):
        return '<%s %s.%s object at 0x%x>' % (
            'locked' if self.locked() else 'unlocked',
            type(self).__module__, type(self).__name__, id(self))
