"""Every interleaving of a few threads at their lock points, one after the other.

Stress finds a race by luck; this finds it by exhaustion, for a small bound.  The
threads are real, but only one runs at a time: at each *point* (taking a lock, waiting
on a Condition) it stops, and :func:`explore` chooses who goes
on.  A run is repeated from its beginning with other choices until every choice was
made once (depth first, "stateless model checking" as in VeriSoft, Godefroid 1997).
State marked with :func:`marked` must only be touched by the holder of the lock; where
the lock was dropped on purpose, each touch is a point.
A lock that is free and two threads that want it are two schedules; a state in which
nobody can go on is a deadlock and fails the run.

The class under test takes its ``Lock`` and ``Condition`` from a :class:`Run`; so the
code is the code of the server, and no sleep decides anything.
"""
from __future__ import absolute_import, division, print_function

from portable_server.compat import threads
from tests.support.limits import scaled

LIMIT = scaled(30.0)    # seconds that one step may take before the scheduler gives up


class Violation(AssertionError):
    """A schedule in which something went wrong; ``choices`` makes it happen again."""

    def __init__(self, text, choices):
        AssertionError.__init__(self, '%s (schedule %s)' % (text, choices))
        self.choices = choices


class _Abandoned(Exception):
    """Unwinds the threads of a run that was given up."""


class _Baton(object):
    """Given by one thread, taken by another."""

    def __init__(self):
        self._given = threads.Semaphore(0)

    def give(self):
        self._given.release()

    def take(self, seconds=LIMIT):
        return self._given.acquire(True, seconds)


class _Actor(object):
    def __init__(self, run, action):
        self.run = run
        self.action = action
        self.go = _Baton()
        self.wants = None
        self.waits = None
        self.finished = False
        self.error = None
        self.thread = threads.Thread(target=self._main)
        self.thread.daemon = True

    def _main(self):
        self.go.take()
        try:
            self.run.check_abandoned()
            self.action()
        except _Abandoned:
            pass
        except Exception as error:
            self.error = error
        self.finished = True
        self.run.back.give()

    def can_go(self):
        if self.finished or self.waits is not None:
            return False
        return self.wants is None or self.wants.owner is None


class _Lock(object):
    """A lock whose taking is a point; the scheduler sees who wants it."""

    def __init__(self, run):
        self.run = run
        self.owner = None

    def acquire(self):
        self.run.point(wants=self)
        self.owner = self.run.current

    def release(self):
        assert self.owner is self.run.current, 'released by another'
        self.owner = None

    def __enter__(self):
        self.acquire()
        return self

    def __exit__(self, *exc):
        self.release()


class _DroppedLock(_Lock):
    """A lock that somebody forgot to take: the control that must be caught."""

    def acquire(self):
        self.run.point()

    def release(self):
        pass


class _Condition(object):
    def __init__(self, run, lock):
        self.run = run
        self.lock = lock
        self.waiters = []

    def wait(self):
        actor = self.run.current
        self.waiters.append(actor)
        self.lock.release()
        actor.waits = self
        self.run.point(wants=self.lock)
        self.lock.owner = actor

    def notify(self, n=1):
        woken, self.waiters = self.waiters[:n], self.waiters[n:]
        for actor in woken:
            actor.waits = None

    def notify_all(self):
        self.notify(len(self.waiters))


class Run(object):
    """One schedule.  Also the place where the code under test gets its locks."""

    def __init__(self, choices, dropped=False):
        self._choices = choices
        self._dropped = dropped
        self._abandoned = False
        self.taken = []
        self.widths = []
        self.current = None
        self.lock = None
        self.actors = []
        self.back = _Baton()

    def Lock(self):
        self.lock = (_DroppedLock if self._dropped else _Lock)(self)
        return self.lock

    def Condition(self, lock):
        return _Condition(self, lock)

    def point(self, wants=None):
        """Let the scheduler choose who goes on; a no-op outside of the actors."""
        actor = self.current
        if actor is None:
            return
        actor.wants = wants
        self.back.give()
        actor.go.take()
        actor.wants = None
        self.check_abandoned()

    def touch(self):
        """Marked state is touched: by the holder of the lock, or it is a point."""
        if self._dropped:
            self.point()
        elif self.current is not None:
            assert self.lock.owner is self.current, 'touched without the lock'

    def check_abandoned(self):
        if self._abandoned:
            raise _Abandoned()

    def perform(self, actions):
        """Run the actions to their end under this schedule."""
        self.actors = [_Actor(self, action) for action in actions]
        try:
            for actor in self.actors:
                actor.thread.start()
            for actor in self.actors:           # up to its first point: no choice yet
                self._let_go(actor)
            while not all(actor.finished for actor in self.actors):
                self._step()
        finally:
            self._end()

    def _step(self):
        ready = [actor for actor in self.actors if actor.can_go()]
        if not ready:
            raise Violation('deadlock', self.taken)
        depth = len(self.taken)
        choice = self._choices[depth] if depth < len(self._choices) else 0
        self.taken.append(choice)
        self.widths.append(len(ready))
        self._let_go(ready[choice])

    def _let_go(self, actor):
        self.current = actor
        actor.go.give()
        assert self.back.take(LIMIT), 'an actor is stuck outside of the points'
        if self.current.error is not None:
            raise Violation(repr(self.current.error), self.taken)

    def _end(self):
        self._abandoned = True
        for actor in self.actors:
            if not actor.finished:      # unwinds it; then it gives the baton back
                self.current = actor
                actor.go.give()
                self.back.take()
            actor.thread.join(LIMIT)
        self.current = None


def explore(scenario, dropped=False):
    """Run ``scenario`` under every schedule; return how many there were.

    ``scenario(run)`` returns (actions, check): functions without arguments, and the
    one that raises AssertionError if the outcome is wrong.  Raises Violation.
    """
    choices, count = [], 0
    while choices is not None:
        run = Run(choices, dropped)
        actions, check = scenario(run)
        run.perform(actions)
        try:
            check()
        except AssertionError as error:
            raise Violation(str(error), run.taken)
        count += 1
        choices = _next(run.taken, run.widths)
    return count


def _next(taken, widths):
    """The next choices in depth-first order, or None after the last."""
    for depth in range(len(taken) - 1, -1, -1):
        if taken[depth] + 1 < widths[depth]:
            return taken[:depth] + [taken[depth] + 1]
    return None


def marked(kind, run, names):
    """A subclass of ``kind`` (list, dict) whose methods ``names`` touch marked state."""
    def wrap(name):
        method = getattr(kind, name)

        def wrapper(self, *arguments):
            run.touch()
            return method(self, *arguments)
        return wrapper
    return type('Marked' + kind.__name__, (kind,), dict((name, wrap(name)) for name in names))
