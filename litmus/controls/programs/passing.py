"""Locks that go from thread to thread, and threads that end before their locks do."""
from __future__ import absolute_import, division, print_function

import time

from portable_server.litmus import watch
from portable_server.litmus.controls.control import control, due
from portable_server.litmus.controls.programs.blocking import MOMENT, blocked
from portable_server.litmus.controls.programs.order import named, take

#: Only a Lock may be released by a thread that does not hold it.
LOCK = ('Lock',)


@control(kinds=LOCK)
def released_by_another_thread(kit):
    """library/threading: any thread may release a Lock. Then nobody holds it."""
    a = kit.lock('a')
    a.acquire()
    helper = kit.start(a.release)
    while not a.acquire(False):
        pass
    a.release()
    time.sleep(MOMENT)
    kit.finish(helper)


@control(kinds=LOCK)
def sleep_after_a_foreign_release(kit):
    """The thread that took it has nothing any more, though it never gave it back itself."""
    a = kit.lock('a')
    a.acquire()
    helper = kit.start(a.release)
    while a.locked():
        pass
    time.sleep(MOMENT)
    kit.finish(helper)
    take(kit.lock('b'), a)
    take(kit.lock('b'), a)


@control(kinds=LOCK)
def order_after_a_foreign_release(kit):
    """What another thread gave back is no longer held here: b is taken under nothing."""
    a, b = named(kit, 'ab')
    a.acquire()
    helper = kit.start(a.release)
    while not a.acquire(False):
        pass
    a.release()
    take(b)
    take(b, a)
    kit.finish(helper)


@control(kinds=LOCK)
def taken_here_released_there(kit):
    """Handed over: the helper gives it back and may sleep then."""
    a = kit.lock('a')

    def finish_the_work():
        a.release()
        time.sleep(MOMENT)

    a.acquire()
    helper = kit.start(finish_the_work)
    while not a.acquire(False):
        pass
    a.release()
    kit.finish(helper)


@control(kinds=LOCK)
def thread_that_ended_with_a_lock(kit):
    """Its lock is not held by whoever comes next, not even with the same number."""
    a = kit.lock('a')
    kit.in_thread(a.acquire)
    for _ in range(5):
        kit.in_thread(time.sleep, MOMENT)
    time.sleep(MOMENT)
    a.release()


@control(due('lock-order', lock='a', others=['b']), kinds=LOCK)
def order_of_a_thread_that_ended(kit):
    """The thread is gone; the order that it kept is not."""
    a, b = named(kit, 'ab')
    kit.in_thread(take, a, b)
    for _ in range(3):
        kit.in_thread(time.sleep, MOMENT)
    take(b, a)


@control()
def locks_of_threads_that_ended(kit):
    """A lock for each of many threads, all gone."""
    def work():
        with kit.lock('a'):
            pass

    for _ in range(20):
        kit.in_thread(work)
    take(kit.lock('a'))


@control(blocked('time.sleep'))
def held_in_the_thread_that_sleeps(kit):
    """Two threads, each with a lock of its own: only one of them sleeps."""
    a, b = named(kit, 'ab')
    asleep = []

    def nap():
        with a:
            time.sleep(MOMENT)
            asleep.append(True)

    helper = kit.start(nap)
    with b:
        while not asleep:
            pass
    kit.finish(helper)


@control()
def lock_given_to_a_thread_in_a_queue(kit):
    """A lock is a value like any other until it is taken."""
    queue = kit.threads.Queue()

    def work():
        with queue.get():
            pass

    helper = kit.start(work)
    queue.put(kit.lock('a'))
    kit.finish(helper)


@control(kinds=LOCK)
def lock_as_a_signal(kit):
    """Taken at first, released by the other thread to say "go"."""
    signal = kit.lock('signal')
    signal.acquire()
    helper = kit.start(signal.release)
    while not signal.acquire(False):
        pass
    signal.release()
    kit.finish(helper)


@control()
def thread_subclass_with_a_lock(kit):
    """The lock of an object that is a thread."""
    class Counter(kit.threads.Thread):
        def __init__(self):
            super(Counter, self).__init__(name='counter')
            self.lock = watch.name(kit.new_lock(), 'counter')
            self.count = 0

        def run(self):
            for _ in range(10):
                with self.lock:
                    self.count += 1

    crew = [Counter() for _ in range(3)]
    for one in crew:
        one.start()
    kit.finish(*crew)
    kit.check([one.count for one in crew] == [10, 10, 10], 'each counted to ten')


@control(kinds=LOCK)
def mutual_exclusion(kit):
    """What all else rests on (row 5): who does not get the lock does not go on."""
    a, seen = kit.lock('a'), []
    with a:
        helper = kit.start(lambda: seen.append(a.acquire(False)))
        while not seen:
            pass
    kit.finish(helper)
    kit.check(seen == [False], 'the lock keeps the second thread out')
    kit.check(a.acquire(False), 'free again')
    kit.check(a.locked(), 'it says so')
    a.release()
    kit.check(not a.locked(), 'and that it is free')


@control(apis=('compat',))
def release_of_an_unheld_lock(kit):
    """RuntimeError, and the books of the watch stay right."""
    a, b = named(kit, 'ab')
    try:
        a.release()
        kit.check(False, 'it raises')
    except RuntimeError:
        pass
    time.sleep(MOMENT)
    take(a, b)
    take(a, b)
