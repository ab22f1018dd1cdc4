"""Threads and time under the scheduler: `Thread.start`, `join`, `sleep`, the clocks.

A thread of the program keeps its own Thread object; only who runs it changes.  Time is the
run's: it stands still while somebody can go on.  Only after many looks at a clock does each
further one move it a little, so that a loop that waits for a moment to pass ends.
"""
from __future__ import absolute_import, division, print_function

from portable_server.compat import threads
from portable_server.litmus.explore import points

_Thread = threads.Thread

#: looks at a clock that do not move it, and seconds by which each further one does
_LOOKS, _TICK = 100, 0.001
#: what the program's clocks begin with: the same in each execution
EPOCH, START = 1700000000.0, 1000000.0
_FIRST_IDENT = 1000


def actor_of(thread):
    """The Actor that runs a Thread object in this execution; None if none does."""
    actor = vars(thread).get('_explore_actor')
    run = points.here()
    if actor is None or run is None or actor.number >= len(run.actors):
        return None
    return actor if run.actors[actor.number] is actor else None


def start(original):
    def start(self):
        run = points.here()
        if run is None:
            return original(self)
        if not hasattr(self, '_explore_actor') and not hasattr(self, 'name'):
            raise RuntimeError('thread.__init__() not called')
        if actor_of(self) is not None:
            raise RuntimeError('threads can only be started once')
        points.step(None)
        actor = run.spawn(self.run, self.name, bool(self.daemon))
        actor.thread = self
        self._explore_actor = actor
    return start


def initialised(original):
    """`Thread.__init__`: a daemon where its actor is one; Jython asks the thread that runs it."""
    def __init__(self, *arguments, **named):
        original(self, *arguments, **named)
        run = points.here()
        if run is not None and named.get('daemon') is None:
            self.daemon = run.current.daemon
    return __init__


def join(original):
    def join(self, timeout=None):
        run = points.here()
        if run is None:
            return original(self, timeout)
        actor = actor_of(self)
        if actor is None:
            raise RuntimeError('cannot join thread before it is started')
        if actor is run.current:
            raise RuntimeError('cannot join current thread')
        points.step(None)
        while actor.state != 'ended':
            if not run.block(actor.joiners, self, timeout):
                return
    return join


def is_alive(original):
    def is_alive(self):
        run = points.here()
        if run is None:
            return original(self)
        points.step(None)
        actor = actor_of(self)
        return actor is not None and actor.state != 'ended'
    return is_alive


class Function(object):
    """A function of a module; an object, because Jython binds functions of its own modules."""

    def __init__(self, original):
        self.original = original
        self.__name__ = type(self).__name__

    def __call__(self, *arguments, **named):
        run = points.here()
        if run is None:
            return self.original(*arguments, **named)
        return self.controlled(run, *arguments, **named)


class Sleep(Function):
    def controlled(self, run, seconds):
        if seconds < 0:
            raise ValueError('sleep length must be non-negative')
        points.step(None)
        run.block([], 'sleep', seconds)


def _look(run):
    points.step(None)
    run.looks += 1
    if run.looks > _LOOKS:
        run.now += _TICK
    return run.now


class WallClock(Function):
    def controlled(self, run):
        return EPOCH + _look(run)


class Monotonic(Function):
    def controlled(self, run):
        return START + _look(run)


class CurrentThread(Function):
    def controlled(self, run):
        actor = run.current
        if actor.thread is None:
            actor.thread = _object_for(actor)
        return actor.thread


def _object_for(actor):
    """A Thread object for an actor that was not started as one; its constructor asks who runs."""
    kept = points.active, points.run
    points.active = points.run = None
    try:
        thread = _Thread(name=actor.name)
    finally:
        points.active, points.run = kept
    thread.daemon = actor.daemon
    thread._explore_actor = actor
    return thread


class GetIdent(Function):
    def controlled(self, run):
        return _FIRST_IDENT + run.current.number


class StartNewThread(Function):
    def controlled(self, run, function, arguments, named=None):
        points.step(None)
        actor = run.spawn(lambda: function(*arguments, **(named or {})), daemon=True)
        return _FIRST_IDENT + actor.number
