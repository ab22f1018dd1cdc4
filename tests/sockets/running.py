"""Threads of a test: results, errors, and certainty that one is blocked."""
from __future__ import absolute_import, division, print_function

from portable_server.compat import clock, threads
from tests.support.limits import scaled

LIMIT = scaled(20)          # seconds


class Running(object):
    """Calls `function` in a thread at once; `result` waits for what it returned."""

    def __init__(self, function, *arguments):
        self._outcome = []
        self._entered = threads.Event()
        self._thread = threads.Thread(target=self._run, args=(function, arguments))
        self._thread.start()
        assert self._entered.wait(LIMIT)

    def _run(self, function, arguments):
        self._entered.set()
        try:
            self._outcome.append((function(*arguments), None))
        except Exception as problem:
            self._outcome.append((None, problem))

    def result(self):
        """What the function returned; raises what it raised."""
        value, problem = self._finished()
        if problem is not None:
            raise problem
        return value

    def error(self):
        """The exception that the function raised; None if it returned."""
        return self._finished()[1]

    def _finished(self):
        self._thread.join(LIMIT)
        assert not self._thread.is_alive(), 'still blocked'
        return self._outcome[0]

    def is_blocked(self):
        """Whether it does not end by itself within a moment.

        No proof that the thread has entered the call already: a test that goes on
        then must hold in both cases, and is run many times to meet both.
        """
        self._thread.join(0.05)
        return self._thread.is_alive()


def receive_all(connection, count):
    """The next `count` bytes, fewer at the end."""
    pieces = []
    while count:
        piece = connection.recv(min(count, 65536))
        if not piece:
            break
        count -= len(piece)
        pieces.append(piece)
    return b''.join(pieces)


def elapsed(function, *arguments):
    """(seconds, exception or None) of a call."""
    begin = clock.monotonic()
    try:
        function(*arguments)
    except Exception as problem:
        return clock.monotonic() - begin, problem
    return clock.monotonic() - begin, None
