"""Row 46: each broken lock turns certain controls and rows red, and a sound one none."""
from __future__ import absolute_import, division, print_function

import pytest

from portable_server.compat import platform
from portable_server.litmus import Forced, catalogue, force, grade_of, stress
from portable_server.litmus.case import name_of
from portable_server.litmus.cases.row_05_counted_under_a_lock import CountedUnderLockForced
from portable_server.litmus.cases.row_41_own_condition import LongWait
from portable_server.litmus.controls import Column, all_controls, broken, run
from portable_server.litmus.watched import WatchedCase
from tests.support.limits import scaled

pytestmark = pytest.mark.lock_watch_off(
    why='they begin watches of their own, over programs that break the rules')

CONTROLS = dict((control.name, control) for control in all_controls())
COLUMN = Column('compat', 'Lock')
#: Seconds after which a program with a broken lock is given up.
LIMIT = scaled(3.0)
ROUND_SECONDS = 0.001

#: What must turn red, and what is left as it was.
RED = {
    broken.NeverExcludes: (
        'mutual_exclusion', 'ab_ba', 'long_hold', 'sleep', 'wait_under_another_lock',
        'two_of_a_class', 'guarded_field_under_its_lock', 'allowed', 'self_deadlock_with_a_limit'),
    broken.LetsTheSecondIn: ('mutual_exclusion', 'ab_ba', 'self_deadlock_with_a_limit'),
    broken.WithoutHooks: (
        'ab_ba', 'ab_bc_ca', 'long_hold', 'sleep', 'recv', 'wait_under_another_lock', 'allowed',
        'two_of_a_class', 'assert_held_with_the_lock'),
    broken.HidesTheRelease: (
        'sleep_without_a_lock', 'one_after_the_other', 'short_holds', 'recv_then_lock',
        'guarded_field_after_the_release'),
    broken.OnlyTries: ('ab_ba', 'ab_bc_ca', 'two_of_a_class', 'declared_order_reversed'),
    broken.KeptAfterAnException: ('sleep_after_an_exception', 'sleep_raised'),
    broken.ClaimsToBeFree: ('mutual_exclusion', 'trylock_of_a_held_lock'),
}
GREEN = {
    broken.NeverExcludes: ('short_holds', 'ab_ab'),
    broken.LetsTheSecondIn: ('long_hold', 'sleep'),
    broken.WithoutHooks: ('mutual_exclusion', 'trylock_of_a_held_lock', 'ab_ab'),
    broken.HidesTheRelease: ('trylock_of_a_held_lock', 'sleep'),
    broken.OnlyTries: ('mutual_exclusion', 'long_hold', 'sleep'),
    broken.KeptAfterAnException: ('mutual_exclusion', 'ab_ba', 'sleep'),
    broken.ClaimsToBeFree: ('ab_ba', 'long_hold', 'sleep'),
}
#: Rows of the catalogue of which at least one case must turn red.
RED_ROWS = {
    broken.NeverExcludes: (5, 39, 40, 41, 42, 43),
    broken.LetsTheSecondIn: (5, 43),
    broken.WithoutHooks: (39, 40, 41, 42, 43, 44, 45),
    broken.HidesTheRelease: (39, 40),
    broken.OnlyTries: (43, 44),
}


def pairs(table):
    return [(tampered, name) for tampered in broken.BROKEN for name in table.get(tampered, ())]


def ids(table):
    return ['%s-%s' % (tampered.__name__, name) for tampered, name in pairs(table)]


def verdict(tampered, name):
    return run(CONTROLS[name], COLUMN, LIMIT, broken.kit_with(tampered))


def is_red(case):
    """Whether a case of the catalogue gives what it should not."""
    if issubclass(case, Forced):
        return force(case) != case.outcome
    outcomes = stress(case, ROUND_SECONDS).outcomes
    return 'forbidden' in [grade_of(case.expectations, outcome, platform.CLASS)
                           for outcome in outcomes]


def cases_of(row):
    # the helper thread of LongWait would die of a broken lock, loudly
    found = [case for case in catalogue.select([str(row)])
             if case is CountedUnderLockForced
             or issubclass(case, WatchedCase) and case.rows[0] == row and case is not LongWait]
    assert found
    return found


@pytest.mark.leaves_behind('a program that waits for a broken lock')
@pytest.mark.parametrize('tampered, name', pairs(RED), ids=ids(RED))
def test_a_broken_lock_turns_a_control_red(tampered, name):
    assert not verdict(tampered, name).fine


@pytest.mark.parametrize('tampered, name', pairs(GREEN), ids=ids(GREEN))
def test_a_broken_lock_leaves_the_other_controls_green(tampered, name):
    found = verdict(tampered, name)
    assert found.fine, '%s\n%s' % (found, found.text)


@pytest.mark.parametrize('name', sorted(set(name for names in list(RED.values()) + list(GREEN.values())
                                            for name in names)))
def test_a_wrapped_lock_that_is_sound_turns_nothing_red(name):
    found = verdict(broken.Wrapped, name)
    assert found.fine, '%s\n%s' % (found, found.text)


@pytest.mark.parametrize('tampered, row', pairs(RED_ROWS), ids=ids(RED_ROWS))
def test_a_broken_lock_turns_a_row_red(tampered, row, monkeypatch):
    for case in (WatchedCase, CountedUnderLockForced):
        monkeypatch.setattr(case, 'tampered', staticmethod(tampered))
    assert any(is_red(case) for case in cases_of(row))


@pytest.mark.parametrize('row', [5, 39, 40, 41, 42, 43, 44, 45])
def test_a_wrapped_lock_leaves_the_rows_green(row, monkeypatch):
    for case in (WatchedCase, CountedUnderLockForced):
        monkeypatch.setattr(case, 'tampered', staticmethod(broken.Wrapped))
    assert [name_of(case) for case in cases_of(row) if is_red(case)] == []
