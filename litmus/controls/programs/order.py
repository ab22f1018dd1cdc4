"""Order: the graph of classes of locks has no cycle, and nobody has to deadlock to see one."""
from __future__ import absolute_import, division, print_function

from portable_server.litmus import watch
from portable_server.litmus.controls.control import REENTRANT, control, due


def take(*locks):
    """Take the locks in this order, and give them back in the reverse one."""
    if locks:
        with locks[0]:
            take(*locks[1:])


def named(kit, names):
    """One lock for each letter of ``names``."""
    return [kit.lock(letter) for letter in names]


@control(due('lock-order', lock='a', others=['b']))
def ab_ba(kit):
    """The classic: one thread, in sequence, nobody waits, and yet it is a deadlock to come."""
    a, b = named(kit, 'ab')
    with a:
        with b:
            pass
    with b:
        with a:
            pass


@control(due('lock-order', lock='a', others=['b'], thread='helper'))
def ab_ba_in_two_threads(kit):
    """As it would happen, but one after the other."""
    a, b = named(kit, 'ab')
    take(a, b)
    kit.in_thread(take, b, a)


@control(due('lock-order', lock='a', others=['b', 'c']))
def ab_bc_ca(kit):
    """A cycle of three, of which no pair is wrong."""
    a, b, c = named(kit, 'abc')
    take(a, b)
    take(b, c)
    take(c, a)


@control(due('lock-order', lock='a', others=['b', 'c', 'd']))
def ab_bc_cd_da(kit):
    """A cycle of four."""
    a, b, c, d = named(kit, 'abcd')
    take(a, b)
    take(b, c)
    take(c, d)
    take(d, a)


@control(due('lock-order', lock='a'))
def ab_bc_ca_in_one_stack(kit):
    """The order of three nested locks holds for each two of them."""
    a, b, c = named(kit, 'abc')
    take(a, b, c)
    take(c, a)


@control(due('lock-order', lock='a', others=['b']))
def ab_ba_of_other_instances(kit):
    """The graph knows classes: the locks that gave the order are long gone."""
    take(*named(kit, 'ab'))
    take(*named(kit, 'ba'))


@control(due('lock-order', lock='a', others=['b']))
def ab_ba_many_times(kit):
    """Once per place, however often it happens."""
    a, b = named(kit, 'ab')
    take(a, b)
    for _ in range(5):
        take(b, a)


@control(due('lock-order'), due('lock-order'))
def two_cycles(kit):
    """Two pairs, two reports."""
    a, b, c, d = named(kit, 'abcd')
    take(a, b)
    with b:
        with a:
            pass
    take(c, d)
    with d:
        with c:
            pass


@control(due('lock-order', lock='a'))
def hand_over_hand_in_a_ring(kit):
    """The first is let go before the third is taken; the ring is closed all the same."""
    a, b, c = named(kit, 'abc')
    for first, second in ((a, b), (b, c), (c, a)):
        first.acquire()
        second.acquire()
        first.release()
        second.release()


@control(due('lock-order', lock='a'))
def tried_outside_blocking_inside(kit):
    """A lock that was tried for is held like any other, and one waits for the second."""
    a, b = named(kit, 'ab')
    take(a, b)
    kit.check(b.acquire(False), 'nobody holds b')
    with a:
        pass
    b.release()


@control(due('lock-order', lock='a'), apis=('compat',))
def timed_acquire_in_reverse(kit):
    """A wait with a limit is a wait: two threads that do so both fail, again and again."""
    a, b = named(kit, 'ab')
    take(a, b)
    with b:
        if a.acquire(True, 5.0):
            a.release()


@control(due('lock-order', lock='upper', others=['lower']))
def declared_order_reversed(kit):
    """A declared order needs no program that keeps it: the first reverse is reported."""
    watch.order('upper', 'lower')
    take(kit.lock('lower'), kit.lock('upper'))


@control(due('lock-order', lock='top', others=['middle', 'bottom']))
def declared_order_reversed_at_a_distance(kit):
    """top before middle and middle before bottom: so top before bottom."""
    watch.order('top', 'middle')
    watch.order('middle', 'bottom')
    take(kit.lock('bottom'), kit.lock('top'))


