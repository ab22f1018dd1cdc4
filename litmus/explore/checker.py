"""Is a class right when threads share an object of it?  Without a specification.

Test by test (`generating`): a few executions under PCT, then all schedules with at most one
preemption.  Each history has to be explained by a serial one (`linear`).  The first that is not
is made simple, in its calls, then in its preemptions, and executed once more with a recorder.

The answer is never that a class is safe.  It is how many tests and schedules showed nothing.
"""
from __future__ import absolute_import, division, print_function

from portable_server.compat import clock
from portable_server.litmus.explore import linear
from portable_server.litmus.explore.generating import scenarios, smaller
from portable_server.litmus.explore.linear import Specification
from portable_server.litmus.explore.loading import TargetError
from portable_server.litmus.explore.minimising import minimise
from portable_server.litmus.explore.operations import Finder
from portable_server.litmus.explore.recording import Recorder
from portable_server.litmus.explore.report import Failure, Result
from portable_server.litmus.explore.scenario import Bench, Scenario, execute, from_json
from portable_server.litmus.explore.strategies import Fixed, Pct, RandomWalk
from portable_server.litmus.explore.systematic import Systematic
from portable_server.litmus.explore.tokens import Located, decode, encode, located

#: schedules of one test: by PCT, and systematic ones; of two threads, and of more
_OF_TWO, _OF_MORE = (12, 120), (20, 40)
_monotonic = clock.monotonic


class Checker(object):
    """Checks one class in a Session."""

    def __init__(self, session, loaded, seed=0):
        self._session, self._loaded, self._seed = session, loaded, seed
        self._bench = Bench(vars(loaded.module))
        self._started = _monotonic()
        self.tests = 0
        self.schedules = 0          # concurrent executions, without those that simplify

    def interface(self):
        """The calls that can be made. Raises TargetError where there are none."""
        found = Finder(self._loaded.value, self._loaded.module, self._attempt).interface()
        if not found.calls:
            reasons = ['%s: %s' % pair for pair in found.failed] or ['it has no public method']
            raise TargetError('%s could not be driven: %s'
                              % (self._loaded.name, '; '.join(reasons)))
        return found

    def _attempt(self, new, call):
        scenario = Scenario(new, [], [[call]] if call else [], [])
        _, history = execute(self._session, self._bench, scenario)
        if history.failed is not None or call is None:
            return history.failed
        return history.calls[0][0].result

    def _result(self, kind, failure=None, note=''):
        return Result(kind, self.tests, self.schedules,
                      _monotonic() - self._started, failure, note)

    def check(self, seconds, executions):
        """A Result, at the first violation or when either limit is reached."""
        try:
            for scenario in scenarios(self.interface(), self._seed):
                result = self._check(scenario)
                if result is not None:
                    return result
                if (_monotonic() - self._started >= seconds
                        or self._session.executions >= executions):
                    return self._result(linear.OK)
        except KeyboardInterrupt:
            return self._result(linear.OK, note='interrupted')

    def _check(self, scenario):
        specification = Specification(self._session, self._bench, scenario)
        if not specification.can_begin():
            return None
        self.tests += 1
        if not specification.is_deterministic():
            return self._result(linear.NONDETERMINISTIC, note='two serial executions of %s differ'
                                % ', '.join(map(', '.join, scenario.threads)))
        before = self._session.executions - specification.executions
        found = self._search(scenario, specification,
                             *(_OF_TWO if len(scenario.threads) == 2 else _OF_MORE))
        self.schedules += self._session.executions - specification.executions - before
        if found is None:
            return None
        after = self.schedules
        scenario, found, kind = self._simplify(scenario, found)
        return self._result(kind, self._explain(scenario, found, kind, after))

    def _search(self, scenario, specification, randomly, systematically):
        """(execution, kind) of the first history without an explanation; None."""
        for strategy in self._strategies(randomly, systematically):
            execution, history = execute(self._session, self._bench, scenario, strategy)
            verdict = specification.judge(execution.outcome, history)
            if verdict.kind != linear.OK:
                return execution, verdict.kind
        return None

    def _strategies(self, randomly, systematically):
        self._session.lengths = {}
        for number in range(randomly):
            seed = self._seed * 1000003 + self.tests * 1009 + number
            if number % 4 == 3:
                yield RandomWalk(seed)
            else:
                yield Pct(seed, 2 + number % 3, self._lengths())
        schedules = Systematic(1)
        for _ in range(systematically):
            strategy = schedules.following()
            if strategy is None:
                return
            yield strategy

    def _lengths(self):
        """Steps of the threads, without the first actor, who only begins and ends."""
        return dict((actor, steps) for actor, steps in self._session.lengths.items() if actor)

    def _simplify(self, scenario, found):
        """Leave out calls, then preemptions, while something stays wrong."""
        fewer = self._fewer_calls(scenario, found)
        while fewer is not None:
            scenario, found = fewer
            fewer = self._fewer_calls(scenario, found)
        specification = Specification(self._session, self._bench, scenario)
        execution, kind = found

        def fails(one):
            return specification.judge(one.outcome, one.history).kind == kind
        simple = minimise(lambda strategy: self._with_history(scenario, strategy), fails,
                          _WithHistory(execution, None))
        return scenario, simple.decisions, kind

    def _fewer_calls(self, scenario, found):
        for fewer in smaller(scenario):
            specification = Specification(self._session, self._bench, fewer)
            less = self._search(fewer, specification, 40, 200)
            if less is not None and less[1] == found[1]:
                return fewer, less
        return None

    def _with_history(self, scenario, strategy):
        return _WithHistory(*execute(self._session, self._bench, scenario, strategy))

    def _explain(self, scenario, decisions, kind, found_after):
        recorder = Recorder()
        execution, history = execute(self._session, self._bench, scenario, Fixed(decisions),
                                     recorder)
        specification = Specification(self._session, self._bench, scenario)
        verdict = specification.judge(execution.outcome, history)
        places = located(execution.decisions, recorder.places)
        return Failure(scenario, history, execution, recorder.rows, verdict.serial,
                       encode(scenario, places), len(places), found_after, verdict.kind == kind)

    def replay(self, token):
        """A Result of one recorded execution, as a token says. Raises TokenError."""
        test, decisions = decode(token)
        scenario = from_json(test)
        recorder, strategy = Recorder(), Located(decisions)
        execution, history = execute(self._session, self._bench, scenario, strategy, recorder)
        specification = Specification(self._session, self._bench, scenario)
        verdict = specification.judge(execution.outcome, history)
        failure = Failure(scenario, history, execution, recorder.rows, verdict.serial,
                          encode(scenario, decisions), len(decisions), 1, True)
        note = '' if not strategy.missed else 'the schedule does not fit these source lines'
        self.tests += 1
        return self._result(verdict.kind, failure, note)


class _WithHistory(object):
    """An Execution and its History, as `minimise` passes them on."""

    def __init__(self, execution, history):
        self.outcome, self.history = execution.outcome, history
        self.decisions = execution.decisions
