"""Litmus tests: outcome-graded concurrency experiments for every Python interpreter.

A case is a lesson of about fifteen lines (see ``litmus.case``); ``stress`` races it,
``force`` shows one outcome by a fixed schedule. After jcstress (OpenJDK) and the
litmus tests of the Linux kernel's memory model.
"""
from __future__ import absolute_import, division, print_function

from litmus.case import Case, Forced, actor
from litmus.schedule import ScheduleError, force
from litmus.grades import (ACCEPTABLE, FORBIDDEN, INTERESTING, Expectation, expect,
                           grade_of)
from litmus.racing import Hang, Stressed, stress

__all__ = ['ACCEPTABLE', 'Case', 'Expectation', 'FORBIDDEN', 'Forced', 'Hang', 'INTERESTING',
           'ScheduleError', 'Stressed', 'actor', 'expect', 'force', 'grade_of', 'stress']
