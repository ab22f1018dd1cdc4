"""All guests, a few at a time; Ctrl-C ends them all and keeps what was measured."""

from __future__ import annotations

import contextlib
import resource
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import TypeVar

from harness.matrix.guest_run import News, Plan, run_guest
from harness.matrix.guests import Guest
from harness.matrix.outcomes import Column

Task = Callable[[threading.Event], Column]
Measured = TypeVar("Measured")


def guest_tasks(guests: Sequence[Guest], plan: Plan, news: News) -> list[Task]:
    def task(guest: Guest) -> Task:
        return lambda stop: run_guest(guest, plan, stop, news)

    return [task(guest) for guest in guests]


def run_all(
    tasks: Sequence[Callable[[threading.Event], Measured]], jobs: int
) -> tuple[list[Measured], bool]:
    """The columns of all tasks, in their order, and whether they were interrupted.

    A task that had not begun when the interruption came still gives its column: it is started
    with ``stop`` set, and ends at once.
    """
    stop = threading.Event()
    with ending_by_signals(), without_core_dumps(), ThreadPoolExecutor(jobs) as pool:
        futures: list[Future[Measured]] = []
        try:
            # an interruption may come here too, when the first has begun
            futures.extend(pool.submit(task, stop) for task in tasks)
            wait(futures)
        except KeyboardInterrupt:
            stop.set()
            futures += [pool.submit(task, stop) for task in tasks[len(futures) :]]
        return [future.result() for future in futures], stop.is_set()


@contextlib.contextmanager
def ending_by_signals() -> Iterator[None]:
    """SIGTERM and SIGHUP end a run as Ctrl-C does: no guest is left running behind it."""

    def interrupt(number: int, frame: object) -> None:
        raise KeyboardInterrupt

    numbers = (signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, interrupt) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextlib.contextmanager
def without_core_dumps() -> Iterator[None]:
    """Guests inherit the limit: one that crashes must not leave a core file in the project."""
    soft, hard = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_CORE, (soft, hard))
