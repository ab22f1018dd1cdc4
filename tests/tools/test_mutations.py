"""Each part of the watch, crippled: certain controls must fail, or they prove nothing.

A mutation replaces one function of ``portable_server.litmus.watch``; next to the controls that must turn red
it names some that stay green, to show that it cripples this part and not all of it.
"""
from __future__ import absolute_import, division, print_function

import collections

import pytest

from portable_server.litmus import watch
from portable_server.litmus.controls import Column, all_controls, run
from portable_server.litmus.watch import allowances, blocking, guarding, reports, session, stacks
from portable_server.litmus.watch.held import everyone, of_this_thread
from portable_server.litmus.watch.order import Graph, LockClass
from tests.support.limits import scaled

pytestmark = pytest.mark.lock_watch_off(why='the watch itself is crippled here')

CONTROLS = dict((control.name, control) for control in all_controls())
OURS = Column('compat', 'Lock'), Column('compat', 'RLock')
STANDARD = (Column('threading', 'Lock'),)
#: Seconds after which a program under a crippled watch is given up.
LIMIT = scaled(5.0)

Mutation = collections.namedtuple('Mutation', 'cripple red green columns')
MUTATIONS = []


def mutation(red, green, columns=OURS):
    """Decorator: a function that cripples the watch by the ``monkeypatch`` it is given."""
    def register(cripple):
        MUTATIONS.append(Mutation(cripple, red.split(), green.split(), columns))
        return cripple
    return register


def nothing(*_, **__):
    """In place of a check."""


def called_instead(monkeypatch, owner, name, function):
    """Replace a method by ``function``, which gets the old one as first argument."""
    old = getattr(owner, name)
    monkeypatch.setattr(owner, name, lambda *arguments, **named: function(
        old, *arguments, **named))


@mutation('ab_ba ab_bc_ca hand_over_hand_in_a_ring declared_order_reversed fifty_in_a_ring',
          'ab_ab two_of_a_class sleep')
def no_graph(monkeypatch):
    monkeypatch.setattr(Graph, 'way', nothing)


@mutation('ab_bc_ca ab_bc_cd_da declared_order_reversed_at_a_distance fifty_in_a_ring',
          'ab_ba declared_order_reversed')
def only_pairs_in_the_graph(monkeypatch):
    def way(old, graph, start, goal):
        return [start, goal] if goal in start.after else None
    called_instead(monkeypatch, Graph, 'way', way)


@mutation('ab_ba_of_other_instances', 'ab_ba ab_ab')
def a_class_for_each_instance(monkeypatch):
    monkeypatch.setattr(Graph, 'named', lambda graph, name: LockClass(name, graph))


@mutation('trylock_in_reverse trylock_both_ways second_of_a_class_only_tried',
          'ab_ba ab_ab two_of_a_class')
def who_tries_waits(monkeypatch):
    def acquire_nested(old, one, lock, held, waits, timeout):
        if not waits:
            one._check_order(lock, held)
        return old(one, lock, held, waits, timeout)
    called_instead(monkeypatch, session.Session, 'acquire_nested', acquire_nested)


@mutation('two_of_a_class ranks_descending ranks_equal two_made_at_one_place',
          'ab_ba ranks_ascending')
def no_nesting(monkeypatch):
    monkeypatch.setattr(session.Session, '_check_nesting', nothing)


@mutation('ranks_ascending hand_over_hand transfer_between_accounts', 'two_of_a_class ab_ba')
def no_ranks(monkeypatch):
    called_instead(monkeypatch, watch, 'name',
                   lambda old, lock, name, rank=None: old(lock, name))


@mutation('ranks_descending ranks_equal only_one_has_a_rank', 'ranks_ascending ab_ba')
def any_rank_will_do(monkeypatch):
    def check(old, one, outer, inner):
        if outer.rank is None and inner.rank is None:
            old(one, outer, inner)
    called_instead(monkeypatch, session.Session, '_check_nesting', check)


