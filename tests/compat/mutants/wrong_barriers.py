"""Barriers that break one promise each."""
from __future__ import absolute_import, division, print_function

from portable_server.compat import threads
from tests.compat.mutants.right import RIGHT, subclasses

Right = RIGHT['Barrier']


class Barrier(Right):
    """A right one, whose arguments can be looked up."""

    def __init__(self, parties, action=None, timeout=None):
        Right.__init__(self, parties, action, timeout)
        self.given = parties, action, timeout


class LetsOneFewerThrough(Barrier):
    def __init__(self, parties, action=None, timeout=None):
        Barrier.__init__(self, max(1, parties - 1), action, timeout)


class WaitsForOneMore(Barrier):
    def __init__(self, parties, action=None, timeout=None):
        Barrier.__init__(self, parties + 1, action, timeout)

    @property
    def parties(self):
        return self.given[0] - 1


class LetsAllThrough(Barrier):
    def wait(self, timeout=None):
        return 0


class EverybodyIsZero(Barrier):
    def wait(self, timeout=None):
        Right.wait(self, timeout)
        return 0


class CountsFromOne(Barrier):
    def wait(self, timeout=None):
        return Right.wait(self, timeout) + 1


class ServesOnce(Barrier):
    """It stays open when all have passed."""

    passed = False

    def wait(self, timeout=None):
        if self.passed:
            return 0
        index = Right.wait(self, timeout)
        self.passed = True
        return index


class BreaksWhenAllHavePassed(Barrier):
    served = 0

    def wait(self, timeout=None):
        if self.served >= self.given[0]:
            self.abort()
        index = Right.wait(self, timeout)
        self.served += 1
        return index


class ActionIsNotCalled(Barrier):
    def __init__(self, parties, action=None, timeout=None):
        Barrier.__init__(self, parties, None, timeout)


class ActionIsCalledByAll(Barrier):
    def wait(self, timeout=None):
        index = Right.wait(self, timeout)
        if index and self.given[1]:
            self.given[1]()
        return index


class ActionIsCalledOnce(Barrier):
    def __init__(self, parties, action=None, timeout=None):
        def once():
            if not self.called:
                self.called.append(True)
                action()

        self.called = []
        Barrier.__init__(self, parties, action and once, timeout)


class ActionIsCalledLate(Barrier):
    """After the others were let through."""

    def __init__(self, parties, action=None, timeout=None):
        Barrier.__init__(self, parties, None, timeout)
        self.late = action

    def wait(self, timeout=None):
        index = Right.wait(self, timeout)
        if self.late and index == self.parties - 1:
            RIGHT['Event']().wait(0.05)
            self.late()
        return index


class ActionIsCalledByAThirdThread(Barrier):
    def __init__(self, parties, action=None, timeout=None):
        def apart():
            thread = threads.Thread(target=action)
            thread.start()
            thread.join()

        Barrier.__init__(self, parties, action and apart, timeout)


class FailureOfTheActionIsSwallowed(Barrier):
    def __init__(self, parties, action=None, timeout=None):
        def careful():
            try:
                action()
            except Exception:
                pass

        Barrier.__init__(self, parties, action and careful, timeout)


class FailureOfTheActionDoesNotBreak(Barrier):
    failure = None

    def __init__(self, parties, action=None, timeout=None):
        def careful():
            try:
                action()
            except Exception as error:
                self.failure = error

        Barrier.__init__(self, parties, action and careful, timeout)

    def wait(self, timeout=None):
        index = Right.wait(self, timeout)
        if self.failure and index == self.parties - 1:
            raise self.failure
        return index


class FailureOfTheActionIsCalledBroken(Barrier):
    """Its own error is lost."""

    def wait(self, timeout=None):
        try:
            return Right.wait(self, timeout)
        except Exception:
            raise threads.BrokenBarrierError


class TimeOutIsIgnored(Barrier):
    def wait(self, timeout=None):
        return Right.wait(self)


class TimeOutIsZero(Barrier):
    def wait(self, timeout=None):
        return Right.wait(self, timeout and 0)


class TimeOutIsHalved(Barrier):
    def wait(self, timeout=None):
        return Right.wait(self, timeout and timeout / 2)


class OwnTimeOutIsIgnored(Barrier):
    def __init__(self, parties, action=None, timeout=None):
        Barrier.__init__(self, parties, action)


class OwnTimeOutComesFirst(Barrier):
    def wait(self, timeout=None):
        return Right.wait(self, timeout if self.given[2] is None else self.given[2])


class TimeOutRaisesAnother(Barrier):
    def wait(self, timeout=None):
        try:
            return Right.wait(self, timeout)
        except threads.BrokenBarrierError:
            raise ValueError


class TimeOutReturns(Barrier):
    def wait(self, timeout=None):
        try:
            return Right.wait(self, timeout)
        except threads.BrokenBarrierError:
            if timeout is None:
                raise
            return 0


class TimeOutDoesNotBreak(Barrier):
    def wait(self, timeout=None):
        try:
            return Right.wait(self, timeout)
        except threads.BrokenBarrierError:
            if timeout is not None:
                self.reset()
            raise


class TimeOutOfOneLeavesTheOthers(Barrier):
    """Who waits with the one whose time is up waits on."""

    def wait(self, timeout=None):
        try:
            return Right.wait(self, timeout)
        except threads.BrokenBarrierError:
            if timeout is None:
                RIGHT['Event']().wait()
            raise


BARRIER = subclasses(globals(), Barrier)
