"""Conditions that break one promise each: of `notify` and of `wait_for`."""
from __future__ import absolute_import, division, print_function

from portable_server.compat import clock
from tests.compat.mutants.right import subclasses
from tests.compat.mutants.wrong_conditions import Condition, Right


class NotifyWithoutTheLockIsSilent(Condition):
    def notify(self, n=1):
        if self.mine():
            Right.notify(self, n)


class NotifyAllWithoutTheLockIsSilent(Condition):
    def notify_all(self):
        if self.mine():
            Right.notify_all(self)


class AnothersHoldIsEnoughToNotify(Condition):
    """Whoever holds the lock, anybody may notify."""

    def __init__(self, lock=None):
        Right.__init__(self, lock)
        self.entered = 0

    def __enter__(self):
        self.entered += 1
        return Right.__enter__(self)

    def __exit__(self, kind, value, traceback):
        self.entered -= 1
        return Right.__exit__(self, kind, value, traceback)

    def notify(self, n=1):
        try:
            Right.notify(self, n)
        except RuntimeError:
            if not self.entered:
                raise


class NotifyWakesNobody(Condition):
    def notify(self, n=1):
        Right.notify(self, 0)

    def notify_all(self):
        Right.notify(self, 1000)


class NotifyWakesAll(Condition):
    def notify(self, n=1):
        Right.notify(self, n and 1000)


class NotifyWakesOneLess(Condition):
    def notify(self, n=1):
        Right.notify(self, n - 1 if n > 1 else n)


class NotifyWakesOneMore(Condition):
    def notify(self, n=1):
        Right.notify(self, n and n + 1)


class NotifyForgetsTheNumber(Condition):
    def notify(self, n=1):
        Right.notify(self, min(n, 1))

    def notify_all(self):
        Right.notify(self, 1000)


class NotifyAllWakesOne(Condition):
    def notify_all(self):
        self.notify(1)


class NotificationIsKept(Condition):
    """One that reaches nobody wakes the next that waits."""

    kept = waiting = 0

    def wait(self, timeout=None):
        if self.kept:
            self.kept -= 1
            return True
        self.waiting += 1
        try:
            return Right.wait(self, timeout)
        finally:
            self.waiting -= 1

    def notify(self, n=1):
        if n and not self.waiting:
            self.kept += 1
        Right.notify(self, n)


class NotificationGoesToOneThatGaveUp(Condition):
    gave_up = 0

    def wait(self, timeout=None):
        notified = Right.wait(self, timeout)
        self.gave_up += not notified
        return notified

    def notify(self, n=1):
        eaten = min(n, self.gave_up)
        self.gave_up -= eaten
        Right.notify(self, n - eaten)


class NotifyWakesAnothersWaiters(Condition):
    """Conditions over one lock take each other's waiters for their own."""

    made = []

    def __init__(self, lock=None):
        Right.__init__(self, lock)
        self.given = lock
        self.made.append(self)

    def notify(self, n=1):
        for other in self.made:
            if other is self or self.given is not None and other.given is self.given:
                Right.notify(other, n)


class NotifyReleasesTheLock(Condition):
    """The one notified goes on before the notifier has left."""

    def notify(self, n=1):
        Right.notify(self, n)
        if n:
            self.release()
            clock.sleep(0.05)
            self.acquire()


# Waiting for a predicate.

class PredicateIsNotAskedAgain(Condition):
    def wait_for(self, predicate, timeout=None):
        return predicate() or Right.wait(self, timeout)


class PredicateIsAskedAfterTheFirstWait(Condition):
    def wait_for(self, predicate, timeout=None):
        self.wait(timeout)
        return Right.wait_for(self, predicate, timeout)


class PredicateIsAskedWithoutTheLock(Condition):
    def wait_for(self, predicate, timeout=None):
        def asked():
            self.release()
            try:
                return predicate()
            finally:
                self.acquire()

        return Right.wait_for(self, asked, timeout)


class ValueOfThePredicateIsLost(Condition):
    def wait_for(self, predicate, timeout=None):
        return bool(Right.wait_for(self, predicate, timeout))


class PredicateTimeOutIsIgnored(Condition):
    def wait_for(self, predicate, timeout=None):
        return Right.wait_for(self, predicate)


class PredicateTimeOutIsZero(Condition):
    def wait_for(self, predicate, timeout=None):
        return Right.wait_for(self, predicate, timeout and 0)


class PredicateTimeOutIsSuccess(Condition):
    def wait_for(self, predicate, timeout=None):
        return Right.wait_for(self, predicate, timeout) or True


class PredicateTimeOutBeginsAgain(Condition):
    """Each notification gives the wait its whole time again."""

    def wait_for(self, predicate, timeout=None):
        found = predicate()
        while not found and self.wait(timeout):
            found = predicate()
        return found


class WaitForWithoutTheLockIsAccepted(Condition):
    def wait_for(self, predicate, timeout=None):
        if self.mine():
            return Right.wait_for(self, predicate, timeout)
        return predicate()


class ErrorOfThePredicateIsFalse(Condition):
    def wait_for(self, predicate, timeout=None):
        def asked():
            try:
                return predicate()
            except Exception:
                return False

        return Right.wait_for(self, asked, timeout)


CONDITION = subclasses(globals(), Condition)
