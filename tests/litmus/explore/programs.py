"""Programs that the tests explore: functions that start threads."""
from __future__ import absolute_import, division, print_function

import threading
import time

from portable_server.compat import threads


def together(*functions):
    """Run the functions in a thread each and wait for them."""
    started = [threading.Thread(target=function) for function in functions]
    for thread in started:
        thread.start()
    for thread in started:
        thread.join()


class Cell(object):
    def __init__(self):
        self.n = 0

    def add(self):
        self.n += 1


def lost_update():
    cell = Cell()
    together(cell.add, cell.add)
    assert cell.n == 2, cell.n


total = 0


def _add_to_total():
    global total
    total += 1


def lost_update_of_a_global():
    together(_add_to_total, _add_to_total)
    assert total == 2, total


def lost_update_of_an_item():
    counts = {'a': 0}

    def add():
        counts['a'] += 1
    together(add, add)
    assert counts['a'] == 2, counts


def counted_under_a_lock():
    cell, lock = Cell(), threading.Lock()

    def add():
        with lock:
            cell.add()
    together(add, add)
    assert cell.n == 2, cell.n


def lock_order():
    first, second = threading.Lock(), threading.Lock()

    def forwards():
        with first:
            with second:
                pass

    def backwards():
        with second:
            with first:
                pass
    together(forwards, backwards)


def spins_for_ever():
    cell = Cell()
    while cell.n == 0:
        cell.n += 0


def spins_until_another_thread_runs():
    cell = Cell()

    def wait():
        while cell.n == 0:
            pass
    together(wait, cell.add)


def sleeps_in_order():
    order = []

    def sleep(seconds):
        time.sleep(seconds)
        order.append(seconds)
    begun = time.time()
    together(lambda: sleep(3000), lambda: sleep(1000), lambda: sleep(2000))
    assert order == [1000, 2000, 3000], order
    assert 3000 <= time.time() - begun < 3001


def time_out():
    event = threading.Event()
    assert event.wait(3600) is False or event.is_set()
    assert threads.Lock().acquire(timeout=1)
    held = threads.Lock()
    held.acquire()
    assert held.acquire(timeout=3600) is False


def swallows_everything():
    lock = threading.Lock()
    lock.acquire()
    while True:
        try:
            lock.acquire()
        except BaseException:   # noqa: B036 -- the point of it
            pass


def ends_in_the_middle():
    raise SystemExit(3)


def handover(queue_class):
    queue, got = queue_class(), []

    def give():
        for number in range(3):
            queue.put(number)

    def take():
        for _ in range(3):
            got.append(queue.get())
    together(give, take)
    assert got == [0, 1, 2], got


def handover_by_queue():
    handover(threads.Queue)


def everything_of_threading():
    """Every class of `threading`, used rightly: no schedule may fail."""
    done, barrier = [], threads.Barrier(2)
    condition, semaphore, event = threads.Condition(), threads.Semaphore(0), threads.Event()

    def one():
        with condition:
            while not done:
                condition.wait()
        semaphore.release()
        barrier.wait()
        event.set()

    def other():
        with condition:
            done.append(threads.current_thread().name)
            condition.notify_all()
        semaphore.acquire()
        barrier.wait()
        assert event.wait()
    together(one, other)
    timer = threads.Timer(100, lambda: done.append('late'))
    timer.start()
    timer.join()
    assert done[1:] == ['late'], done


def barrier_breaks():
    barrier, broken = threads.Barrier(2), []

    def wait():
        try:
            barrier.wait(timeout=10)
        except threads.BrokenBarrierError:
            broken.append(1)
    together(wait)
    assert broken == [1] and barrier.broken


def misuse():
    for mistake in (threads.Lock().release, threads.RLock().release, threads.Condition().notify,
                    threads.Condition().wait, threads.current_thread().join):
        try:
            mistake()
        except RuntimeError:
            continue
        raise AssertionError(mistake)
    semaphore = threads.BoundedSemaphore(1)
    try:
        semaphore.release()
    except ValueError:
        return
    raise AssertionError(semaphore)
