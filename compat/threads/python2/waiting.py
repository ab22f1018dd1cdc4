"""The one thing that all of them wait in: a row of parked threads next to a lock.

Condition, Event, Semaphore, Barrier and Queue differ in *what* a thread waits for; how it waits
is the same.  A thread that holds the lock and cannot go on **parks**: it joins the row with a
gate of its own (a Lock that is shut), frees the lock, and waits at its gate.  A thread that holds
the lock and has changed something **opens** gates, those first that have waited longest.

What that gives, and why:

- No wake-up is lost: joining the row and opening gates both happen under the lock.
- An opening reaches a thread that was parked at that moment and no other, and no thread is woken
  for nothing: each gate belongs to one thread.
- An opening is never wasted.  A thread whose time passes, or that is interrupted, is still in the
  row until it has the lock again; if its gate was opened in between, it counts as woken, or
  passes the opening on when it leaves with an exception.
"""
from __future__ import absolute_import, division, print_function

import threading
from collections import deque

from portable_server.compat.clock import monotonic
from portable_server.compat.threads.python2.lock import Lock

#: Jython's own RLock cannot give up all levels in one step.  That a lock can say `_is_owned` is no
#: sign of one: Jython's own Lock can, and says yes whoever holds it.
_OWN_RLOCK = type(threading.RLock())


class Row(object):
    """The threads that are parked at `lock`; its methods are called with the lock held.

    give_up, take_back: functions, what a thread does with the lock before and after it waits.
    """

    __slots__ = ('_gates', 'give_up', 'take_back')

    def __init__(self, lock):
        self._gates = deque()
        self.give_up, self.take_back = _ways(lock)

    def __len__(self):
        return len(self._gates)

    def park(self, seconds=None):
        """bool: whether the gate was opened, within `seconds` (None: no limit)."""
        gate = Lock()
        gate.acquire()
        self._gates.append(gate)
        levels = self.give_up()
        try:
            try:
                opened = _wait_at(gate, seconds)
            finally:
                self.take_back(levels)
        except:     # noqa: E722 - Ctrl-C, or what a signal's handler raised
            if not self._leave(gate):
                self.open()
            raise
        return opened or not self._leave(gate)

    def _leave(self, gate):
        """bool: whether the thread left by itself; False: its gate was opened meanwhile."""
        try:
            self._gates.remove(gate)
        except ValueError:
            return False
        return True

    def park_until(self, ready, seconds=None, park=None):
        """The last value of `ready()`, asked before and after each wait; false: the time passed.

        park: what waits once, `park` of this row by default.
        """
        park = park or self.park
        answer = ready()
        if not answer:
            for left in _time_left(seconds):
                park(left)
                answer = ready()
                if answer:
                    break
        return answer

    def open(self, number=1):
        """Let the `number` threads go on that have waited longest, or as many as there are."""
        gates = self._gates
        while number > 0 and gates:
            gates.popleft().release()
            number -= 1

    def open_all(self):
        """Let all threads go on."""
        self.open(len(self._gates))


def _ways(lock):
    """Two functions: give up all levels of the lock, and take back what the first returned."""
    if hasattr(lock, '_release_save'):      # ours, and a Python RLock: all levels in one step
        return lock._release_save, lock._acquire_restore
    if isinstance(lock, _OWN_RLOCK):        # Jython's: a step for each level
        return lambda: _release_all(lock), lambda levels: _acquire_all(lock, levels)
    return lock.release, lambda nothing: lock.acquire()


def _release_all(lock):
    lock.release()      # its error, where nobody holds it
    levels = 1
    while lock._is_owned():
        lock.release()
        levels += 1
    return levels


def _acquire_all(lock, levels):
    for _ in range(levels):
        lock.acquire()


def _time_left(seconds):
    """Yields what is left of the time until nothing is; None again and again: no limit."""
    while seconds is None:
        yield None
    end = monotonic() + seconds
    while end > monotonic():
        yield end - monotonic()


def _wait_at(gate, seconds):
    if seconds is None:
        return gate.acquire()
    return gate.acquire(True, seconds) if seconds > 0 else gate.acquire(False)
