"""Allowances: explicit, named, scoped, counted, and listed in the report."""
from __future__ import absolute_import, division, print_function

import time

from portable_server.litmus import watch
from portable_server.litmus.controls.control import control, due
from portable_server.litmus.controls.programs.blocking import MOMENT, blocked
from portable_server.litmus.controls.programs.order import named, take

BLOCKED = ('blocked-while-holding',)


def nap_under_a_lock(kit):
    """Break rule 2."""
    with kit.lock('a'):
        time.sleep(MOMENT)


def used(kit, name):
    """How often the allowance ``name`` was needed."""
    return kit.session.allowances[name].used


@control()
def allowed(kit):
    """Counted, and listed with its reason."""
    with watch.allow('nap', why='the point of this program', kinds=BLOCKED):
        nap_under_a_lock(kit)
    kit.check(used(kit, 'nap') == 1, 'it was used once')
    text = kit.session.text()
    kit.check('nap' in text and 'the point of this program' in text, 'the report lists it')


@control()
def allowed_many_times(kit):
    """Counted each time, though a report would come once per place."""
    for _ in range(3):
        with watch.allow('nap', why='the point of this program', kinds=BLOCKED):
            nap_under_a_lock(kit)
    kit.check(used(kit, 'nap') == 3, 'it was used three times')


@control()
def allowed_and_not_needed(kit):
    """An allowance that is never used is listed as such."""
    with watch.allow('nap', why='once needed', kinds=BLOCKED):
        take(kit.lock('a'))
    kit.check(used(kit, 'nap') == 0, 'it was not used')
    kit.check('nap' in kit.session.text(), 'the report lists it')


@control()
def allowed_by_decorator(kit):
    """For a whole function."""
    @watch.allow('nap', why='the point of this program', kinds=BLOCKED)
    def work():
        nap_under_a_lock(kit)

    work()
    work()
    kit.check(used(kit, 'nap') == 2, 'it was used twice')


@control(blocked('time.sleep'))
def allowed_too_late(kit):
    """The allowance ends with its block."""
    with watch.allow('nap', why='the point of this program', kinds=BLOCKED):
        pass
    nap_under_a_lock(kit)


@control(blocked('time.sleep'))
def allowed_until_an_exception(kit):
    """Also where the block is left by an exception."""
    try:
        with watch.allow('nap', why='the point of this program', kinds=BLOCKED):
            raise KeyError('x')
    except KeyError:
        nap_under_a_lock(kit)


@control(blocked('time.sleep', thread='helper'))
def allowed_in_another_thread(kit):
    """It is this thread's, no other's."""
    with watch.allow('nap', why='not for the helper', kinds=BLOCKED):
        kit.in_thread(nap_under_a_lock, kit)
    kit.check(used(kit, 'nap') == 0, 'it was not used')


@control(blocked('time.sleep'))
def allowed_another_kind(kit):
    """It covers what it names."""
    with watch.allow('hold', why='another rule', kinds=('held-too-long',)):
        nap_under_a_lock(kit)


@control(due('held-too-long', lock='a'))
def allowed_one_of_two_kinds(kit):
    """One rule allowed, the other reported."""
    with watch.allow('nap', why='only this', kinds=BLOCKED):
        with kit.lock('a'):
            time.sleep(MOMENT)
            kit.pass_time(5)
    kit.check(used(kit, 'nap') == 1, 'it was used once')


@control()
def allowed_two_kinds(kit):
    """Both named."""
    with watch.allow('nap', why='both', kinds=('blocked-while-holding', 'held-too-long')):
        with kit.lock('a'):
            time.sleep(MOMENT)
            kit.pass_time(5)
    kit.check(used(kit, 'nap') == 2, 'it was used for each')


@control()
def allowed_inside_another(kit):
    """Nested: both hold."""
    with watch.allow('hold', why='outer', kinds=('held-too-long',)):
        with watch.allow('nap', why='inner', kinds=BLOCKED):
            with kit.lock('a'):
                time.sleep(MOMENT)
                kit.pass_time(5)
    kit.check((used(kit, 'hold'), used(kit, 'nap')) == (1, 1), 'each was used once')


@control()
def allowed_order(kit):
    """An order may be allowed as well."""
    a, b = named(kit, 'ab')
    take(a, b)
    with watch.allow('reverse', why='only at the end', kinds=('lock-order',)):
        take(b, a)
    kit.check(used(kit, 'reverse') == 1, 'it was used once')


@control(mode='raise')
def allowed_in_mode_raise(kit):
    """What is allowed does not raise."""
    with watch.allow('nap', why='the point of this program', kinds=BLOCKED):
        nap_under_a_lock(kit)


@control(blocked('time.sleep'))
def allowed_first_reported_later(kit):
    """An allowed violation does not use up the place's one report."""
    with watch.allow('nap', why='the first time', kinds=BLOCKED):
        nap_under_a_lock(kit)
    nap_under_a_lock(kit)


@control()
def allowed_part_of_a_hold(kit):
    """The time of the allowance is not counted; what is left of the hold is short."""
    with kit.lock('a'):
        kit.pass_time(0.4)
        with watch.allow('wait', why='the point of this program', kinds=('held-too-long',)):
            kit.pass_time(5)
        kit.pass_time(0.4)
    kit.check(used(kit, 'wait') == 1, 'it was used once')


@control(due('held-too-long', lock='a'))
def allowed_part_of_a_longer_hold(kit):
    """What is left of the hold is long, too."""
    with kit.lock('a'):
        kit.pass_time(3)
        with watch.allow('wait', why='the point of this program', kinds=('held-too-long',)):
            kit.pass_time(5)


@control()
def allowed_for_all_threads(kit):
    """Where the helper is the one who needs it, and it is said so."""
    with watch.allow('nap', why='the helper', kinds=BLOCKED, everywhere=True):
        kit.in_thread(nap_under_a_lock, kit)
    kit.check(used(kit, 'nap') == 1, 'it was used once')


@control(blocked('time.sleep'))
def allowed_for_another_lock(kit):
    """An allowance may name the class of lock it is for."""
    with watch.allow('nap', why='another lock', kinds=BLOCKED, lock='b'):
        nap_under_a_lock(kit)
