"""Explore a test function: the schedules of the threads that it starts.

It fails if it raises, if one of its threads raises, if it waits for ever (`deadlock`), or if it
makes too many steps (`livelock`).  A function that fails without any preemption fails by itself.
"""
from __future__ import absolute_import, division, print_function

import traceback

from portable_server.compat import clock
from portable_server.litmus.explore import linear
from portable_server.litmus.explore.minimising import minimise
from portable_server.litmus.explore.recording import Recorder, name_of
from portable_server.litmus.explore.report import FAILS, Failure, Result
from portable_server.litmus.explore.run import DONE
from portable_server.litmus.explore.strategies import Fixed, Pct, RandomWalk
from portable_server.litmus.explore.systematic import Systematic
from portable_server.litmus.explore.tokens import Located, decode, encode, located

#: schedules by PCT for each one of the systematic ones, and preemptions of the latter
_RANDOM_PARTS, _BOUND = 3, 2
_monotonic = clock.monotonic


def kind_of(execution):
    """What is wrong with an execution (str), 'ok' if nothing is."""
    if execution.outcome != DONE:
        return execution.outcome
    return FAILS if execution.error is not None else linear.OK


class Explorer(object):
    """Explores one function in a Session."""

    def __init__(self, session, function, seed=0):
        self._session, self._function, self._seed = session, function, seed
        self._started = _monotonic()

    def _execute(self, strategy, recorder=None):
        return self._session.execute(self._function, strategy, recorder)

    def _result(self, kind, failure=None, note=''):
        return Result(kind, 1, self.schedules, _monotonic() - self._started, failure, note)

    def explore(self, seconds, executions):
        """A Result, at the first failure or when either limit is reached."""
        self.schedules = 0
        note = 'all schedules with at most %d preemptions' % _BOUND
        try:
            for strategy in self._strategies():
                if self.schedules >= executions or _monotonic() - self._started >= seconds:
                    note = ''
                    break
                self.schedules += 1
                execution = self._execute(strategy)
                if kind_of(execution) != linear.OK:
                    return self._explain(execution)
        except KeyboardInterrupt:
            note = 'interrupted'
        return self._result(linear.OK, note=note)

    def _strategies(self):
        """First nobody is interrupted; then random ones, with systematic ones in between."""
        schedules = Systematic(_BOUND)
        number = 0
        while True:
            strategy = schedules.following()
            if strategy is None:
                return
            yield strategy
            for _ in range(_RANDOM_PARTS):
                number += 1
                seed = self._seed * 1000003 + number
                if number % 4:
                    yield Pct(seed, 2 + number % 3, self._session.lengths)
                else:
                    yield RandomWalk(seed)

    def _explain(self, execution):
        found_after, kind = self.schedules, kind_of(execution)
        simple = minimise(self._execute, lambda one: kind_of(one) == kind, execution)
        recorder = Recorder()
        again = self._execute(Fixed(simple.decisions), recorder)
        places = located(again.decisions, recorder.places)
        return self._result(kind_of(again), self._failure(
            again, recorder, encode(None, places), len(places), found_after,
            kind_of(again) == kind))

    def _failure(self, execution, recorder, token, decisions, found_after, repeats):
        return Failure(None, None, execution, recorder.rows, raised_in(execution), token,
                       decisions, found_after, repeats)

    def replay(self, token):
        """A Result of one recorded execution by the decisions of a token."""
        self.schedules = 1
        decisions = decode(token)[1]
        recorder, strategy = Recorder(), Located(decisions)
        execution = self._execute(strategy, recorder)
        note = '' if not strategy.missed else 'the schedule does not fit these source lines'
        return self._result(kind_of(execution), self._failure(
            execution, recorder, token, len(decisions), 1, True), note)


def raised_in(execution):
    """(actor's name, last line of the traceback) of each exception."""
    return [(name_of(actor), ''.join(traceback.format_exception_only(type(actor.error),
                                                                 actor.error)).strip())
            for actor in execution.run.actors if actor.error is not None]
