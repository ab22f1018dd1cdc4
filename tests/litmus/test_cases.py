"""Each case of the catalogue: its forced outcome each time, nothing forbidden under stress."""
from __future__ import absolute_import, division, print_function

import json
import re

import pytest

from portable_server.compat import platform
from portable_server.litmus import FORBIDDEN, Forced, catalogue, force, grade_of, stress
from portable_server.litmus.case import IMPOSSIBLE, actors_of, name_of, title_of
from portable_server.litmus.grades import CRASH
from portable_server.litmus.schedule import due_outcome
from tests.support.processes import run_python

SECONDS = 0.02
FORCED_REPEATS = 20
CASES = catalogue.all_cases()
FORCED = [case for case in CASES if issubclass(case, Forced)]
STRESSED = [case for case in CASES if not issubclass(case, Forced)]
MAY_CRASH = [case for case in STRESSED
             if grade_of(case.expectations, CRASH, platform.CLASS) != FORBIDDEN]
UNWATCHED = pytest.mark.lock_watch_off(
    why='cases break the rules on purpose, and race without a watch')


@UNWATCHED
@pytest.mark.parametrize('case', FORCED, ids=name_of)
def test_a_forced_case_gives_its_outcome_each_time(case):
    """One that is impossible takes all its patience, and is tried once."""
    due = due_outcome(case)
    repeats = 1 if due == IMPOSSIBLE else FORCED_REPEATS
    assert [force(case) for _ in range(repeats)] == [due] * repeats


@UNWATCHED
@pytest.mark.parametrize('case', STRESSED, ids=name_of)
def test_a_stressed_case_gives_nothing_forbidden(case):
    """One that may crash runs in a process of its own: what it counted before is looked at."""
    outcomes = outcomes_of_a_process(case) if case in MAY_CRASH else stress(case, SECONDS).outcomes
    assert forbidden_of(case, outcomes) == [], outcomes


def forbidden_of(case, outcomes):
    return [name for name in outcomes
            if grade_of(case.expectations, name, platform.CLASS) == FORBIDDEN]


def outcomes_of_a_process(case):
    """{outcome: count}, the last that the process said before its end or its crash."""
    program = 'import sys; from portable_server.litmus.__main__ import main; sys.exit(main([%r, %r, %r]))'
    status, output, _ = run_python(program % (name_of(case), '--seconds', '0.3'))
    lines = [json.loads(line) for line in output.splitlines()]
    assert lines[1]['crash'] != FORBIDDEN
    assert status not in (1, 2)
    return ([line['outcomes'] for line in lines if 'outcomes' in line] or [{}])[-1]


@pytest.mark.parametrize('case', CASES, ids=name_of)
def test_a_case_tells_its_lesson_and_its_sources(case):
    assert title_of(case) and case.rows and actors_of(case)
    assert all(expectation.source for expectation in case.expectations)


@pytest.mark.parametrize('case', CASES, ids=name_of)
def test_a_mended_case_names_the_one_that_it_mends(case):
    if case.mends is not None:
        module = case.mends.split('.')[0] if '.' in case.mends else name_of(case).split('.')[0]
        names = [name_of(other) for other in CASES]
        assert module + '.' + case.mends.split('.')[-1] in names


def test_a_row_is_in_the_file_of_its_number_or_of_a_smaller_one():
    for case in CASES:
        number = re.match(r'row_(\d\d)_', name_of(case))
        assert number and int(number.group(1)) <= max(case.rows), name_of(case)
