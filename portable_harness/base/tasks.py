"""Several tasks at a time; a signal ends them all and keeps what was measured."""

from __future__ import annotations

import contextlib
import resource
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from portable_harness.base import children

Measured = TypeVar("Measured")
ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def run_all(
    tasks: Sequence[Callable[[threading.Event], Measured]], jobs: int
) -> tuple[list[Measured], bool]:
    """The results of all tasks, in their order, and whether they were interrupted.

    A task that had not begun when the interruption came still gives its result: it is started
    with ``stop`` set, and ends at once.
    """
    stop = threading.Event()
    with stopping_by_signals(stop), without_core_dumps(), ThreadPoolExecutor(jobs) as pool:
        futures = [pool.submit(task, stop) for task in tasks]
        return [future.result() for future in futures], stop.is_set()


@contextlib.contextmanager
def stopping_by_signals(stop: threading.Event) -> Iterator[None]:
    """Ctrl-C, SIGTERM and SIGHUP set ``stop`` and end the programs that prepare a guest.

    An exception would not do: one that is raised while the pool starts a thread may be lost, and
    the run would go on as if nothing had been said.
    """

    def set_stop(number: int, frame: object) -> None:
        stop.set()
        children.stop_all()

    with children.stoppable(), _handled(set_stop):
        yield


@contextlib.contextmanager
def ending_by_signals() -> Iterator[None]:
    """SIGTERM and SIGHUP end us as Ctrl-C does: what was started is ended first."""
    with _handled(children.interrupt):
        yield


@contextlib.contextmanager
def _handled(handler: Callable[[int, Any], None]) -> Iterator[None]:
    """Our handler, except for signals that are to be ignored: by nohup, or by a shell that starts
    us in the background."""
    numbers = [number for number in ENDING if signal.getsignal(number) is not signal.SIG_IGN]
    before = {number: signal.signal(number, handler) for number in numbers}
    try:
        yield
    finally:
        for number, old in before.items():
            signal.signal(number, old)


@contextlib.contextmanager
def without_core_dumps() -> Iterator[None]:
    """Guests inherit the limit: one that crashes must not leave a core file in the project."""
    soft, hard = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_CORE, (soft, hard))
