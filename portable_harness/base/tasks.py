"""Several tasks at a time; a signal ends them all and keeps what was measured."""

from __future__ import annotations

import contextlib
import resource
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

Measured = TypeVar("Measured")


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
    """Ctrl-C, SIGTERM and SIGHUP set ``stop``: no guest is left running behind a run.

    An exception would not do: one that is raised while the pool starts a thread may be lost, and
    the run would go on as if nothing had been said.
    """
    numbers = [signal.SIGTERM, signal.SIGHUP]
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:  # a shell's job in the background
        numbers.append(signal.SIGINT)
    with _handled(numbers, lambda number, frame: stop.set()):
        yield


@contextlib.contextmanager
def ending_by_signals() -> Iterator[None]:
    """SIGTERM and SIGHUP end a run as Ctrl-C does: no guest is left running behind it."""

    def interrupt(number: int, frame: object) -> None:
        raise KeyboardInterrupt

    with _handled([signal.SIGTERM, signal.SIGHUP], interrupt):
        yield


@contextlib.contextmanager
def _handled(
    numbers: Sequence[signal.Signals], handler: Callable[[int, Any], None]
) -> Iterator[None]:
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
