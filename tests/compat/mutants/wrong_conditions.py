"""Conditions that break one promise each: of their lock, and of `wait`."""
from __future__ import absolute_import, division, print_function

from portable_server.compat import clock
from tests.compat.mutants.right import RIGHT, subclasses, wait_for_ever

Right = RIGHT['Condition']


class Condition(Right):
    """A right one, that can say whether the calling thread holds its lock."""

    def mine(self):
        try:
            Right.notify(self, 0)
        except RuntimeError:
            return False
        return True

    def held_twice(self):
        self.release()
        twice = self.mine()
        self.acquire()
        return twice


# Whose lock it is.

class DefaultLockIsNotReentrant(Condition):
    def __init__(self, lock=None):
        Right.__init__(self, RIGHT['Lock']() if lock is None else lock)


class LockGivenIsNotUsed(Condition):
    def __init__(self, lock=None):
        Right.__init__(self)


class DefaultLockIsShared(Condition):
    lock = RIGHT['RLock']()

    def __init__(self, lock=None):
        Right.__init__(self, self.lock if lock is None else lock)


class _Covered(Condition):
    """`acquire` and `release` are attributes of the object: here they are replaced."""

    def __init__(self, lock=None):
        Right.__init__(self, lock)
        self.right_acquire, self.right_release = self.acquire, self.release
        self.acquire, self.release = self.wrong_acquire, self.wrong_release

    def wrong_acquire(self, *arguments, **keywords):
        return self.right_acquire(*arguments, **keywords)

    def wrong_release(self):
        return self.right_release()


class ArgumentsOfAcquireAreLost(_Covered):
    def wrong_acquire(self, *arguments, **keywords):
        return self.right_acquire()


class AcquireReturnsNone(_Covered):
    def wrong_acquire(self, *arguments, **keywords):
        self.right_acquire(*arguments, **keywords)


class ReleaseOfUnheldIsSilent(_Covered):
    def wrong_release(self):
        try:
            self.right_release()
        except RuntimeError:
            pass


class ExitKeepsIt(Condition):
    def __exit__(self, kind, value, traceback):
        pass


class ExitKeepsItAfterAnException(Condition):
    def __exit__(self, kind, value, traceback):
        if kind is None:
            Right.__exit__(self, kind, value, traceback)


class ExitSwallowsTheException(Condition):
    def __exit__(self, kind, value, traceback):
        Right.__exit__(self, kind, value, traceback)
        return True


class EnterDoesNotAcquire(Condition):
    def __enter__(self):
        return True

    def __exit__(self, kind, value, traceback):
        pass


# Waiting.

class WaitWithoutTheLockReturnsFalse(Condition):
    def wait(self, timeout=None):
        return self.mine() and Right.wait(self, timeout)


class WaitWithoutTheLockRaisesAnother(Condition):
    def wait(self, timeout=None):
        if not self.mine():
            raise ValueError
        return Right.wait(self, timeout)


class WaitKeepsTheLock(Condition):
    def wait(self, timeout=None):
        if timeout is None or timeout > 1:
            assert self.mine() or Right.wait(self)
            wait_for_ever()
        return Right.wait(self, timeout)


class WaitGivesUpOneLevelOnly(Condition):
    def wait(self, timeout=None):
        if self.mine() and self.held_twice():
            wait_for_ever()
        return Right.wait(self, timeout)


class WaitTakesOneLevelOnly(Condition):
    def wait(self, timeout=None):
        twice = self.mine() and self.held_twice()
        notified = Right.wait(self, timeout)
        if twice:
            self.release()
        return notified


class WaitReturnsWithoutTheLock(Condition):
    def wait(self, timeout=None):
        notified = Right.wait(self, timeout)
        if notified:
            self.release()
        return notified


class TimeOutReturnsWithoutTheLock(Condition):
    def wait(self, timeout=None):
        notified = Right.wait(self, timeout)
        if not notified:
            self.release()
        return notified


class TimeOutIsReportedAsNotified(Condition):
    def wait(self, timeout=None):
        Right.wait(self, timeout)
        return True


class NotifiedIsReportedAsTimeOut(Condition):
    def wait(self, timeout=None):
        Right.wait(self, timeout)
        return False


class WaitReturnsNone(Condition):
    def wait(self, timeout=None):
        Right.wait(self, timeout)


class TimeOutIsIgnored(Condition):
    def wait(self, timeout=None):
        return Right.wait(self)


class TimeOutIsZero(Condition):
    def wait(self, timeout=None):
        return Right.wait(self, timeout and 0)


class TimeOutIsHalved(Condition):
    def wait(self, timeout=None):
        return Right.wait(self, timeout and timeout / 2)


class ZeroWaitsForEver(Condition):
    def wait(self, timeout=None):
        return Right.wait(self, timeout or None)


class NegativeWaitsForEver(Condition):
    def wait(self, timeout=None):
        return Right.wait(self, None if timeout is not None and timeout < 0 else timeout)


class NotificationDoesNotEndATimedWait(Condition):
    def wait(self, timeout=None):
        if timeout is None or timeout <= 0:
            return Right.wait(self, timeout)
        deadline, notified = clock.monotonic() + timeout, False
        while clock.monotonic() < deadline:
            notified = Right.wait(self, deadline - clock.monotonic()) or notified
        return notified


# Notifying.


CONDITION = [wrong for wrong in subclasses(globals(), Condition) if wrong.__name__[0] != '_']
