"""Nesting: several locks of one class held at once, and one lock taken twice."""
from __future__ import absolute_import, division, print_function

from portable_server.litmus import watch
from portable_server.litmus.controls.control import REENTRANT, control, due
from portable_server.litmus.controls.programs.order import take


@control(due('blocked-while-holding', lock='a'), clean_for=REENTRANT, mode='raise')
def self_deadlock(kit):
    """The holder of a Lock waits for itself; an RLock lets it in again."""
    a = kit.lock('a')
    with a:
        try:
            a.acquire()
            a.release()
        except watch.Violation as violation:
            kit.check(violation.report.lock == 'a', 'it carries its report')


@control(due('blocked-while-holding', lock='a'), apis=('compat',), clean_for=REENTRANT)
def self_deadlock_with_a_limit(kit):
    """The same, and the wait ends by its limit."""
    a = kit.lock('a')
    with a:
        if a.acquire(True, 0.01):
            a.release()


@control(due('same-class-nesting', lock='account'))
def two_of_a_class(kit):
    """A transfer from one account to another; the way back is the deadlock."""
    take(kit.lock('account'), kit.lock('account'))


@control(due('same-class-nesting', lock='account'))
def ranks_descending(kit):
    """The class has an order, and this is not it."""
    take(kit.lock('account', rank=2), kit.lock('account', rank=1))


@control(due('same-class-nesting', lock='account'))
def ranks_equal(kit):
    """Two with one rank have no order between them."""
    take(kit.lock('account', rank=1), kit.lock('account', rank=1))


@control(due('same-class-nesting', lock='account'))
def only_one_has_a_rank(kit):
    """A lock without a rank stands nowhere in the order."""
    take(kit.lock('account', rank=1), kit.lock('account'))


@control(due('same-class-nesting'))
def two_made_at_one_place(kit):
    """The class of a lock without a name is the place where it was made."""
    take(*[kit.new_lock() for _ in range(2)])


@control(due('same-class-nesting', lock='account'))
def two_of_a_class_many_times(kit):
    """Once per place, however often it happens."""
    for _ in range(5):
        take(kit.lock('account'), kit.lock('account'))


@control(due('same-class-nesting', lock='fork'))
def ranked_forks_of_a_round_table(kit):
    """The last philosopher reaches from the highest fork to the lowest."""
    forks = [kit.lock('fork', rank=seat) for seat in range(4)]
    for seat in range(4):
        take(forks[seat], forks[(seat + 1) % 4])


@control(due('same-class-nesting', lock='account'), mode='raise')
def two_of_a_class_raised(kit):
    """Raised before the second is taken; afterwards both are free."""
    first, second = kit.lock('account'), kit.lock('account')
    try:
        take(first, second)
        kit.check(False, 'it raises')
    except watch.Violation:
        pass
    for lock in (first, second):
        kit.check(lock.acquire(False), 'the lock is free again')
        lock.release()


@control()
def ranks_ascending(kit):
    """Declared and kept."""
    take(*[kit.lock('account', rank=rank) for rank in range(1, 4)])


@control()
def transfers_in_the_order_of_ranks(kit):
    """There and back, the account with the lower number first."""
    accounts = [kit.lock('account', rank=number) for number in range(2)]
    for source, target in ((0, 1), (1, 0)):
        take(accounts[min(source, target)], accounts[max(source, target)])


@control()
def hand_over_hand(kit):
    """Down a list: never more than two locks, always the next one."""
    nodes = [kit.lock('node', rank=number) for number in range(5)]
    nodes[0].acquire()
    for held, following in zip(nodes, nodes[1:]):
        following.acquire()
        held.release()
    nodes[-1].release()


@control()
def one_of_a_class_after_the_other(kit):
    """Never two at once."""
    for _ in range(3):
        take(kit.lock('account'))


@control()
def second_of_a_class_only_tried(kit):
    """Who does not wait needs no order."""
    with kit.lock('account'):
        second = kit.lock('account')
        kit.check(second.acquire(False), 'nobody holds it')
        second.release()


@control()
def two_made_at_two_places(kit):
    """Two places, two classes, one order."""
    first = kit.new_lock()
    second = kit.new_lock()
    take(first, second)
    take(first, second)


@control()
def one_of_a_class_in_each_thread(kit):
    """Held at once, but by two threads."""
    first, second = kit.lock('account'), kit.lock('account')
    ready, done = kit.threads.Event(), kit.threads.Event()

    def hold():
        second.acquire()
        ready.set()
        while not done.wait(0):
            pass
        second.release()

    helper = kit.start(hold)
    ready.wait()
    take(first)
    done.set()
    kit.finish(helper)


@control(kinds=REENTRANT)
def reentry(kit):
    """Three levels of one lock: no second lock, no wait."""
    a = kit.lock('a')
    take(a, a, a)
    kit.check(a.acquire(False), 'all levels were given back')
    a.release()


@control(kinds=('Lock',))
def trylock_of_a_held_lock(kit):
    """A Lock says no to its own holder, too; that is no wait."""
    a = kit.lock('a')
    with a:
        kit.check(not a.acquire(False), 'a Lock is not re-entrant')
