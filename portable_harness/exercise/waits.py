"""`Condition` and `Event` of the checks of a module: the waits end when the module's process does.

A check may wait without a limit on behalf of the module: a call back waits for the test to go on, a
condition that a check gave to the module for being notified. Where the module fails, nobody wakes
that thread any more, and a grader of many submissions would collect them. So each wait is known to
`Waits`, which ends all of them. Their locks are held on behalf of the module too, and nobody gives
back one whose holder has ended: who waits for a lock looks from time to time whether all is over.
"""

from __future__ import annotations

import contextlib
import math
import threading
import time
from collections.abc import Iterator
from typing import Any

PAUSE = 0.01  # seconds between two attempts to wake
LIMIT = 10.0  # seconds for the attempts
LOOK = 0.1  # seconds between two looks of who waits for a lock


class Over(Exception):
    """The process has ended; nothing can be asked of it any more, and nobody waits for it."""


class Waits:
    """Those of all conditions that were made with it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._begun: list[Condition] = []
        self.are_over = False

    @contextlib.contextmanager
    def one(self, condition: Condition) -> Iterator[None]:
        """A wait for this condition. :raises Over: it is or was in vain"""
        with self._lock:
            self.refuse()
            self._begun.append(condition)
        try:
            yield
        finally:
            with self._lock:
                self._begun.remove(condition)
        self.refuse()

    def refuse(self) -> None:
        """:raises Over: they are over"""
        if self.are_over:
            raise Over("the process has ended")

    def end(self) -> None:
        """Wake everybody. Again and again, as one that has begun may not quite wait yet."""
        self.are_over = True
        deadline = time.monotonic() + LIMIT
        while self._wake() and time.monotonic() < deadline:
            time.sleep(PAUSE)

    def _wake(self) -> int:
        with self._lock:
            left = list(self._begun)
        for condition in left:
            condition.wake()
        return len(left)


class Lock:
    """A lock that its holder may take again, with what `threading.Condition` wants of one."""

    def __init__(self, waits: Waits) -> None:
        self._waits, self._real = waits, threading.Lock()
        self._holder, self._depth = 0, 0

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        """Take it; False where it did not come in time. :raises Over: it will not come"""
        if not self._is_owned():
            if not self._take(0.0 if not blocking else timeout if timeout >= 0 else math.inf):
                return False
            self._holder = threading.get_ident()
        self._depth += 1
        return True

    def _take(self, seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        while not self._real.acquire(timeout=max(0.0, min(LOOK, deadline - time.monotonic()))):
            self._waits.refuse()
            if time.monotonic() >= deadline:
                return False
        return True

    def release(self) -> None:
        """Give it back, once for each time that it was taken."""
        if not self._is_owned():
            self._waits.refuse()
            raise RuntimeError("release of a lock that this thread does not hold")
        self._depth -= 1
        if not self._depth:
            self._release_save()

    def __enter__(self) -> bool:
        return self.acquire()

    def __exit__(self, *unused: object) -> None:
        self.release()

    def _is_owned(self) -> bool:
        return self._holder == threading.get_ident()

    def _release_save(self) -> int:
        depth, self._depth, self._holder = self._depth, 0, 0
        self._real.release()
        return depth

    def _acquire_restore(self, depth: int) -> None:
        self.acquire()
        self._depth = depth


class Condition(threading.Condition):
    """As that of `threading`. :raises Over: by a wait when the process has ended"""

    def __init__(self, waits: Waits, lock: Any = None) -> None:
        own: Any = Lock(waits)
        super().__init__(own if lock is None else lock)
        self._waits = waits

    def wait(self, timeout: float | None = None) -> bool:
        with self._waits.one(self):
            return super().wait(timeout)

    def wake(self) -> None:
        """Like `notify_all`, without the lock: that may be one of the process that has ended."""
        with contextlib.suppress(RuntimeError):  # woken meanwhile
            for waiter in list(self._waiters):  # type: ignore[attr-defined]
                waiter.release()


class Event:
    """As that of `threading`. :raises Over: by a wait when the process has ended"""

    def __init__(self, waits: Waits) -> None:
        self._changed = Condition(waits)
        self._is_set = False

    def is_set(self) -> bool:
        """Whether it is."""
        return self._is_set

    def set(self) -> None:
        """Wake who waits for it, now and later."""
        with self._changed:
            self._is_set = True
            self._changed.notify_all()

    def clear(self) -> None:
        """From now on one waits for it again."""
        with self._changed:
            self._is_set = False

    def wait(self, timeout: float | None = None) -> bool:
        """Until it is set, for at most so many seconds; whether it is."""
        with self._changed:
            return self._changed.wait_for(self.is_set, timeout)
