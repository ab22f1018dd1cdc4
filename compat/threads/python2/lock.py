"""The Lock of this interpreter, and the RLock made of it."""
from __future__ import absolute_import, division, print_function

from thread import get_ident

from portable_server.compat import platform
from portable_server.compat.threads.python2.lock_base import LockBase, wait_seconds

if platform.IMPLEMENTATION == 'Jython':
    from portable_server.compat.threads.python2.lock_jython import Lock
else:
    from portable_server.compat.threads.python2.lock_cpython import Lock


class RLock(LockBase):
    """A lock that its owner may take again and only its owner may release.

    `_owner` is read without the lock: only a thread itself ever writes its own ident there, so
    "is it me?" has one answer whenever it is asked.  Source: library/threading, "RLock objects".
    """

    __slots__ = ('_lock', '_owner', '_more')

    def __init__(self):
        self._lock = Lock()
        self._owner = None
        self._more = 0      # levels besides the first

    def acquire(self, blocking=True, timeout=-1):
        """bool: whether the lock is held, within `timeout` seconds (-1: no limit)."""
        thread = get_ident()
        if thread == self._owner:
            if timeout != -1 or not blocking:
                wait_seconds(blocking, timeout)     # its errors are due all the same
            self._more += 1
        elif self._lock.acquire(blocking, timeout):
            self._owner = thread
        else:
            return False
        return True

    __enter__ = acquire

    def release(self):
        """Undo one `acquire`; RuntimeError unless the calling thread owns the lock."""
        if get_ident() != self._owner:
            raise _not_the_owner()
        if self._more:
            self._more -= 1
        else:
            self._owner = None
            self._lock.release()

    def __exit__(self, kind=None, value=None, trace=None):
        # `release`, without a call more.
        if get_ident() != self._owner:
            raise _not_the_owner()
        if self._more:
            self._more -= 1
        else:
            self._owner = None
            self._lock.release()

    def __repr__(self):
        return '<%s %s object of thread %s, %d more levels, at 0x%x>' % (
            'unlocked' if self._owner is None else 'locked', type(self).__name__,
            self._owner, self._more, id(self))

    # What a Condition asks for, by the names that the standard library's RLock has for it.

    def _is_owned(self):
        return get_ident() == self._owner

    def _release_save(self):
        """Give up all levels at once; what `_acquire_restore` needs to get them back."""
        if get_ident() != self._owner:
            raise _not_the_owner()
        levels = self._more
        self._more = 0
        self._owner = None
        self._lock.release()
        return levels

    def _acquire_restore(self, levels):
        self._lock._acquire_restore(None)
        self._owner = get_ident()
        self._more = levels


def _not_the_owner():
    return RuntimeError('this thread does not hold the lock')
