"""Explore the schedules of threaded code, one by one, on every Python interpreter.

    result = check('bank.py:Account')       # a class: against its own serial executions
    result = check('test_bank.py:test_two_withdrawals')     # a function that starts threads
    print(text(result))

From the hard idea to the easy one:

    rewriting     scheduling points between two accesses, by changing the syntax tree
    run           one execution: exactly one actor runs; deadlock, livelock, virtual time
    strategies    who goes on: PCT, random walk, given decisions
    systematic    all schedules with a bounded number of preemptions
    linear        is a history explained by a serial order of its calls?
    scenario      a small concurrent test of a class, and its history
    operations    which calls can be made, with what arguments; generating: tests of them
    checker, functions      the two kinds of targets
    locks, synchronizers, threading_, replacing     what stands in the place of `threading`
    minimising, tokens, recording, report           from a failing schedule to an answer
    session, crew, loading, freshness, freezing, points, actor
"""
from __future__ import absolute_import, division, print_function

import types

from portable_server.litmus.explore.checker import Checker
from portable_server.litmus.explore.freshness import Freshness
from portable_server.litmus.explore.functions import Explorer
from portable_server.litmus.explore.loading import Loaded, TargetError
from portable_server.litmus.explore.report import Failure, Result, text
from portable_server.litmus.explore.session import Session, Uncontrolled
from portable_server.litmus.explore.tokens import TokenError

__all__ = ['Failure', 'Result', 'TargetError', 'TokenError', 'Uncontrolled', 'check', 'text']

_CLASSES = (type, getattr(types, 'ClassType', type))


def check(target, seed=0, seconds=10.0, executions=100000, token=None):
    """Check a class or explore a function, or repeat what a token says; a Result.

    target: FILE.py:NAME or package.module:NAME; seconds, executions: when to stop without a
    finding.  Raises TargetError, TokenError, Uncontrolled.
    """
    with Session() as session, Loaded(target) as loaded:
        session.freshness = Freshness(loaded.modules())
        if isinstance(loaded.value, _CLASSES):
            checker = Checker(session, loaded, seed)
            return checker.replay(token) if token else checker.check(seconds, executions)
        if not isinstance(loaded.value, types.FunctionType):
            raise TargetError('%s is neither a class nor a function' % target)
        explorer = Explorer(session, loaded.value, seed)
        return explorer.replay(token) if token else explorer.explore(seconds, executions)
