"""Events that break one promise each."""
from __future__ import absolute_import, division, print_function

from portable_server.compat import clock
from tests.compat.mutants.right import RIGHT, subclasses, wait_for_ever

Right = RIGHT['Event']


class Event(Right):
    """A right one."""


class NewOneIsSet(Event):
    def __init__(self):
        Right.__init__(self)
        self.set()


class SetDoesNothing(Event):
    def set(self):
        pass


class SetIsSetAndCleared(Event):
    """It wakes who waits at that moment; the flag is not kept."""

    def set(self):
        Right.set(self)
        self.clear()


class SetTurnsTheFlag(Event):
    def set(self):
        self.clear() if self.is_set() else Right.set(self)


class ClearDoesNothing(Event):
    def clear(self):
        pass


class ClearWakesThoseWhoWait(Event):
    def clear(self):
        Right.set(self)
        Right.clear(self)


class SetWakesNobody(Event):
    def wait(self, timeout=None):
        if not self.is_set():
            wait_for_ever() if timeout is None else clock.sleep(timeout)
        return self.is_set()


class SetWakesOne(Event):
    waiting = 0

    def wait(self, timeout=None):
        self.waiting += 1
        if self.waiting > 1 and not self.is_set():
            wait_for_ever()
        try:
            return Right.wait(self, timeout)
        finally:
            self.waiting -= 1


class WokenThreadLooksAgain(Event):
    """Set and cleared at once: the one that waited is told that nothing was set."""

    def wait(self, timeout=None):
        Right.wait(self, timeout)
        return self.is_set()


class WaitClearsTheFlag(Event):
    def wait(self, timeout=None):
        found = Right.wait(self, timeout)
        self.clear()
        return found


class WaitWaitsThoughItIsSet(Event):
    def wait(self, timeout=None):
        if self.is_set():
            wait_for_ever() if timeout is None else clock.sleep(timeout)
        return Right.wait(self, timeout)


class WaitReturnsNone(Event):
    def wait(self, timeout=None):
        Right.wait(self, timeout)


class TimeOutIsReportedAsSet(Event):
    def wait(self, timeout=None):
        return Right.wait(self, timeout) or True


class SetIsReportedAsTimeOut(Event):
    def wait(self, timeout=None):
        return Right.wait(self, timeout) and False


class TimeOutIsIgnored(Event):
    def wait(self, timeout=None):
        return Right.wait(self)


class TimeOutIsZero(Event):
    def wait(self, timeout=None):
        return Right.wait(self, timeout and 0)


class TimeOutIsHalved(Event):
    def wait(self, timeout=None):
        return Right.wait(self, timeout and timeout / 2)


class TimeOutSetsTheFlag(Event):
    def wait(self, timeout=None):
        found = Right.wait(self, timeout)
        self.set()
        return found


class IsSetIsAlwaysFalse(Event):
    def is_set(self):
        return False

    def wait(self, timeout=None):
        return Right.wait(self, timeout)


class IsSetReturnsNothing(Event):
    def is_set(self):
        return Right.is_set(self) or None


EVENT = subclasses(globals(), Event)
