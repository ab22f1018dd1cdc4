"""Locks that break one promise each: what both kinds share, then Lock's own."""
from __future__ import absolute_import, division, print_function

from portable_server.compat import clock, threads
from tests.compat.mutants.right import RIGHT, subclasses, wait_for_ever


class Wrapped(object):
    """A right lock inside, and all calls handed on."""

    kind = 'Lock'

    def __init__(self):
        self.right = RIGHT[self.kind]()

    def acquire(self, blocking=True, timeout=-1):
        return self.right.acquire(blocking, timeout)

    def release(self):
        return self.right.release()

    def locked(self):
        return self.right.locked()

    def __enter__(self):
        return self.acquire()

    def __exit__(self, kind, value, traceback):
        self.release()

    def __repr__(self):
        return repr(self.right)

    # Only an RLock has these, which a Condition asks for.

    def _is_owned(self):
        return self.right._is_owned()

    def _release_save(self):
        return self.right._release_save()

    def _acquire_restore(self, state):
        self.right._acquire_restore(state)


class NewOneIsHeld(Wrapped):
    def __init__(self):
        Wrapped.__init__(self)
        threads.Thread(target=self.right.acquire, daemon=True).start()
        clock.sleep(0.01)


class NeverExcludes(Wrapped):
    def acquire(self, blocking=True, timeout=-1):
        self.right.acquire(False)
        return True

    def release(self):
        try:
            self.right.release()
        except RuntimeError:
            pass


class NonBlockingBlocks(Wrapped):
    def acquire(self, blocking=True, timeout=-1):
        return self.right.acquire(True, timeout)


class NonBlockingAlwaysSucceeds(Wrapped):
    def acquire(self, blocking=True, timeout=-1):
        return self.right.acquire(blocking, timeout) or not blocking


class NonBlockingNeverSucceeds(Wrapped):
    def acquire(self, blocking=True, timeout=-1):
        return bool(blocking) and self.right.acquire(True, timeout)


class AcquireReturnsNone(Wrapped):
    def acquire(self, blocking=True, timeout=-1):
        return self.right.acquire(blocking, timeout) and None


class FailureReturnsNone(Wrapped):
    def acquire(self, blocking=True, timeout=-1):
        return self.right.acquire(blocking, timeout) or None


class TimeOutIsIgnored(Wrapped):
    def acquire(self, blocking=True, timeout=-1):
        return self.right.acquire(blocking)


class TimeOutIsZero(Wrapped):
    def acquire(self, blocking=True, timeout=-1):
        return self.right.acquire(blocking and timeout < 0)


class TimeOutIsHalved(Wrapped):
    def acquire(self, blocking=True, timeout=-1):
        return self.right.acquire(blocking, timeout / 2 if timeout > 0 else timeout)


class TimeOutIsSuccess(Wrapped):
    def acquire(self, blocking=True, timeout=-1):
        return self.right.acquire(blocking, timeout) or timeout > 0


class TimedWaiterSleepsOn(Wrapped):
    """A release does not end the wait of one with a time-out."""

    def acquire(self, blocking=True, timeout=-1):
        if timeout <= 0 or self.right.acquire(False):
            return timeout > 0 or self.right.acquire(blocking, timeout)
        clock.sleep(timeout)
        return self.right.acquire(False)


class MinusOneIsZero(Wrapped):
    def acquire(self, blocking=True, timeout=None):
        if timeout is None:
            return self.right.acquire(blocking)
        return self.right.acquire(*((False,) if timeout == -1 else (blocking, timeout)))


class TimeOutWithoutBlockingIsAccepted(Wrapped):
    def acquire(self, blocking=True, timeout=-1):
        return self.right.acquire(blocking, timeout) if blocking else self.right.acquire(False)


class NegativeTimeOutIsAccepted(Wrapped):
    def acquire(self, blocking=True, timeout=-1):
        return self.right.acquire(blocking, max(timeout, -1))


