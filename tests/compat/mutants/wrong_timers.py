"""Timers that break one promise each."""
from __future__ import absolute_import, division, print_function

from portable_server.compat import clock, threads
from tests.compat.mutants.right import RIGHT, subclasses

Right = RIGHT['Timer']
_SHARED_LIST, _SHARED_DICT = [], {}


class Timer(Right):
    """A right one."""


class CallsAtOnce(Timer):
    def __init__(self, interval, function, args=None, kwargs=None):
        Right.__init__(self, 0, function, args, kwargs)


class CallsAfterHalfTheTime(Timer):
    def __init__(self, interval, function, args=None, kwargs=None):
        Right.__init__(self, interval / 2, function, args, kwargs)


class NeverCalls(Timer):
    def __init__(self, interval, function, args=None, kwargs=None):
        Right.__init__(self, interval, lambda *args, **kwargs: None)


class CallsTwice(Timer):
    def __init__(self, interval, function, args=None, kwargs=None):
        def twice(*args, **kwargs):
            function(*args, **kwargs)
            function(*args, **kwargs)

        Right.__init__(self, interval, twice, args, kwargs)


class ArgumentsAreLost(Timer):
    def __init__(self, interval, function, args=None, kwargs=None):
        Right.__init__(self, interval, function, None, kwargs)


class KeywordsAreLost(Timer):
    def __init__(self, interval, function, args=None, kwargs=None):
        Right.__init__(self, interval, function, args)


class DefaultsAreShared(Timer):
    def __init__(self, interval, function, args=_SHARED_LIST, kwargs=_SHARED_DICT):
        Right.__init__(self, interval, function, args, kwargs)


class CancelDoesNothing(Timer):
    def cancel(self):
        pass


class CancelWaitsForTheCall(Timer):
    """The call is left out, at the time when it would have come."""

    cancelled = False

    def __init__(self, interval, function, args=None, kwargs=None):
        def unless(*args, **kwargs):
            if not self.cancelled:
                function(*args, **kwargs)

        Right.__init__(self, interval, unless, args, kwargs)

    def cancel(self):
        self.cancelled = True


class CancelCalls(Timer):
    def cancel(self):
        Right.cancel(self)
        self.function(*self.args, **self.kwargs)


class CancelAfterTheCallRaises(Timer):
    def cancel(self):
        if not self.is_alive():
            raise RuntimeError
        Right.cancel(self)


class CancelBeforeTheStartIsForgotten(Timer):
    def cancel(self):
        if self.is_alive():
            Right.cancel(self)


class CallsInTheThreadThatStartsIt(Timer):
    def start(self):
        clock.sleep(self.interval)
        self.function(*self.args, **self.kwargs)
        self.cancel()
        Right.start(self)


class StartWaitsForTheCall(Timer):
    def start(self):
        Right.start(self)
        self.join()


class CallsInAThirdThread(Timer):
    def __init__(self, interval, function, args=None, kwargs=None):
        def apart(*args, **kwargs):
            threads.Thread(target=function, args=args, kwargs=kwargs).start()

        Right.__init__(self, interval, apart, args, kwargs)


TIMER = subclasses(globals(), Timer)
