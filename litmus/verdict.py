"""Run one case, stressed or forced, and judge what it gave: outcomes, counts, grades.

    verdict = litmus.run(LostUpdate, seconds=2)
    verdict.outcomes['some lost']       # Graded(count=17, grade='interesting')
    verdict.fine                        # False if anything forbidden was seen
    print(verdict)                      # a small table

A verdict without a bad outcome proves nothing: it says only that none was seen.
"""
from __future__ import absolute_import, division, print_function

import collections

from portable_server.compat import clock, platform
from portable_server.litmus.case import Forced, name_of
from portable_server.litmus.checking import check_forced
from portable_server.litmus.grades import ACCEPTABLE, FORBIDDEN, HANG, grade_of
from portable_server.litmus.racing import PATIENCE, Hang, Stressed, stress
from portable_server.litmus.schedule import due_outcome, follow

STRESSED = 'stressed'
FORCED = 'forced'

Graded = collections.namedtuple('Graded', 'count grade')


class Verdict(object):
    """What a case gave on this interpreter.

    ``outcomes`` (dict: outcome -> Graded), ``due`` (str or None: what a Forced case must
    give), ``kind``, ``case`` (the name), ``stacks`` (text, where it hangs), and from the
    Stressed: ``rounds``, ``seconds``, ``rounds_per_second``, ``tracebacks``, ``one_at_a_time``.
    """

    def __init__(self, case_class, result, stacks=''):
        forced = issubclass(case_class, Forced)
        self.case = name_of(case_class)
        self.kind = FORCED if forced else STRESSED
        self.due = due_outcome(case_class) if forced else None
        self.rounds = result.rounds
        self.seconds = result.seconds
        self.rounds_per_second = result.rounds_per_second
        self.tracebacks = result.tracebacks
        self.one_at_a_time = result.one_at_a_time
        self.stacks = stacks
        self.outcomes = dict((outcome, Graded(count, grade(case_class, outcome)))
                             for outcome, count in result.outcomes.items())

    @property
    def forbidden(self):
        """The forbidden outcomes that were seen (list of str)."""
        return sorted(outcome for outcome, graded in self.outcomes.items()
                      if graded.grade == FORBIDDEN)

    @property
    def fine(self):
        """bool: nothing forbidden was seen."""
        return not self.forbidden

    def __str__(self):
        lines = ['%s: %s, %d rounds, %.0f a second'
                 % (self.case, 'fine' if self.fine else 'FORBIDDEN', self.rounds,
                    self.rounds_per_second)]
        for outcome, graded in sorted(self.outcomes.items(), key=lambda item: -item[1].count):
            lines.append('%12d  %-11s  %s' % (graded.count, graded.grade, outcome))
        return '\n'.join(lines)


def grade(case_class, outcome):
    """The grade (str) of an outcome of a case on this interpreter."""
    if issubclass(case_class, Forced):
        return ACCEPTABLE if outcome == due_outcome(case_class) else FORBIDDEN
    return grade_of(case_class.expectations, outcome, platform.CLASS)


def run(case_class, seconds=1.0, seed=0, repeats=1, patience=PATIENCE, progress=None):
    """Stress a Case for ``seconds``, or force a Forced case ``repeats`` times: a Verdict.

    ``seed``, ``patience`` and ``progress`` are those of ``stress``. A case that hangs
    has the outcome HANG, and its threads are left behind. Raises CaseError for a mistake
    in the case.
    """
    if isinstance(case_class, type) and issubclass(case_class, Forced):
        return _run_forced(case_class, repeats)
    try:
        return Verdict(case_class, stress(case_class, seconds, seed, progress, patience))
    except Hang as hang:
        before = hang.result
        outcomes = dict(before.outcomes)
        outcomes[HANG] = 1
        return Verdict(case_class, Stressed(outcomes, before.seconds, before.tracebacks,
                                            before.one_at_a_time), hang.stacks)


def _run_forced(case_class, repeats):
    check_forced(case_class)
    outcomes = collections.Counter()
    tracebacks, stacks = {}, ''
    started = clock.monotonic()
    for _ in range(repeats):
        given = follow(case_class)
        outcomes[given.outcome] += 1
        stacks = stacks or given.stacks
        if given.traceback:
            tracebacks.setdefault(given.outcome, given.traceback)
        if given.outcome == HANG:
            break
    return Verdict(case_class, Stressed(dict(outcomes), clock.monotonic() - started, tracebacks),
                   stacks)
