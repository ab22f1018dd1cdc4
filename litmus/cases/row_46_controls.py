"""Row 46: who checks the checker? Programs with known faults, and locks that are broken.

A watch that reports nothing is either content or blind. So programs that break a rule must
give exactly their reports (else: a false negative), programs that break none must give none
(else: a false positive), and with a lock that is broken on purpose the cases of rows 5 and
39 to 43 must not come out as before. All controls: ``python -m portable_server.litmus.controls``.

Source: the Linux kernel's lib/locking-selftest.c.
"""
from __future__ import absolute_import, division, print_function

from portable_server.litmus import Case, actor, expect
from portable_server.litmus.cases.row_05_counted_under_a_lock import CountedUnderLockForced
from portable_server.litmus.cases.row_39_hold_time import HeldTooLong
from portable_server.litmus.cases.row_40_sleep_under_a_lock import SleepUnderLock
from portable_server.litmus.cases.row_41_own_condition import WaitUnderAnotherLock
from portable_server.litmus.cases.row_42_allowance import NotCovered
from portable_server.litmus.cases.row_43_lock_order import Crossed
from portable_server.litmus.controls import Column, broken, run, select
from portable_server.litmus.watched import NOTHING

SOURCE = 'Linux, lib/locking-selftest.c'
BLIND = (expect(NOTHING, 'A', SOURCE),)
COLUMN = Column('compat', 'Lock')


class BrokenLockLoses(CountedUnderLockForced):
    """Row 5 with a lock that lets everybody in: the schedule goes through, and one is lost."""

    rows = (46, 5)
    mends = None
    outcome = '1'
    tampered = broken.NeverExcludes


class UnwatchedHold(HeldTooLong):
    """Row 39 with a lock that tells the watch nothing."""

    rows = (46, 39)
    expectations = BLIND
    tampered = broken.WithoutHooks


class UnwatchedSleep(SleepUnderLock):
    """Row 40 with a lock that tells the watch nothing."""

    rows = (46, 40)
    expectations = BLIND
    tampered = broken.WithoutHooks


class UnwatchedWait(WaitUnderAnotherLock):
    """Row 41 with locks that tell the watch nothing."""

    rows = (46, 41)
    expectations = BLIND
    tampered = broken.WithoutHooks


class UnwatchedNap(NotCovered):
    """Row 42 with a lock that tells the watch nothing."""

    rows = (46, 42)
    expectations = BLIND
    tampered = broken.WithoutHooks


class UnwatchedOrder(Crossed):
    """Row 43 with locks that tell the watch nothing."""

    rows = (46, 43)
    expectations = BLIND
    tampered = broken.WithoutHooks


class NoFalsePositive(Case):
    """Correct programs, modelled on those that one meets: no report."""

    rows = (46,)
    batch = 1
    programs = ('chat_room', 'bounded_buffer', 'transfer_between_accounts', 'future')
    expectations = (expect('none wrong', 'A', SOURCE),)

    def __init__(self):
        self.wrong = []

    @actor
    def alone(self):
        verdicts = [run(control, COLUMN) for control in select(self.programs)]
        self.wrong = [verdict.control.name for verdict in verdicts if not verdict.fine]

    def observe(self):
        return 'wrong: ' + ', '.join(self.wrong) if self.wrong else 'none wrong'


class NoFalseNegative(NoFalsePositive):
    """Programs that break a rule each: exactly the report that is due."""

    programs = ('long_hold', 'sleep', 'wait_under_another_lock', 'ab_ba', 'two_of_a_class',
                'guarded_field_read')