@mutation('own_wait own_wait_with_a_limit bounded_buffer', 'sleep queue_get')
def own_wait_is_a_wait(monkeypatch):
    def own_as_well(old, one, held, operation, locks=None):
        return old(one, held, operation)
    called_instead(monkeypatch, session.Session, 'blocking', own_as_well)
    called_instead(monkeypatch, blocking, 'lock_behind', lambda old, lock: None)


@mutation('wait_under_another_lock wait_under_the_other_condition', 'own_wait sleep queue_get')
def any_wait_is_legal(monkeypatch):
    def not_a_condition(old, one, held, operation, locks=None):
        if operation != 'Condition.wait':
            old(one, held, operation, locks)
    called_instead(monkeypatch, session.Session, 'blocking', not_a_condition)


@mutation('long_own_wait short_holds_around_a_long_wait', 'own_wait long_hold short_holds')
def own_wait_is_a_hold(monkeypatch):
    monkeypatch.setattr(session.Session, 'ends_hold', nothing)
    called_instead(monkeypatch, blocking, 'condition_wait', _without_the_own_wait)
    monkeypatch.setattr(blocking, 'after_wait', nothing, raising=False)


def _without_the_own_wait(old, original):
    wait = old(original)

    def waiting(condition, timeout=None):
        lock = guarding.lock_behind(condition)
        since = lock.since if lock is not None else None
        try:
            return wait(condition, timeout)
        finally:
            if lock is not None:
                lock.since = since
    return waiting


@mutation('long_hold long_hold_of_two long_hold_in_another_thread long_hold_before_the_wait',
          'sleep ab_ba short_holds')
def no_rule_1(monkeypatch):
    monkeypatch.setattr(session.Session, 'held_too_long', nothing)


@mutation('sleep join queue_get event_wait semaphore barrier recv sendall accept connect '
          'wait_under_another_lock sleep_many_times', 'ab_ba long_hold')
def no_rule_2(monkeypatch):
    monkeypatch.setattr(session.Session, 'blocking', nothing)


@mutation('asking_without_waiting queue_without_waiting waits_of_no_time',
          'sleep queue_get event_wait')
def every_call_waits(monkeypatch):
    monkeypatch.setattr(blocking, 'WAITS', {})


@mutation('queue_get_with_a_limit event_wait_with_a_limit', 'queue_get event_wait')
def a_limit_is_no_wait(monkeypatch):
    def without_a_limit(arguments, named):
        return not named and arguments[1:] in ((), (True,))
    for operation in ('Event.wait', 'Queue.get'):
        monkeypatch.setitem(blocking.WAITS, operation, without_a_limit)


@mutation('self_deadlock_with_a_limit', 'ab_ba sleep')
def the_own_lock_is_free(monkeypatch):
    monkeypatch.setattr(session.Session, '_own_again', nothing)


@mutation('long_wait_for_a_second_lock', 'sleep short_wait_for_a_second_lock')
def no_wait_for_a_second_lock(monkeypatch):
    monkeypatch.setattr(session.Session, '_waited', nothing)


@mutation('allowed_another_kind allowed_one_of_two_kinds', 'allowed allowed_too_late')
def an_allowance_covers_all_kinds(monkeypatch):
    monkeypatch.setattr(allowances.Entered, 'covers', lambda entered, kind, lock: True)


@mutation('allowed allowed_by_decorator allowed_order allowed_in_mode_raise',
          'sleep allowed_too_late')
def an_allowance_covers_nothing(monkeypatch):
    monkeypatch.setattr(allowances.Entered, 'covers', lambda entered, kind, lock: False)


@mutation('allowed_in_another_thread', 'allowed allowed_too_late')
def an_allowance_covers_all_threads(monkeypatch):
    monkeypatch.setattr(allowances.allow, '_list', lambda one: allowances.everywhere)


@mutation('allowed_too_late allowed_until_an_exception', 'allowed sleep')
def an_allowance_never_ends(monkeypatch):
    monkeypatch.setattr(allowances.allow, '__exit__', nothing)


