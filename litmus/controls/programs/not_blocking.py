"""What only looks like a breach of rule 2: nobody sleeps, or nothing is held."""
from __future__ import absolute_import, division, print_function

import time

from portable_server.litmus.controls.control import REENTRANT, control
from portable_server.litmus.controls.programs.blocking import MOMENT


@control()
def short_wait_for_a_second_lock(kit):
    """Nested locks in a fixed order are legal, and so is a moment's wait for the inner."""
    a, b = kit.lock('a'), kit.lock('b')

    def work():
        for _ in range(50):
            with a:
                with b:
                    pass

    def inner_work():
        for _ in range(50):
            with b:
                pass

    kit.finish(kit.start(work), kit.start(inner_work))


@control()
def sleep_without_a_lock(kit):
    """Before, between and after."""
    a = kit.lock('a')
    time.sleep(MOMENT)
    for _ in range(2):
        with a:
            pass
        time.sleep(MOMENT)


@control()
def sleep_after_an_exception(kit):
    """The exception gave the lock back."""
    try:
        with kit.lock('a'):
            raise KeyError('x')
    except KeyError:
        time.sleep(MOMENT)


@control(kinds=REENTRANT)
def sleep_after_all_levels(kit):
    """Two levels taken, two given back."""
    a = kit.lock('a')
    with a:
        with a:
            pass
    time.sleep(MOMENT)


@control()
def sleep_after_a_failed_try(kit):
    """What was not got is not held."""
    a = kit.lock('a')
    taken, done = kit.threads.Event(), []

    def hold():
        with a:
            taken.set()
            while not done:
                pass

    helper = kit.start(hold)
    taken.wait()
    kit.check(not a.acquire(False), 'the helper holds it')
    time.sleep(MOMENT)
    done.append(True)
    kit.finish(helper)


@control(apis=('compat',))
def sleep_after_a_wait_in_vain(kit):
    """The same with a limit of time."""
    a = kit.lock('a')
    taken, done = kit.threads.Event(), []

    def hold():
        with a:
            taken.set()
            while not done:
                pass

    helper = kit.start(hold)
    taken.wait()
    kit.check(not a.acquire(True, MOMENT), 'the helper holds it')
    time.sleep(MOMENT)
    done.append(True)
    kit.finish(helper)


@control()
def queue_without_waiting(kit):
    """get_nowait, put_nowait and their like raise in place of a wait."""
    queue = kit.threads.Queue(1)
    with kit.lock('a'):
        queue.put_nowait(1)
        queue.get_nowait()
        queue.put(1, False)
        queue.get(False)
        try:
            queue.get_nowait()
        except kit.threads.Empty:
            pass


@control()
def asking_without_waiting(kit):
    """is_set, a wait of no time, a try, notify, starting a thread: none sleeps."""
    event, slots = kit.threads.Event(), kit.threads.Semaphore(1)
    with kit.lock('a'):
        event.is_set()
        event.wait(0)
        event.set()
        kit.check(slots.acquire(False), 'one is free')
        slots.release()
        helper = kit.start(lambda: None)
    kit.finish(helper)


@control()
def queue_without_a_limit(kit):
    """A put into it never waits."""
    queue = kit.threads.Queue()
    with kit.lock('a'):
        queue.put(1)
        queue.put(2, True, 5.0)


@control()
def waits_of_no_time(kit):
    """A time-out of 0 is a question."""
    helper = kit.start(lambda: None)
    with kit.lock('a'):
        time.sleep(0)
        helper.join(0)
    kit.finish(helper)
