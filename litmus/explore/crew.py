"""The threads in which actors run, kept from one execution to the next.

Starting a thread costs more than a whole execution of a small test, so a thread that is done
waits for its next job.  Each waits at a baton of its own (`compat.baton`); whoever runs gives
one baton and then waits for its own, so that exactly one thread runs at any time.
"""
from __future__ import absolute_import, division, print_function

import threading

from portable_server.compat import baton, threads

_start_new_thread = threads.start_new_thread    # before an exploration replaces anything


class Worker(object):
    """A thread that runs one job after the other; `give` lets it go on, `wait` waits for that."""

    def __init__(self):
        self.wait, self.give = baton.make()
        self.job = None
        _start_new_thread(self._run, ())

    def _run(self):
        while True:
            self.wait()
            job, self.job = self.job, None
            if job is None:
                _forget_dummy()
                return
            job()


def _forget_dummy():
    """Take away the Thread that `threading.current_thread` made up for this thread.

    threading did not start it, so that it does not notice its end either (CPython before 3.13,
    PyPy): `threading.enumerate` would have one more of these for each exploration.
    """
    made_up = getattr(threading, '_DummyThread', None)
    known = getattr(threading, '_active', {})
    if made_up is not None and isinstance(known.get(threads.get_ident()), made_up):
        known.pop(threads.get_ident(), None)


class Crew(object):
    """The workers of one exploration."""

    def __init__(self):
        self._idle = []
        self.started = 0        # threads, in all

    def take(self):
        """A Worker that waits for a job; the caller sets it and gives the baton."""
        if self._idle:
            return self._idle.pop()
        self.started += 1
        return Worker()

    def back(self, worker):
        """The worker's job is about to end."""
        self._idle.append(worker)

    def dismiss(self):
        """End the threads that are idle."""
        while self._idle:
            worker = self._idle.pop()
            worker.job = None
            worker.give()
