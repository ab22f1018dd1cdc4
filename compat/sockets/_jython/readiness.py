"""Waiting for non-blocking channels: one thread and one Selector for all of them.

A channel of java.nio is blocking or not for both directions at once.  A time-out, or a
writer that must not wait while another thread reads, needs a non-blocking one; and
then `recv` has to wait by other means.  An own Selector for each waiting thread would
cost two or three descriptors each, so all share this one: a waiting thread hands
in its channel and parks on a latch; the thread here selects and opens the latch.

    waiting thread                          selecting thread
    Waiter -> _arrivals, Selector.wakeup()  register it, or widen its key's interest
    latch.await(time-out)                   select(); ready: narrow interest, open latch
    try to read or write again

A latch may open without need (another thread took the data; the channel was closed):
whoever waits tries again, and waits again if it must.  An abandoned waiter, after a
time-out, stays until its channel is ready or closed; that costs one wake-up.
"""
from __future__ import absolute_import, division, print_function

from _threading import Lock
from java.lang import Exception as JavaException, Runnable, Thread
from java.nio.channels import SelectionKey, Selector
from java.util import ArrayList
from java.util.concurrent import ConcurrentLinkedQueue, CountDownLatch, TimeUnit

READ, WRITE, CONNECT, ACCEPT = (SelectionKey.OP_READ, SelectionKey.OP_WRITE,
                                SelectionKey.OP_CONNECT, SelectionKey.OP_ACCEPT)

_LONGEST_FLUSH = 1000000000     # nanoseconds


class Waiter(object):
    """One thread's wait for `operation` on `channel`."""

    __slots__ = ('channel', 'operation', 'release', '_await')

    def __init__(self, channel, operation):
        self.channel, self.operation = channel, operation
        latch = CountDownLatch(1)
        self.release = latch.countDown
        self._await = getattr(latch, 'await')       # a keyword to Python 3.7's parser

    def wait(self, nanoseconds):
        """False when the time passed; None waits without limit."""
        if nanoseconds is None:
            self._await()
            return True
        return self._await(nanoseconds, TimeUnit.NANOSECONDS)


class _Readiness(Runnable):
    """The selecting thread, started when first needed."""

    def __init__(self):
        self._arrivals = ConcurrentLinkedQueue()
        self._starting = Lock()
        self._selector = None

    def submit(self, waiter):
        """Have `waiter` released when its channel is ready, or closed."""
        if self._selector is None:
            self._start()
        self._arrivals.add(waiter)
        self._selector.wakeup()

    def flush(self):
        """Let go of channels that were closed: until then their descriptors live."""
        waiter = Waiter(None, 0)
        self.submit(waiter)
        waiter.wait(_LONGEST_FLUSH)

    def _start(self):
        with self._starting:
            if self._selector is None:
                self._selector = Selector.open()
                thread = Thread(self, 'compat.sockets readiness')
                thread.setDaemon(True)
                thread.start()

    def run(self):
        while True:
            self._selector.select()
            ready = self._selector.selectedKeys()
            for key in ArrayList(ready):
                self._release(key)
            ready.clear()
            self._admit()

    def _release(self, key):
        try:
            operations = key.readyOps()
            key.interestOps(key.interestOps() & ~operations)
        except JavaException:                       # cancelled: the channel was closed
            operations = -1
        waiting = key.attachment()
        for waiter in list(waiting):
            if waiter.operation & operations:
                waiting.remove(waiter)
                waiter.release()

    def _admit(self):
        waiter = self._arrivals.poll()
        while waiter is not None:
            try:
                if waiter.channel is None:
                    self._selector.selectNow()      # forgets what was closed before
                    waiter.release()
                else:
                    self._register(waiter)
            except JavaException:                   # closed: its owner finds out
                waiter.release()
            waiter = self._arrivals.poll()

    def _register(self, waiter):
        key = waiter.channel.keyFor(self._selector)
        if key is None:
            waiter.channel.register(self._selector, waiter.operation, [waiter])
        else:
            key.attachment().append(waiter)
            key.interestOps(key.interestOps() | waiter.operation)


readiness = _Readiness()