@mutation('allowed allowed_many_times', 'sleep allowed_and_not_needed')
def an_allowance_is_not_counted(monkeypatch):
    monkeypatch.setattr(session.Session, 'count', nothing)


@mutation('sleep_many_times ab_ba_many_times long_hold_many_times guarded_field_many_times',
          'sleep ab_ba')
def every_time_anew(monkeypatch):
    monkeypatch.setattr(reports.Report, 'place', property(id))


@mutation('sleep_at_two_places two_guarded_fields', 'sleep sleep_many_times')
def once_for_each_class(monkeypatch):
    monkeypatch.setattr(reports.Report, 'place', property(lambda one: (one.kind, one.lock)))


@mutation('guarded_field_read guarded_field_written guarded_field_of_a_subclass',
          'guarded_field_under_its_lock assert_held_without_the_lock')
def no_guarded_fields(monkeypatch):
    monkeypatch.setattr(guarding.Field, '_check', nothing)


@mutation('guarded_field_under_its_lock guarded_subclass_with_its_own_init chat_room',
          'assert_held_without_the_lock sleep')
def init_is_no_exception(monkeypatch):
    monkeypatch.setattr(guarding, '_is_being_made', lambda instance: False)


@mutation('assert_held_without_the_lock assert_held_raised', 'assert_held_with_the_lock')
def nothing_is_asserted(monkeypatch):
    monkeypatch.setattr(watch, 'assert_held', nothing)


@mutation('guarded_field_in_another_thread', 'guarded_field_read guarded_field_under_its_lock')
def held_by_anybody_is_held(monkeypatch):
    def unguarded(old, one, lock_name, operation, message):
        if not _is_held_somewhere(lock_name):
            old(one, lock_name, operation, message)
    called_instead(monkeypatch, session.Session, 'unguarded', unguarded)


def _is_held_somewhere(lock_name):
    return any(lock.kind.name == lock_name for held in everyone() for lock in held)


@mutation('ab_ba_raised sleep_raised two_of_a_class_raised long_hold_raised '
          'guarded_field_raised assert_held_raised', 'ab_ba sleep')
def nothing_is_raised(monkeypatch):
    def violation(old, one, *arguments, **named):
        of_this_thread()
        named['may_raise'] = False
        return old(one, *arguments, **named)
    called_instead(monkeypatch, session.Session, 'violation', violation)


@mutation('sleep_far_below', 'sleep ab_ba')
def stacks_of_one_call(monkeypatch):
    called_instead(monkeypatch, stacks, 'stack_of',
                   lambda old, *arguments: old(*arguments)[-1:])


@mutation('queue_get_with_a_limit event_wait_with_a_limit',
          'sleep ab_ba', STANDARD)
def nothing_is_opaque(monkeypatch):
    # The standard library's Queue and Event wait through a Condition, ours need not.
    def call(old, held, original, arguments, named):
        return original(*arguments, **named)
    called_instead(monkeypatch, blocking, 'call_opaque', call)


def verdict(mutation, name, monkeypatch):
    """Run a control under the crippled watch, and put the watch right again."""
    control = CONTROLS[name]
    mutation.cripple(monkeypatch)
    try:
        column = [column for column in mutation.columns if control.runs_in(column)][0]
        return run(control, column, LIMIT)
    finally:
        monkeypatch.undo()
        del allowances.everywhere[:], of_this_thread().allowances[:]


NAMES = [mutation.cripple.__name__ for mutation in MUTATIONS]


@pytest.mark.leaves_behind('a program that the crippled watch did not stop')
@pytest.mark.parametrize('mutation', MUTATIONS, ids=NAMES)
def test_a_crippled_watch_turns_controls_red(mutation, monkeypatch):
    assert [name for name in mutation.red if verdict(mutation, name, monkeypatch).fine] == []


@pytest.mark.parametrize('mutation', MUTATIONS, ids=NAMES)
def test_a_crippled_watch_leaves_other_controls_green(mutation, monkeypatch):
    found = [verdict(mutation, name, monkeypatch) for name in mutation.green]
    assert [str(result) for result in found if not result.fine] == []
