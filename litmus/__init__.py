"""Litmus tests: outcome-graded concurrency experiments for every Python interpreter.

A case is a lesson of about fifteen lines (see ``portable_server.litmus.case``); ``stress`` races it,
``force`` shows one outcome by a fixed schedule, ``run`` does either and judges. After
jcstress (OpenJDK) and the litmus tests of the Linux kernel's memory model.

    case.py       what a case is                 grades.py     its table of outcomes
    racing.py     stress: many short rounds      schedule.py   force: one fixed order
    varying.py    what is varied between batches sharing.py    rounds that share state
    checking.py   mistakes in a case             verdict.py    run: outcomes with grades
    catalogue.py  where the cases are            __main__.py   all of it for a controller
    explore/      any program: one schedule after the other
    cases/        the catalogue, a file a row    stacks.py     stacks and tracebacks as text
"""
from __future__ import absolute_import, division, print_function

from portable_server.litmus.case import Case, CaseError, Forced, actor
from portable_server.litmus.grades import (ACCEPTABLE, FORBIDDEN, INTERESTING, Expectation, expect,
                                           grade_of, per_class)
from portable_server.litmus.racing import Hang, Stressed, stress
from portable_server.litmus.schedule import ScheduleError, force
from portable_server.litmus.verdict import Graded, Verdict, run

__all__ = ['ACCEPTABLE', 'Case', 'CaseError', 'Expectation', 'FORBIDDEN', 'Forced', 'Graded',
           'Hang', 'INTERESTING', 'ScheduleError', 'Stressed', 'Verdict', 'actor', 'expect',
           'force', 'grade_of', 'per_class', 'run', 'stress']
