"""Semaphores that break one promise each: both kinds, then the bounded one alone."""
from __future__ import absolute_import, division, print_function

from portable_server.compat import threads
from tests.compat.mutants.right import RIGHT, subclasses, wait_for_ever

Right, Bounded = RIGHT['Semaphore'], RIGHT['BoundedSemaphore']


class Either(object):
    """Comes before the right class of either kind."""


class BeginsWithNone(Either):
    def __init__(self, value=1):
        super(BeginsWithNone, self).__init__(value)
        while self.acquire(False):
            pass


class BeginsWithOneMore(Either):
    def __init__(self, value=1):
        super(BeginsWithOneMore, self).__init__(value + 1)


class BeginsWithOneLess(Either):
    def __init__(self, value=1):
        super(BeginsWithOneLess, self).__init__(value - 1 if value > 1 else value)


class DefaultIsTwo(Either):
    def __init__(self, value=2):
        super(DefaultIsTwo, self).__init__(value)


class DefaultIsZero(Either):
    def __init__(self, value=0):
        super(DefaultIsZero, self).__init__(value)


class NegativeBeginningIsAccepted(Either):
    def __init__(self, value=1):
        super(NegativeBeginningIsAccepted, self).__init__(max(0, value))


class AcquireTakesNothing(Either):
    def acquire(self, blocking=True, timeout=None):
        taken = super(AcquireTakesNothing, self).acquire(blocking, timeout)
        if taken:
            self.release()
        return taken


class AcquireReturnsNone(Either):
    def acquire(self, blocking=True, timeout=None):
        super(AcquireReturnsNone, self).acquire(blocking, timeout)


class FailureReturnsNone(Either):
    def acquire(self, blocking=True, timeout=None):
        return super(FailureReturnsNone, self).acquire(blocking, timeout) or None


class NonBlockingBlocks(Either):
    def acquire(self, blocking=True, timeout=None):
        return super(NonBlockingBlocks, self).acquire(True, timeout)


class NonBlockingAlwaysSucceeds(Either):
    def acquire(self, blocking=True, timeout=None):
        return super(NonBlockingAlwaysSucceeds, self).acquire(blocking, timeout) or not blocking


class NonBlockingNeverSucceeds(Either):
    def acquire(self, blocking=True, timeout=None):
        return blocking and super(NonBlockingNeverSucceeds, self).acquire(blocking, timeout)


class TimeOutIsIgnored(Either):
    def acquire(self, blocking=True, timeout=None):
        return super(TimeOutIsIgnored, self).acquire(blocking)


class TimeOutIsZero(Either):
    def acquire(self, blocking=True, timeout=None):
        return super(TimeOutIsZero, self).acquire(blocking, timeout and 0)


class TimeOutIsHalved(Either):
    def acquire(self, blocking=True, timeout=None):
        return super(TimeOutIsHalved, self).acquire(blocking, timeout and timeout / 2)


class TimeOutIsSuccess(Either):
    def acquire(self, blocking=True, timeout=None):
        return super(TimeOutIsSuccess, self).acquire(blocking, timeout) or bool(timeout)


class TimeOutWithoutBlockingIsAccepted(Either):
    def acquire(self, blocking=True, timeout=None):
        return super(TimeOutWithoutBlockingIsAccepted, self).acquire(
            blocking, timeout if blocking else None)


class OneThatGaveUpTakesTheNext(Either):
    debt = 0

    def acquire(self, blocking=True, timeout=None):
        taken = super(OneThatGaveUpTakesTheNext, self).acquire(blocking, timeout)
        self.debt += timeout is not None and not taken
        return taken

    def release(self):
        if self.debt:
            self.debt -= 1
        else:
            super(OneThatGaveUpTakesTheNext, self).release()


class WaiterIsForgotten(Either):
    def acquire(self, blocking=True, timeout=None):
        taken = super(WaiterIsForgotten, self).acquire(
            blocking and timeout is not None, timeout)
        if blocking and timeout is None and not taken:
            wait_for_ever()
        return taken


class WaiterTakesNothing(Either):
    """A release lets in the one that waits, and there is as much as before."""

    def acquire(self, blocking=True, timeout=None):
        if super(WaiterTakesNothing, self).acquire(False):
            return True
        taken = super(WaiterTakesNothing, self).acquire(blocking, timeout)
        if taken:
            self.release()
        return taken


class ReleaseGivesNothing(Either):
    def release(self):
        pass


class ReleaseByAnotherIsRefused(Either):
    owner = None

    def acquire(self, blocking=True, timeout=None):
        self.owner = threads.get_ident()
        return super(ReleaseByAnotherIsRefused, self).acquire(blocking, timeout)

    def release(self):
        if self.owner not in (None, threads.get_ident()):
            raise RuntimeError
        super(ReleaseByAnotherIsRefused, self).release()


class ExitKeepsIt(Either):
    def __exit__(self, kind, value, traceback):
        pass


class ExitKeepsItAfterAnException(Either):
    def __exit__(self, kind, value, traceback):
        if kind is None:
            self.release()


class ExitSwallowsTheException(Either):
    def __exit__(self, kind, value, traceback):
        self.release()
        return True


class EnterDoesNotAcquire(Either):
    def __enter__(self):
        return True

    def __exit__(self, kind, value, traceback):
        pass


def _of(right, wrong):
    return type(wrong.__name__, (wrong, right), {})


_EITHER = subclasses(globals(), Either)


class ReleaseGivesTwo(Right):
    def release(self):
        Right.release(self)
        Right.release(self)


class IsBounded(Bounded):
    """The plain one refuses what goes beyond the beginning."""


class IsNotBounded(Right):
    """The bounded one is not."""


class ExcessRaisesAnother(Bounded):
    def release(self):
        try:
            Bounded.release(self)
        except ValueError:
            raise RuntimeError


class ExcessIsSilent(Bounded):
    def release(self):
        try:
            Bounded.release(self)
        except ValueError:
            pass


class ExcessIsGivenAllTheSame(Right):
    """The bounded one complains, and has one more."""

    def __init__(self, value=1):
        Right.__init__(self, value)
        self.out = 0

    def acquire(self, blocking=True, timeout=None):
        taken = Right.acquire(self, blocking, timeout)
        self.out += taken
        return taken

    __enter__ = acquire

    def release(self):
        self.out -= 1
        Right.release(self)
        if self.out < 0:
            raise ValueError


class BoundIsOneHigher(Bounded):
    def __init__(self, value=1):
        Bounded.__init__(self, value + 1 if value >= 0 else value)
        self.acquire()


class BoundIsOneLower(Bounded):
    out = 0

    def acquire(self, blocking=True, timeout=None):
        taken = Bounded.acquire(self, blocking, timeout)
        self.out += taken
        return taken

    def release(self):
        if self.out == 1:
            raise ValueError
        self.out -= 1
        Bounded.release(self)


SEMAPHORE = [_of(Right, wrong) for wrong in _EITHER] + [ReleaseGivesTwo, IsBounded]
BOUNDED = [_of(Bounded, wrong) for wrong in _EITHER] + [
    IsNotBounded, ExcessRaisesAnother, ExcessIsSilent, ExcessIsGivenAllTheSame,
    BoundIsOneHigher, BoundIsOneLower]
