"""The same failure with the fewest decisions.

First all schedules with no preemption and with one are tried, which a small test has few of:
what they find cannot be beaten.  Otherwise decisions are left out one by one, from the end, as
long as the failure stays (delta debugging in its simplest form).  Where more than two remain,
the schedules with two preemptions are tried, as many as time allows.
"""
from __future__ import absolute_import, division, print_function

from portable_server.litmus.explore.strategies import Fixed
from portable_server.litmus.explore.systematic import Systematic

#: executions for each of the ways
_TRIES = 1500


def minimise(execute, fails, execution, tries=_TRIES):
    """The simplest failing Execution that is found.

    execute: function of a strategy, gives an Execution; fails: function of an Execution.
    """
    simplest = _first_of_all(execute, fails, 1, tries)
    if simplest is not None:
        return simplest
    shorter = _without_the_needless(execute, fails, execution, tries)
    if len(shorter.decisions) <= 2:
        return shorter
    return _first_of_all(execute, fails, 2, tries) or shorter


def _first_of_all(execute, fails, bound, tries):
    schedules = Systematic(bound)
    for _ in range(tries):
        strategy = schedules.following()
        if strategy is None:
            return None
        execution = execute(strategy)
        if fails(execution):
            return execution
    return None


def _without_the_needless(execute, fails, execution, tries):
    position = len(execution.decisions)
    while position and tries:
        position = min(position, len(execution.decisions)) - 1
        if position < 0:
            break
        decisions = list(execution.decisions)
        del decisions[position]
        shorter = execute(Fixed(decisions))
        tries -= 1
        if fails(shorter) and len(shorter.decisions) < len(execution.decisions):
            execution = shorter
    return execution
