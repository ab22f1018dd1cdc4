"""Condition.wait: legal with its own lock alone, which it gives back while it sleeps."""
from __future__ import absolute_import, division, print_function

import time

from portable_server.litmus.controls.control import REENTRANT, control, due
from portable_server.litmus.controls.kit import PATIENCE
from portable_server.litmus.controls.programs.blocking import MOMENT, blocked


def signalled(kit, condition, seconds=0.0, wait=None):
    """Let a helper notify ``condition`` once it is waited for; ``seconds`` pass meanwhile."""
    ready, flag = kit.threads.Event(), []

    def signal():
        ready.wait()
        with condition:     # free as soon as the other one waits
            pass
        if seconds:
            kit.pass_time(seconds)
        with condition:
            flag.append(True)
            condition.notify()

    helper = kit.start(signal)
    with condition:
        ready.set()
        wait(flag) if wait else _wait_in_a_loop(condition, flag)
    kit.finish(helper)


def _wait_in_a_loop(condition, flag):
    while not flag:
        condition.wait(PATIENCE)


@control()
def own_wait(kit):
    """The way it is meant: a predicate, a loop, the own lock and no other."""
    signalled(kit, kit.condition('a'))


@control(apis=('compat',))
def own_wait_for(kit):
    """The loop, ready-made."""
    condition = kit.condition('a')
    signalled(kit, condition, wait=lambda flag: condition.wait_for(lambda: flag))


@control()
def own_wait_with_a_limit(kit):
    """Nobody comes."""
    condition = kit.condition('a')
    with condition:
        condition.wait(MOMENT)


@control(kinds=REENTRANT)
def own_wait_two_levels_deep(kit):
    """An RLock gives up all its levels."""
    condition = kit.condition('a')
    with condition:
        with condition:
            condition.wait(MOMENT)


@control(blocked('Condition.wait', lock='other', others=[]))
def wait_under_another_lock(kit):
    """The own lock is given back, the other one is not: who would notify may want it."""
    other, condition = kit.lock('other'), kit.condition('a')
    with other:
        with condition:
            condition.wait(MOMENT)


@control(blocked('Condition.wait', lock='other'))
def wait_with_another_lock_inside(kit):
    """The order of the two makes no difference."""
    other, condition = kit.lock('other'), kit.condition('a')
    with condition:
        with other:
            condition.wait(MOMENT)


@control(blocked('Condition.wait', lock='other'), apis=('compat',))
def wait_for_under_another_lock(kit):
    """The ready-made loop waits as well."""
    other, condition = kit.lock('other'), kit.condition('a')
    with other:
        with condition:
            condition.wait_for(lambda: False, MOMENT)


@control(due('blocked-while-holding', lock='other'), mode='raise')
def wait_under_another_lock_raised(kit):
    """Raised before the wait: the own lock is held, and given back by ``with``."""
    other, condition = kit.lock('other'), kit.condition('a')
    try:
        with other:
            with condition:
                condition.wait(MOMENT)
    except RuntimeError:
        pass
    for lock in (other, condition):
        kit.check(lock.acquire(False), 'the lock is free again')
        lock.release()


@control(blocked('Condition.wait', lock='other'))
def wait_under_the_other_condition(kit):
    """Two conditions with a lock each; held both, one is not given back."""
    first, second = kit.condition('other'), kit.condition('a')
    with first:
        with second:
            second.wait(MOMENT)


@control()
def two_conditions_over_one_lock(kit):
    """Not full, not empty: both wait on the same lock, and it is given back."""
    lock = kit.monitor_lock('a')
    not_full, not_empty = kit.threads.Condition(lock), kit.threads.Condition(lock)
    with not_full:
        not_empty.wait(MOMENT)
    with not_empty:
        not_full.wait(MOMENT)


@control()
def notify_is_no_wait(kit):
    """Under any lock."""
    condition = kit.condition('a')
    with kit.lock('other'):
        with condition:
            condition.notify()
            condition.notify_all()


@control(blocked('time.sleep'))
def sleep_after_the_wait(kit):
    """The wait ends with the lock taken again."""
    condition = kit.condition('a')
    with condition:
        condition.wait(MOMENT)
        time.sleep(MOMENT)


@control()
def sleep_elsewhere_during_the_wait(kit):
    """The waiting thread holds nothing, and so may the others sleep."""
    condition, done = kit.condition('a'), []

    def wait(flag):
        while not flag:
            condition.wait(PATIENCE)
        done.append(True)

    signalled(kit, condition, wait=wait)
    time.sleep(MOMENT)
    kit.check(done, 'it was woken')


@control(due('lock-order', lock='other'))
def order_after_the_wait(kit):
    """Taken again after the wait, the lock is held as before."""
    other, condition = kit.lock('other'), kit.condition('a')
    with other:
        with condition:
            pass
    with condition:
        condition.wait(MOMENT)
        with other:
            pass


@control()
def long_own_wait(kit):
    """Rule 1 counts the holding, not the waiting."""
    signalled(kit, kit.condition('a'), seconds=10)


@control(kinds=REENTRANT)
def long_own_wait_two_levels_deep(kit):
    """All levels are given up, so nothing is held."""
    condition = kit.condition('a')

    def wait(flag):
        with condition:
            while not flag:
                condition.wait(PATIENCE)

    signalled(kit, condition, seconds=10, wait=wait)


@control()
def short_holds_around_a_long_wait(kit):
    """0.6 before the wait and 0.6 behind it are two holds."""
    condition = kit.condition('a')

    def wait(flag):
        kit.pass_time(0.6)
        while not flag:
            condition.wait(PATIENCE)
        kit.pass_time(0.6)

    signalled(kit, condition, seconds=10, wait=wait)


@control(due('held-too-long', lock='a'))
def long_hold_before_the_wait(kit):
    """The hold ends where the wait begins."""
    condition = kit.condition('a')
    with condition:
        kit.pass_time(5)
        condition.wait(MOMENT)


@control(due('held-too-long', lock='a'))
def long_hold_after_the_wait(kit):
    """And begins anew where it ends."""
    condition = kit.condition('a')
    with condition:
        condition.wait(MOMENT)
        kit.pass_time(5)


@control(blocked('Condition.wait', lock='other'), due('held-too-long', lock='other'))
def long_wait_under_another_lock(kit):
    """Both rules: it sleeps under the other lock, and so holds that for long."""
    other, condition = kit.lock('other'), kit.condition('a')

    def wait(flag):
        with other:
            _wait_in_a_loop(condition, flag)

    signalled(kit, condition, seconds=10, wait=wait)


class OwnLock(object):
    """A lock class as programs write them: another name, the same methods."""

    def __init__(self, mutex):
        self.mutex = mutex

    def acquire(self, *arguments):
        """As the lock's inside."""
        return self.mutex.acquire(*arguments)

    def release(self):
        """As the lock's inside."""
        self.mutex.release()

    def __enter__(self):
        return self.acquire()

    def __exit__(self, *_):
        self.release()


@control(kinds=('Lock',))
def own_wait_over_a_lock_class_of_ones_own(kit):
    """What is given back is the lock inside, and no other is held."""
    condition = kit.threads.Condition(OwnLock(kit.lock('a')))
    with condition:
        condition.wait(MOMENT)


@control(blocked('Condition.wait', lock='other'), kinds=('Lock',))
def wait_over_a_lock_class_of_ones_own(kit):
    """The other lock is held, whatever the condition's looks like."""
    condition = kit.threads.Condition(OwnLock(kit.lock('a')))
    with OwnLock(kit.lock('other')):
        with condition:
            condition.wait(MOMENT)
