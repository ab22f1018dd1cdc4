"""Everything that the executions of one exploration share: threads, module state, a watchdog.

The watchdog is for what the scheduler does not control: an actor that waits for a socket, or
computes for ever without a point, holds the baton and nothing else can run.  Then the run is
given up, and `Uncontrolled` says where the actor was.
"""
from __future__ import absolute_import, division, print_function

import collections
import gc

from portable_server.compat import clock, threads
from portable_server.litmus.explore import points
from portable_server.litmus.explore.crew import Crew
from portable_server.litmus.explore.replacing import Replaced
from portable_server.litmus.explore.run import UNCONTROLLED, Run
from portable_server.litmus.explore.strategies import Strategy
from portable_server.litmus.stacks import stacks_of_all

#: steps after which an execution is a livelock
STEPS = 20000
#: seconds without a step after which an actor is called uncontrolled
PATIENCE = 20.0
_COLLECT_EVERY = 500        # executions

_start_new_thread, _sleep = threads.start_new_thread, clock.sleep

#: outcome: str; error: what the first actor raised, or another one; run: the Run;
#: decisions: of its strategy
Execution = collections.namedtuple('Execution', 'outcome error run decisions')


class Uncontrolled(Exception):
    """An actor waits or computes where the scheduler has no power; `stacks` says where."""

    def __init__(self, stacks):
        super(Uncontrolled, self).__init__(
            'a thread made no step for %g s: it waits for something that is not controlled '
            '(a socket, a process, a lock made elsewhere) or computes without end' % PATIENCE)
        self.stacks = stacks


class Session(object):
    """A scope in which programs are executed under a scheduler."""

    def __init__(self, steps=STEPS, patience=PATIENCE):
        self.steps = steps
        self.executions = 0
        self.lengths = {}       # actor number -> most steps seen
        self.left_behind = 0
        self.freshness = None
        self._patience = patience
        self._replaced = Replaced()
        self._crew = Crew()
        self._open = False
        self._stacks = ''

    def __enter__(self):
        self._replaced.__enter__()
        self._open = True
        gc.collect()
        _gc('disable')
        _start_new_thread(self._watch, ())
        return self

    def __exit__(self, *_):
        self._open = False
        _gc('enable')
        self._crew.dismiss()
        self._replaced.__exit__()

    def execute(self, body, strategy=None, recorder=None, over_with_first=False):
        """Run `body()` as the first actor; an Execution. Raises Uncontrolled."""
        strategy = strategy or Strategy()
        self._prepare()
        run = Run(self._crew, strategy, self.steps, recorder)
        run.over_with_first = over_with_first
        run.spawn(body, 'main')
        outcome = run.go()
        self.left_behind += run.left_behind
        if outcome == UNCONTROLLED:
            raise Uncontrolled(self._stacks)
        for actor in run.actors:
            self.lengths[actor.number] = max(actor.steps, self.lengths.get(actor.number, 0))
        errors = [actor.error for actor in run.actors if actor.error is not None]
        return Execution(outcome, errors[0] if errors else None, run, strategy.decisions)

    def _prepare(self):
        self.executions += 1
        if self.freshness is not None:
            self.freshness.restore()
        if self.executions % _COLLECT_EVERY == 0:
            gc.collect()

    def _watch(self):
        seen, quiet = None, 0.0
        while self._open:
            _sleep(0.25)
            run = points.active
            now = (id(run), self.executions, run and run.step, run and run.turns)
            quiet = quiet + 0.25 if run is not None and now == seen else 0.0
            seen = now
            if quiet >= self._patience and points.active is run:
                self._stacks = stacks_of_all()
                run.give_up()
                return


def _gc(name):
    """Switch collections on or off: a finalizer runs program code at any moment."""
    try:
        getattr(gc, name)()
    except NotImplementedError:     # Jython: Java decides
        pass
