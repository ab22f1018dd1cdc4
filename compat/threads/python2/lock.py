"""The Lock of this interpreter, and the RLock made of it.  (After CPython 3.8.)"""
from __future__ import absolute_import, division, print_function

from thread import get_ident

from portable_server.compat import platform
from portable_server.compat.threads.python2.lock_base import wait_seconds

if platform.IMPLEMENTATION == 'Jython':
    from portable_server.compat.threads.python2.lock_jython import Lock
else:
    from portable_server.compat.threads.python2.lock_cpython import Lock


class RLock(object):
    """A lock that its owner may take again and only its owner may release."""

    __slots__ = ('_block', '_owner', '_count', '__weakref__')

    def __init__(self):
        self._block = Lock()
        self._owner = None
        self._count = 0

    def acquire(self, blocking=True, timeout=-1):
        """bool: whether the lock is held, within `timeout` seconds (-1: no limit)."""
        me = get_ident()
        if self._owner == me:
            wait_seconds(blocking, timeout)
            self._count += 1
            return True
        if not self._block.acquire(blocking, timeout):
            return False
        self._owner = me
        self._count = 1
        return True

    __enter__ = acquire

    def release(self):
        """Undo one `acquire`; RuntimeError unless the calling thread owns the lock."""
        if self._owner != get_ident():
            raise RuntimeError('cannot release un-acquired lock')
        self._count -= 1
        if not self._count:
            self._owner = None
            self._block.release()

    def __exit__(self, *exception):
        self.release()

    def __repr__(self):
        return '<%s %s.%s object owner=%r count=%d at 0x%x>' % (
            'locked' if self._block.locked() else 'unlocked',
            type(self).__module__, type(self).__name__,
            self._owner, self._count, id(self))

    # What Condition needs: give up all levels at once, and get them back.

    def _release_save(self):
        if self._owner != get_ident():
            raise RuntimeError('cannot release un-acquired lock')
        state = self._count, self._owner
        self._count, self._owner = 0, None
        self._block.release()
        return state

    def _acquire_restore(self, state):
        self._block.acquire()
        self._count, self._owner = state

    def _is_owned(self):
        return self._owner == get_ident()
