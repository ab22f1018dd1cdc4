"""Row 40: rule 2, do not wait while you hold a lock.

Sleep, recv, send, accept, connect, join, Queue.get and put, Event.wait, a Semaphore or a
second acquire that blocks: during each of these calls, every thread that needs the lock
waits for an unrelated event, and for ever if that event needs the same lock. The watch
reports the call itself, whether or not it had to wait this time.

A report has two stacks: where the lock was acquired, and where the thread waited.

Source: own rule 2; the Linux kernel checks the same with ``might_sleep``.
"""
from __future__ import absolute_import, division, print_function

import time

from portable_server.compat import sockets, threads
from portable_server.litmus import expect, watch
from portable_server.litmus.watched import NOTHING, WatchedCase

MOMENT = 0.0001
BLOCKED = 'blocked-while-holding of table'


class SleepUnderLock(WatchedCase):
    """The plainest case: time.sleep."""

    rows = (40,)
    expectations = (expect(BLOCKED, 'A', 'own rule 2'),)

    def lesson(self):
        with self.new_lock('table'):
            self.sleep()

    def sleep(self):
        """Block; the variants have other ways."""
        time.sleep(MOMENT)


class JoinUnderLock(SleepUnderLock):
    """The thread that is waited for may want the lock before it can end."""

    def sleep(self):
        other = threads.Thread(target=int)
        other.start()
        other.join(5)


class QueueGetUnderLock(SleepUnderLock):
    """Whoever would put may want the lock first."""

    def sleep(self):
        queue = threads.Queue()
        queue.put_nowait(1)
        queue.get()


class EventWaitUnderLock(SleepUnderLock):
    """The same with an Event."""

    def sleep(self):
        event = threads.Event()
        event.wait(MOMENT)


class SemaphoreUnderLock(SleepUnderLock):
    """The same with a Semaphore."""

    def sleep(self):
        threads.Semaphore().acquire()


class TrafficUnderLock(SleepUnderLock):
    """accept, connect, sendall, recv: the peer says how long the lock is held."""

    expectations = (expect(', '.join([BLOCKED] * 4), 'A', 'own rule 2'),)

    def sleep(self):
        listener = sockets.create_server(('127.0.0.1', 0))
        ours = sockets.socket(sockets.AF_INET, sockets.SOCK_STREAM)
        ours.connect(listener.getsockname())
        peer, _ = listener.accept()
        ours.sendall(b'x')
        peer.recv(1)
        for one in (peer, ours, listener):
            one.close()


class SecondAcquire(SleepUnderLock):
    """The holder of a Lock waits for itself; a limit makes it a lesson and no deadlock."""

    def lesson(self):
        lock = self.new_lock('table')
        with lock:
            lock.acquire(True, MOMENT)


class SleepTellsBothStacks(SleepUnderLock):
    """Nobody sees it in the function that holds the lock; the two stacks tell."""

    expectations = (expect('acquired in lesson, slept in sleep', 'A', 'own rule 2'),)

    def observe(self):
        return ', '.join('acquired in %s, slept in %s' % (
            _ours(report.acquired, 'lesson'), _ours(report.violated, 'sleep'))
            for report in self.session.reports) or NOTHING


def _ours(stack, function):
    """``function`` where the stack has it, else ``'?'``."""
    return function if function in [frame[2] for frame in stack] else '?'


class SleepMended(SleepUnderLock):
    """First out of the lock, then to sleep."""

    mends = 'SleepUnderLock'
    expectations = (expect(NOTHING, 'A', 'own rule 2'),)

    def lesson(self):
        with self.new_lock('table'):
            pass
        self.sleep()


class NoWaitUnderLock(SleepMended):
    """What does not wait may be called under a lock: put_nowait, get_nowait, a try."""

    mends = 'QueueGetUnderLock'

    def lesson(self):
        queue, other = threads.Queue(), watch.name(threads.Lock(), 'other')
        with self.new_lock('table'):
            queue.put_nowait(1)
            queue.get_nowait()
            if other.acquire(False):
                other.release()
