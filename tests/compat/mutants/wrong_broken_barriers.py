"""Barriers that break one promise each: of `abort`, `reset`, and what they tell of themselves."""
from __future__ import absolute_import, division, print_function

from portable_server.compat import threads
from tests.compat.mutants.right import RIGHT, subclasses
from tests.compat.mutants.wrong_barriers import Barrier, Right


class AbortIsReset(Barrier):
    def abort(self):
        self.reset()


class AbortDoesNothing(Barrier):
    def abort(self):
        pass


class AbortLeavesThoseWhoWait(Barrier):
    """Only later ones are sent away."""

    aborted = False

    def abort(self):
        self.aborted = True

    @property
    def broken(self):
        return self.aborted or Right.broken.fget(self)

    def wait(self, timeout=None):
        if self.aborted:
            raise threads.BrokenBarrierError
        return Right.wait(self, timeout)


class ResetDoesNotMend(Barrier):
    def reset(self):
        if not self.broken:
            Right.reset(self)


class ResetBreaks(Barrier):
    def reset(self):
        self.abort()


class ResetOfOneThatIsEmptyBreaks(Barrier):
    def reset(self):
        if self.n_waiting or self.broken:
            Right.reset(self)
        else:
            self.abort()


class ResetLeavesThoseWhoWait(Barrier):
    def reset(self):
        if not self.n_waiting:
            Right.reset(self)


class ResetLetsThroughThoseWhoWait(Barrier):
    was_reset = False

    def reset(self):
        self.was_reset = True
        Right.reset(self)

    def wait(self, timeout=None):
        try:
            return Right.wait(self, timeout)
        except threads.BrokenBarrierError:
            if self.was_reset and not self.broken:
                return 0
            raise


class BrokenOneIsWaitedAt(Barrier):
    def wait(self, timeout=None):
        if self.broken:
            RIGHT['Event']().wait()
        return Right.wait(self, timeout)


class BrokenOneMendsItself(Barrier):
    def wait(self, timeout=None):
        if self.broken:
            self.reset()
        return Right.wait(self, timeout)


class NobodyIsCountedAsWaiting(Barrier):
    @property
    def n_waiting(self):
        return 0


class ThoseWhoPassedAreCountedAsWaiting(Barrier):
    passed = 0

    def wait(self, timeout=None):
        index = Right.wait(self, timeout)
        self.passed += 1
        return index

    @property
    def n_waiting(self):
        return Right.n_waiting.fget(self) + self.passed


class PartiesAreThoseStillMissing(Barrier):
    @property
    def parties(self):
        return Right.parties.fget(self) - self.n_waiting


class IsNeverCalledBroken(Barrier):
    @property
    def broken(self):
        return False


BARRIER = subclasses(globals(), Barrier)