class HugeTimeOutIsAccepted(Wrapped):
    def acquire(self, blocking=True, timeout=-1):
        return self.right.acquire(blocking, min(timeout, threads.TIMEOUT_MAX))


class WaiterIsForgotten(Wrapped):
    def acquire(self, blocking=True, timeout=-1):
        if blocking and timeout == -1:
            return self.right.acquire(False) or wait_for_ever()
        return self.right.acquire(blocking, timeout)


class WaiterGetsInWithoutTheLock(Wrapped):
    """A release lets everybody in who waits."""

    def acquire(self, blocking=True, timeout=-1):
        if self.right.acquire(False):
            return True
        taken = self.right.acquire(blocking, timeout)
        if taken:
            self.right.release()
        return taken

    def release(self):
        try:
            self.right.release()
        except RuntimeError:
            pass


class ReleaseOfUnheldIsSilent(Wrapped):
    def release(self):
        try:
            self.right.release()
        except RuntimeError:
            pass


class ReleaseOfUnheldRaisesAnother(Wrapped):
    def release(self):
        try:
            self.right.release()
        except RuntimeError:
            raise ValueError


class FailedReleaseLetsOneIn(Wrapped):
    extra = 0

    def acquire(self, blocking=True, timeout=-1):
        if self.extra and not self.right.acquire(False):
            self.extra -= 1
            return True
        return self.right.acquire(blocking, timeout)

    def release(self):
        try:
            self.right.release()
        except RuntimeError:
            self.extra += 1
            raise


class ReleaseReturnsTrue(Wrapped):
    def release(self):
        self.right.release()
        return True


class ReleaseDoesNothing(Wrapped):
    def release(self):
        pass


class ExitKeepsIt(Wrapped):
    def __exit__(self, kind, value, traceback):
        pass


class ExitKeepsItAfterAnException(Wrapped):
    def __exit__(self, kind, value, traceback):
        if kind is None:
            self.release()


class ExitSwallowsTheException(Wrapped):
    def __exit__(self, kind, value, traceback):
        self.release()
        return True


class EnterDoesNotAcquire(Wrapped):
    def __enter__(self):
        return True

    def __exit__(self, kind, value, traceback):
        pass


class EnterOnlyTries(Wrapped):
    def __enter__(self):
        return self.acquire(False)

    def __exit__(self, kind, value, traceback):
        try:
            self.release()
        except RuntimeError:
            pass


class ReprSaysFree(Wrapped):
    def __repr__(self):
        return repr(self.right).replace('<locked', '<unlocked')


class KeywordsAreRefused(Wrapped):
    def acquire(self, *arguments):
        return self.right.acquire(*arguments)


def of_kind(kind, wrong):
    return type(wrong.__name__, (wrong,), {'kind': kind})


BOTH = subclasses(globals(), Wrapped)


class ReleaseByAnotherIsRefused(Wrapped):
    owner = None

    def acquire(self, blocking=True, timeout=-1):
        taken = self.right.acquire(blocking, timeout)
        if taken:
            self.owner = threads.get_ident()
        return taken

    def release(self):
        if self.right.locked() and self.owner != threads.get_ident():
            raise RuntimeError
        self.right.release()


class OwnerGetsInAgain(ReleaseByAnotherIsRefused):
    def acquire(self, blocking=True, timeout=-1):
        mine = self.right.locked() and self.owner == threads.get_ident()
        return mine or ReleaseByAnotherIsRefused.acquire(self, blocking, timeout)

    def release(self):
        self.right.release()


class LockedIsAlwaysFalse(Wrapped):
    def locked(self):
        return False


class LockedIsAlwaysTrue(Wrapped):
    def locked(self):
        return True


LOCK = [of_kind('Lock', wrong) for wrong in BOTH] + [
    ReleaseByAnotherIsRefused, OwnerGetsInAgain, LockedIsAlwaysFalse, LockedIsAlwaysTrue]
