"""Programs as they are written: names imported at the top, locks without names, one line."""
from __future__ import absolute_import, division, print_function

import logging
import threading
import time
from threading import Condition, Lock, RLock
from time import sleep as nap

from portable_server.compat.threads import Lock as CompatLock
from portable_server.litmus import watch
from portable_server.litmus.controls.control import control, due
from portable_server.litmus.controls.programs.blocking import MOMENT
from portable_server.litmus.controls.programs.order import take

# Made before any watch (the tests of this tree run under one): nothing is known of it.
with watch.suspended():
    EARLY = threading.Lock()
#: Programs that name their API themselves run in one column.
HERE = {'apis': ('threading',), 'kinds': ('Lock',)}


@control(due('blocked-while-holding', operation='time.sleep'), **HERE)
def names_imported_at_the_top(kit):
    """``from threading import Lock``, ``from time import sleep``, long before the watch."""
    lock = Lock()
    with lock:
        nap(MOMENT)


@control(due('blocked-while-holding', operation='time.sleep'), **HERE)
def names_imported_inside(kit):
    """The same, while the watch is on."""
    from threading import RLock as Inner
    from time import sleep
    with Inner():
        sleep(MOMENT)


@control(due('blocked-while-holding'), due('blocked-while-holding'), **HERE)
def other_names_imported_at_the_top(kit):
    """RLock, and compat's Lock."""
    with RLock():
        nap(MOMENT)
    with CompatLock():
        nap(MOMENT)


@control(due('blocked-while-holding', operation='Condition.wait'), **HERE)
def condition_imported_at_the_top(kit):
    """A wait under another lock."""
    lock, condition = Lock(), Condition()
    with lock:
        with condition:
            condition.wait(MOMENT)


@control(**HERE)
def own_wait_of_a_condition_imported_at_the_top(kit):
    """And one under none."""
    condition = Condition()
    with condition:
        condition.wait(MOMENT)


@control(**HERE)
def lock_made_before_the_watch(kit):
    """It is a plain lock; the watch says nothing rather than something wrong."""
    with EARLY:
        time.sleep(MOMENT)
        with kit.lock('a'):
            pass
    with kit.lock('a'):
        with EARLY:
            pass


@control(due('lock-order'), **HERE)
def two_made_on_one_line(kit):
    """Two calls on one line are two places."""
    first, second = threading.Lock(), threading.Lock()
    take(first, second)
    take(second, first)


@control(due('lock-order'))
def two_made_on_one_line_by_another_name(kit):
    """Whatever the factory is called there."""
    first, second = kit.new_lock(), kit.new_lock()
    take(first, second)
    take(second, first)


@control()
def two_made_on_one_line_in_order(kit):
    """In order, and no two of one class."""
    first, second = kit.new_lock(), kit.new_lock()
    take(first, second)
    take(first, second)


@control(due('same-class-nesting'))
def two_objects_of_a_class(kit):
    """All locks that ``__init__`` makes are one class."""
    class Account(object):
        def __init__(self):
            self.lock = kit.new_lock()

    take(Account().lock, Account().lock)


@control(due('same-class-nesting'))
def two_in_the_order_of_their_identity(kit):
    """An order by ``id`` is one, but the watch cannot know: give ranks."""
    pair = sorted([kit.new_lock() for _ in range(2)], key=id)
    take(*pair)


@control(due('lock-order'))
def fifty_in_a_ring(kit):
    """However long the way round is."""
    ring = [kit.lock('lock %d' % number) for number in range(50)]
    for one, following in zip(ring, ring[1:] + ring[:1]):
        take(one, following)


@control()
def fifty_in_a_row(kit):
    """One holds all of them, in order."""
    row = [kit.lock('lock %d' % number) for number in range(50)]
    take(*row)
    take(*row[::7])


@control(due('blocked-while-holding', lock='a', operation='time.sleep'))
def synchronized_method(kit):
    """A decorator takes the lock."""
    lock = kit.lock('a')

    def synchronized(function):
        def locked(*arguments):
            with lock:
                return function(*arguments)
        return locked

    synchronized(time.sleep)(MOMENT)


@control(due('blocked-while-holding', lock='a', operation='time.sleep'))
def generator_that_holds(kit):
    """The lock stays held between two items."""
    def numbers():
        with kit.lock('a'):
            yield 1
            yield 2

    items = numbers()
    next(items)
    time.sleep(MOMENT)
    items.close()
    time.sleep(MOMENT)


@control(due('blocked-while-holding', lock='a', operation='time.sleep'), due('lock-order'))
def two_faults_in_one_program(kit):
    """Each is reported, and neither hides the other."""
    a, b = kit.lock('a'), kit.lock('b')
    take(b, a)
    with a:
        time.sleep(MOMENT)
        with b:
            pass


@control()
def acquired_and_released_by_hand(kit):
    """try, finally."""
    a = kit.lock('a')
    for _ in range(3):
        a.acquire()
        try:
            pass
        finally:
            a.release()
        time.sleep(MOMENT)


@control()
def logging_under_a_lock(kit):
    """The locks of logging are its own."""
    logger = logging.Logger('control')
    logger.addHandler(logging.StreamHandler(_Nowhere()))
    with kit.lock('a'):
        logger.error('x')
    logger.error('y')


class _Nowhere(object):
    def write(self, text):
        pass

    def flush(self):
        pass


@control()
def semaphore_is_no_lock(kit):
    """Who has a slot may sleep: the others have theirs."""
    slots = kit.threads.Semaphore(2)
    with slots:
        time.sleep(MOMENT)


@control()
def timer_under_a_lock(kit):
    """To start and to cancel it is no wait."""
    with kit.lock('a'):
        timer = kit.threads.Timer(60, kit.close)
        timer.start()
        timer.cancel()
    kit.finish(timer)


@control()
def helper_that_sleeps(kit):
    """Started under the lock, it does not hold it."""
    with kit.lock('a'):
        helper = kit.start(time.sleep, MOMENT)
    kit.finish(helper)


@control()
def deep_recursion(kit):
    """Fifty levels, each with a lock of the next rank."""
    def descend(depth):
        with kit.lock('level', rank=depth):
            if depth < 50:
                descend(depth + 1)

    descend(0)


@control(kinds=('RLock', 'Condition'))
def deep_reentry(kit):
    """Fifty levels of one lock."""
    a = kit.lock('a')
    take(*[a] * 50)
    time.sleep(MOMENT)


@control()
def wait_in_a_thread_of_its_own(kit):
    """The helper waits for an event; who sets it holds a lock, and that is fine."""
    event = kit.threads.Event()
    helper = kit.start(event.wait)
    with kit.lock('a'):
        event.set()
    kit.finish(helper)


@control(apis=('compat',))
def arguments_by_name(kit):
    """``blocking=False`` and ``timeout=`` mean the same as by place."""
    a, b = kit.lock('a'), kit.lock('b')
    take(a, b)
    with b:
        kit.check(a.acquire(blocking=False), 'nobody holds it')
        a.release()
        kit.check(a.acquire(blocking=True, timeout=0), 'nobody holds it')
        a.release()


@control(due('lock-order'), apis=('compat',))
def blocking_by_name(kit):
    """With a limit it waits."""
    a, b = kit.lock('a'), kit.lock('b')
    take(a, b)
    with b:
        kit.check(a.acquire(timeout=5.0), 'nobody holds it')
        a.release()
