"""Calls in threads whose results and exceptions come back, with a limit of time."""
from __future__ import absolute_import, division, print_function

from portable_server.compat import clock, threads
from tests.support.limits import scaled

_LIMIT = scaled(30.0)       # seconds


class _Call(threads.Thread):
    """Runs `function()` and keeps what it returned or raised."""

    def __init__(self, function):
        threads.Thread.__init__(self, daemon=True)
        self._function = function
        self._value = self._error = None

    def run(self):
        try:
            self._value = self._function()
        except BaseException as error:
            self._error = error

    def result(self):
        self.join(_LIMIT)
        if self.is_alive():
            raise AssertionError('the call has not ended within %g s' % _LIMIT)
        if self._error is not None:
            raise self._error
        return self._value


def start(function):
    """A function that waits for `function()`, started now in a thread: its result."""
    call = _Call(function)
    call.start()
    return call.result


def run_in_thread(function):
    """What `function()` returns or raises in another thread."""
    return start(function)()


def run_all(functions):
    """list: what each function returns, all run at once in threads of their own."""
    return [result() for result in [start(function) for function in functions]]


def until(condition):
    """Wait for what nothing announces, such as a thread's being in a wait."""
    deadline = clock.monotonic() + _LIMIT
    while not condition():
        assert clock.monotonic() < deadline, 'not within %g s' % _LIMIT
        clock.sleep(0.001)


def timed(function):
    """(what `function()` returns, how many seconds it took)."""
    started = clock.monotonic()
    value = function()
    return value, clock.monotonic() - started
