"""Rule 1: hold a lock only briefly. The limit here is one second of kit time."""
from __future__ import absolute_import, division, print_function

from portable_server.compat import clock
from portable_server.litmus import watch
from portable_server.litmus.controls.control import REENTRANT, control, due


def held(lock='a', **more):
    """The report due for a long hold."""
    return due('held-too-long', lock=lock, **more)


@control(held())
def long_hold(kit):
    """Whoever wants the lock waits as long."""
    with kit.lock('a'):
        kit.pass_time(2)


@control(held())
def long_hold_by_acquire(kit):
    """Without ``with``."""
    a = kit.lock('a')
    a.acquire()
    kit.pass_time(2)
    a.release()


@control(held())
def long_hold_of_a_tried_lock(kit):
    """However it was got."""
    a = kit.lock('a')
    kit.check(a.acquire(False), 'nobody holds it')
    kit.pass_time(2)
    a.release()


@control(held(), apis=('compat',))
def long_hold_of_a_timed_lock(kit):
    """However it was got."""
    a = kit.lock('a')
    kit.check(a.acquire(True, 5.0), 'nobody holds it')
    kit.pass_time(2)
    a.release()


@control(held(thread='helper'))
def long_hold_in_another_thread(kit):
    """The report names the thread."""
    def hold():
        with kit.lock('a'):
            kit.pass_time(2)
    kit.in_thread(hold)


@control(held('a'), held('b'))
def long_hold_of_two(kit):
    """Both were held."""
    with kit.lock('a'):
        with kit.lock('b'):
            kit.pass_time(2)


@control(held('a'))
def long_hold_of_the_outer(kit):
    """Many short holds inside make one long hold outside."""
    b = kit.lock('b')
    with kit.lock('a'):
        for _ in range(4):
            with b:
                kit.pass_time(0.5)


@control(held(), kinds=REENTRANT)
def long_hold_in_short_levels(kit):
    """From the first level taken to the last given back."""
    a = kit.lock('a')
    with a:
        kit.pass_time(0.6)
        with a:
            kit.pass_time(0.6)


@control(held(), kinds=('Lock',))
def long_hold_that_another_thread_ends(kit):
    """A Lock may be released by anybody."""
    a = kit.lock('a')
    a.acquire()
    kit.pass_time(2)
    helper = kit.start(a.release)
    while a.locked():
        pass
    kit.finish(helper)


@control(held())
def long_hold_left_by_an_exception(kit):
    """The exception does not make it shorter."""
    try:
        with kit.lock('a'):
            kit.pass_time(2)
            raise KeyError('x')
    except KeyError:
        pass


@control(held())
def long_hold_many_times(kit):
    """Once per place, however often it happens."""
    a = kit.lock('a')
    for _ in range(3):
        with a:
            kit.pass_time(2)


@control(held('a'), held('b'))
def long_holds_at_two_places(kit):
    """Two places, two reports."""
    with kit.lock('a'):
        kit.pass_time(2)
    with kit.lock('b'):
        kit.pass_time(2)


@control(held(), mode='raise')
def long_hold_raised(kit):
    """Raised by the release, which is done all the same."""
    a = kit.lock('a')
    try:
        with a:
            kit.pass_time(2)
        kit.check(False, 'it raises')
    except watch.Violation:
        pass
    kit.check(a.acquire(False), 'the lock is free again')
    a.release()


@control(held(), real_clock=True, hold_limit=0.01)
def long_hold_by_the_real_clock(kit):
    """A loop that computes for 50 ms."""
    with kit.lock('a'):
        until = clock.monotonic() + 0.05
        while clock.monotonic() < until:
            pass


@control(real_clock=True, hold_limit=3600.0)
def short_hold_by_the_real_clock(kit):
    """Less than an hour on any machine."""
    with kit.lock('a'):
        pass


@control()
def short_holds(kit):
    """A hundred times half a second, with nobody kept waiting longer than that."""
    a = kit.lock('a')
    for _ in range(100):
        with a:
            kit.pass_time(0.5)


@control()
def hold_just_below_the_limit(kit):
    """The limit is what is allowed."""
    with kit.lock('a'):
        kit.pass_time(0.9)


@control()
def long_time_without_a_lock(kit):
    """Before, between and after."""
    a = kit.lock('a')
    for _ in range(3):
        kit.pass_time(5)
        with a:
            pass
    kit.pass_time(5)


@control()
def short_hold_elsewhere_meanwhile(kit):
    """What one thread does without the lock does not count for the other's hold."""
    a = kit.lock('a')

    def work():
        for _ in range(20):
            with a:
                pass

    helper = kit.start(work)
    for _ in range(20):
        with a:
            pass
    kit.finish(helper)
    kit.pass_time(5)


@control()
def long_waits_inside_the_library(kit):
    """A Queue, an Event and a Semaphore wait in their own way, with locks of their own."""
    queue, event, slots = kit.threads.Queue(), kit.threads.Event(), kit.threads.Semaphore(0)

    def work():
        kit.pass_time(10)
        queue.put(1)
        kit.pass_time(10)
        event.set()
        kit.pass_time(10)
        slots.release()

    helper = kit.start(work)
    queue.get()
    event.wait()
    slots.acquire()
    kit.finish(helper)


@control(held(), kinds=('Lock',))
def never_released(kit):
    """Still held at the end of the watch, and for longer than the limit."""
    kit.lock('a').acquire()
    kit.pass_time(5)


@control(kinds=('Lock',))
def held_for_a_moment_at_the_end(kit):
    """Still held at the end of the watch, and not for long."""
    kit.pass_time(5)
    kit.lock('a').acquire()
