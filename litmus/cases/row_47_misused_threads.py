"""Row 47: a thread is started once, joined by others, and a daemon or not from the start.

Each misuse is a RuntimeError on every interpreter. ``join`` to oneself would wait for
ever; a thread that has run cannot run again: make a new one for each job, or give the
jobs to a thread that lives longer, through a Queue.

Source: library/threading: Thread.start, Thread.join, Thread.daemon.
"""
from __future__ import absolute_import, division, print_function

from portable_server.compat import threads
from portable_server.litmus import Case, actor, expect

LIMIT = 10.0    # seconds that no wait in here should need


class StartedTwice(Case):
    """A thread that runs is started again."""

    rows = (47,)
    expectations = (expect('raises RuntimeError', 'A', 'library/threading: Thread.start'),)
    batch = 10

    def __init__(self):
        self.done = threads.Event()

    def misuse(self, thread):
        thread.start()

    @actor
    def program(self):
        thread = threads.Thread(target=self.done.wait, args=(LIMIT,))
        thread.start()
        try:
            self.misuse(thread)
        finally:
            self.done.set()
            thread.join(LIMIT)

    def observe(self):
        return 'no exception'


class DaemonWhileAlive(StartedTwice):
    """A thread that runs is made a daemon."""

    expectations = (expect('raises RuntimeError', 'A', 'library/threading: Thread.daemon'),)

    def misuse(self, thread):
        thread.daemon = True


class StartedAfterItsEnd(StartedTwice):
    """A thread that has ended is started again."""

    def misuse(self, thread):
        self.done.set()
        thread.join(LIMIT)
        thread.start()


class JoinsItself(StartedTwice):
    """A thread waits for its own end."""

    expectations = (expect('raises RuntimeError', 'A', 'library/threading: Thread.join'),)

    @actor
    def program(self):
        threads.current_thread().join()


class JoinedBeforeStart(JoinsItself):
    """A thread that has not been started is waited for."""

    @actor
    def program(self):
        threads.Thread(target=self.done.wait).join()
