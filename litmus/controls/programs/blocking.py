"""Rule 2: do not wait while you hold a lock. All who need the lock wait as well."""
from __future__ import absolute_import, division, print_function

import time

from portable_server.compat import clock
from portable_server.litmus import watch
from portable_server.litmus.controls import kit as kits
from portable_server.litmus.controls.control import REENTRANT, control, due

MOMENT = 0.001


def blocked(operation, **more):
    """The report due for ``operation`` under the lock called a."""
    more.setdefault('lock', 'a')
    return due('blocked-while-holding', operation=operation, **more)


@control(blocked('time.sleep', others=[]))
def sleep(kit):
    """The plainest case."""
    with kit.lock('a'):
        time.sleep(MOMENT)


@control(blocked('time.sleep', thread='helper'))
def sleep_in_another_thread(kit):
    """The report names the thread."""
    def nap():
        with kit.lock('a'):
            time.sleep(MOMENT)
    kit.in_thread(nap)


@control(blocked('time.sleep'), apis=('compat',))
def sleep_by_compat(kit):
    """compat's name for it."""
    with kit.lock('a'):
        clock.sleep(MOMENT)


@control(blocked('time.sleep', lock='b', others=['a']))
def sleep_under_two(kit):
    """One report; it names the lock taken last, and the other."""
    with kit.lock('a'):
        with kit.lock('b'):
            time.sleep(MOMENT)


@control(blocked('time.sleep', others=[]))
def sleep_after_the_inner_release(kit):
    """The inner lock is given back, the outer is not."""
    with kit.lock('a'):
        with kit.lock('b'):
            pass
        time.sleep(MOMENT)


@control(blocked('time.sleep', others=[]), kinds=REENTRANT)
def sleep_after_an_inner_level(kit):
    """One level given back of two: still held."""
    a = kit.lock('a')
    with a:
        with a:
            pass
        time.sleep(MOMENT)


@control(blocked('time.sleep'))
def sleep_under_a_tried_lock(kit):
    """However it was got."""
    a = kit.lock('a')
    kit.check(a.acquire(False), 'nobody holds it')
    time.sleep(MOMENT)
    a.release()


@control(blocked('time.sleep'))
def sleep_many_times(kit):
    """Once per place, however often it happens."""
    a = kit.lock('a')
    for _ in range(5):
        with a:
            time.sleep(MOMENT)


@control(blocked('time.sleep'), blocked('time.sleep'))
def sleep_at_two_places(kit):
    """Two places, two reports."""
    with kit.lock('a'):
        time.sleep(MOMENT)
        time.sleep(MOMENT)


@control(blocked('time.sleep'))
def sleep_far_below(kit):
    """Nobody sees it in the function that holds the lock; both stacks tell."""
    def three_calls_below():
        time.sleep(MOMENT)

    def two_calls_below():
        three_calls_below()

    with kit.lock('a'):
        two_calls_below()
    (report,) = kit.session.reports or [None]
    functions = [frame[2] for frame in report.violated]
    kit.check('two_calls_below' in functions and 'three_calls_below' in functions,
              'the stack shows the way to the sleep')
    kit.check('sleep_far_below' in [frame[2] for frame in report.acquired],
              'the other stack shows where the lock was taken')


@control(blocked('time.sleep'), mode='raise')
def sleep_raised(kit):
    """Raised in place of the sleep; ``with`` gives the lock back."""
    a = kit.lock('a')
    try:
        with a:
            time.sleep(MOMENT)
            kit.check(False, 'it raises')
    except watch.Violation:
        pass
    kit.check(a.acquire(False), 'the lock is free again')
    a.release()


@control(blocked('Thread.join'))
def join(kit):
    """The other thread may want this lock before it can end."""
    helper = kit.start(lambda: None)
    with kit.lock('a'):
        helper.join(kits.PATIENCE)


@control(blocked('Queue.get'))
def queue_get(kit):
    """Whoever would put may want this lock."""
    queue = kit.threads.Queue()
    queue.put(1)
    with kit.lock('a'):
        queue.get()


@control(blocked('Queue.get'))
def queue_get_with_a_limit(kit):
    """A short wait is a wait."""
    queue = kit.threads.Queue()
    with kit.lock('a'):
        try:
            queue.get(True, MOMENT)
        except kit.threads.Empty:
            pass


@control(blocked('Queue.put'))
def queue_put(kit):
    """A queue with a limit makes the producer wait."""
    queue = kit.threads.Queue(1)
    with kit.lock('a'):
        queue.put(1)


@control(blocked('Event.wait'))
def event_wait(kit):
    """Waiting for somebody else's work."""
    event = kit.threads.Event()
    event.set()
    with kit.lock('a'):
        event.wait()


@control(blocked('Event.wait'))
def event_wait_with_a_limit(kit):
    """A short wait is a wait."""
    event = kit.threads.Event()
    with kit.lock('a'):
        event.wait(MOMENT)


@control(blocked('Semaphore.acquire'))
def semaphore(kit):
    """A semaphore counts something that others give back, perhaps under this lock."""
    slots = kit.threads.Semaphore(1)
    with kit.lock('a'):
        slots.acquire()
    slots.release()


@control(blocked('Semaphore.acquire'))
def semaphore_by_with(kit):
    """The same by ``with``, bounded."""
    slots = kit.threads.BoundedSemaphore(1)
    with kit.lock('a'):
        with slots:
            pass


@control(blocked('Barrier.wait'), apis=('compat',))
def barrier(kit):
    """The others must come, and one of them may want this lock."""
    meeting = kit.threads.Barrier(1)
    with kit.lock('a'):
        meeting.wait()


@control(due('blocked-while-holding', lock='a'),
         due('held-too-long', lock='a'), due('held-too-long', lock='b'))
def long_wait_for_a_second_lock(kit):
    """Whoever wants the first waits for the holder of the second."""
    a, b = kit.lock('a'), kit.lock('b')
    taken, waiting = kit.threads.Event(), kit.threads.Event()

    def hold():
        with b:
            taken.set()
            waiting.wait()
            kit.pass_time(5)

    helper = kit.start(_allowed(hold))
    taken.wait()
    with a:
        # the watch reads its clock when the wait begins
        kit.clock.on_read = waiting.set
        b.acquire()
        b.release()
    kit.finish(helper)


def _allowed(function):
    return watch.allow('the helper', why='it waits for the other on purpose',
                       kinds=('blocked-while-holding',))(function)
