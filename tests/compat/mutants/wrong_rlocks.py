"""RLocks that break one promise each, besides those that they share with Lock."""
from __future__ import absolute_import, division, print_function

from portable_server.compat import threads
from tests.compat.mutants.right import RIGHT, subclasses, wait_for_ever
from tests.compat.mutants.wrong_locks import BOTH, Wrapped, of_kind


class Counted(Wrapped):
    """An RLock made of a right one that knows how often it was taken, and by whom."""

    kind = 'RLock'

    def __init__(self):
        Wrapped.__init__(self)
        self.count, self.owner = 0, None

    def mine(self):
        return self.right._is_owned()

    def acquire(self, blocking=True, timeout=-1):
        taken = self.right.acquire(blocking, timeout)
        if taken:
            self.count, self.owner = self.count + 1, threads.get_ident()
        return taken

    def release(self):
        if self.mine():
            self.count -= 1
        self.right.release()


class OwnerBlocks(Counted):
    def acquire(self, blocking=True, timeout=-1):
        if not self.mine():
            return Counted.acquire(self, blocking, timeout)
        if blocking and timeout == -1:
            wait_for_ever()
        return False


class OwnerBlocksWithTimeOut(Counted):
    def acquire(self, blocking=True, timeout=-1):
        return False if timeout > 0 and self.mine() \
            else Counted.acquire(self, blocking, timeout)


class OwnerCannotTry(Counted):
    def acquire(self, blocking=True, timeout=-1):
        return False if not blocking and self.mine() \
            else Counted.acquire(self, blocking, timeout)


class OwnerIsToldNone(Counted):
    def acquire(self, blocking=True, timeout=-1):
        again = self.mine()
        taken = Counted.acquire(self, blocking, timeout)
        return None if again else taken


class LevelsAreNotCounted(Counted):
    """One release frees it, and the others are taken for late ones."""

    def release(self):
        if not self.mine():
            if self.owner == threads.get_ident():
                return
            raise RuntimeError
        while self.count:
            Counted.release(self)


class OneReleaseTooManyIsNeeded(Counted):
    def acquire(self, blocking=True, timeout=-1):
        if not self.mine() and Counted.acquire(self, blocking, timeout):
            self.right.acquire()
            return True
        return Counted.acquire(self, blocking, timeout)


class AnotherMayRelease(Counted):
    """Not even the owner's thread is asked: the lock is made again."""

    def release(self):
        if self.count and not self.mine():
            self.count -= 1
            if not self.count:
                self.right = RIGHT['RLock']()
        else:
            Counted.release(self)


class RefusedReleaseLowersTheCount(Counted):
    """Another thread's release is an error, and undoes one level all the same."""

    stolen = 0

    def release(self):
        if self.count and not self.mine():
            self.stolen += 1
        Counted.release(self)
        while self.stolen and self.mine():
            self.stolen -= 1
            Counted.release(self)


RLOCK = [of_kind('RLock', wrong) for wrong in BOTH] + subclasses(globals(), Counted)