@control(due('lock-order', lock='fork 0'))
def dining_philosophers(kit):
    """Everyone takes the left fork first; the table is round."""
    forks = [kit.lock('fork %d' % seat) for seat in range(5)]
    for seat in range(5):
        take(forks[seat], forks[(seat + 1) % 5])


@control()
def dining_philosophers_mended(kit):
    """Everyone takes the fork with the lower number first."""
    forks = [kit.lock('fork %d' % seat) for seat in range(5)]
    for seat in range(5):
        first, second = sorted((seat, (seat + 1) % 5))
        take(forks[first], forks[second])


@control()
def dining_philosophers_who_only_try(kit):
    """One fork waited for, the other tried: no ring of waiting threads."""
    forks = [kit.lock('fork %d' % seat) for seat in range(5)]
    for seat in range(5):
        with forks[seat]:
            other = forks[(seat + 1) % 5]
            if other.acquire(False):
                other.release()


@control()
def ab_ab(kit):
    """The same order each time, from two threads."""
    a, b = named(kit, 'ab')
    take(a, b)
    kit.in_thread(take, a, b)


@control()
def ab_cb_ac(kit):
    """Many pairs, and one order that holds them all: a, c, b."""
    a, b, c = named(kit, 'abc')
    take(a, b)
    take(c, b)
    take(a, c)
    take(a, c, b)


@control()
def one_after_the_other(kit):
    """Locks that are never held together have no order."""
    a, b = named(kit, 'ab')
    for first, second in ((a, b), (b, a)):
        take(first)
        take(second)


@control()
def a_tree_from_the_root_down(kit):
    """Three levels; each level before the next."""
    levels = [[kit.lock('%s%d' % (level, number)) for number in range(3)] for level in 'abc']
    for top in levels[0]:
        for middle in levels[1]:
            for bottom in levels[2]:
                take(top, middle, bottom)


@control()
def trylock_in_reverse(kit):
    """Who only tries does not wait, and takes part in no deadlock."""
    a, b = named(kit, 'ab')
    take(a, b)
    with b:
        if a.acquire(False):
            a.release()


@control()
def trylock_both_ways(kit):
    """The usual remedy where no order can be kept."""
    a, b = named(kit, 'ab')
    for first, second in ((a, b), (b, a)):
        with first:
            if second.acquire(False):
                second.release()


@control()
def released_out_of_order(kit):
    """The order of releases does not matter."""
    a, b = named(kit, 'ab')
    for _ in range(2):
        a.acquire()
        b.acquire()
        a.release()
        b.release()


@control()
def declared_order_kept(kit):
    """Declared, and done."""
    watch.order('upper', 'lower')
    upper, lower = kit.lock('upper'), kit.lock('lower')
    take(upper, lower)
    take(lower)
    take(upper)


@control(kinds=REENTRANT)
def reentry_under_another_lock(kit):
    """a, b and a again: who holds it does not wait for it."""
    a, b = named(kit, 'ab')
    take(a, b, a)
    take(a, a, b)


@control()
def exception_between(kit):
    """``with`` gives the lock back when the block is left by an exception."""
    a, b = named(kit, 'ab')
    for _ in range(2):
        try:
            with b:
                raise KeyError('x')
        except KeyError:
            take(a, b)


@control(due('lock-order', lock='a'))
def exception_inside_both(kit):
    """The order was there, whatever became of the block."""
    a, b = named(kit, 'ab')
    for first, second in ((a, b), (b, a)):
        try:
            with first:
                with second:
                    raise KeyError('x')
        except KeyError:
            continue


@control(due('lock-order', lock='a'), mode='raise')
def ab_ba_raised(kit):
    """Raised before the lock is taken; afterwards both are free."""
    a, b = named(kit, 'ab')
    take(a, b)
    try:
        take(b, a)
        kit.check(False, 'the reverse raises')
    except watch.Violation as violation:
        kit.check(violation.report.kind == 'lock-order', 'it carries its report')
    for lock in (a, b):
        kit.check(lock.acquire(False), 'the lock is free again')
        lock.release()
