"""A grader judges many submissions: of a check that failed no thread and no socket stays.

`leaves_nothing_behind`, which every test has, looks for threads and descriptors after each.
"""

from __future__ import annotations

import contextlib
import os
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO

import psutil
import pytest

from portable_harness.exercise import suite, wire
from portable_harness.exercise.catalogue import find
from portable_harness.exercise.job import Job
from portable_harness.exercise.link import Link
from portable_harness.exercise.measures import own_number
from portable_harness.exercise.model import Status
from portable_harness.exercise.waits import Condition, Event, Over, Waits

LIMIT = 30.0  # seconds
#: Put behind the solution, each fails a check with something left over.
FAULTS = {
    "a thread in a condition": ("12", "empty-waits", "Mailbox.put = lambda *unused: os._exit(3)"),
    "a client": ("13", "lines", "ServerSocket.accept = lambda self: 1 / 0"),
}


class Waiting:
    """A thread that waits; what came of it."""

    def __init__(self, wait: Callable[[], object]) -> None:
        self._wait = wait
        self.error: BaseException | None = None
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self) -> None:
        try:
            self._wait()
        except BaseException as error:
            self.error = error


def pipe() -> tuple[IO[bytes], IO[bytes]]:
    out, into = os.pipe()
    return os.fdopen(out, "rb"), os.fdopen(into, "wb")


def until(holds: Callable[[], object]) -> None:
    deadline = time.monotonic() + LIMIT
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.mark.usefixtures("leaves_nothing_behind")
@pytest.mark.parametrize("name", FAULTS)
def test_of_a_check_that_failed_nothing_stays(name: str, tmp_path: Path) -> None:
    number, check, fault = FAULTS[name]
    exercise = find(number)
    file = tmp_path / exercise.file
    file.write_text(
        f"{exercise.solution.read_text(encoding='utf-8')}\nimport os\n{fault}\n", encoding="utf-8"
    )
    results = list(suite.run(Job(exercise, file, "cpython", [sys.executable], only=[check])))
    assert [one.status for one in results if one.check == check] == [Status.FAILED]


def test_a_wait_ends_when_all_are_over() -> None:
    waits = Waits()
    with_a_lock, event = Condition(waits, threading.Lock()), Event(waits)

    def wait() -> None:
        with with_a_lock:
            with_a_lock.wait()

    begun = [Waiting(wait), Waiting(event.wait), Waiting(lambda: event.wait(LIMIT))]
    waits.end()
    for one in begun:
        one.thread.join(LIMIT)
        assert isinstance(one.error, Over)
    with pytest.raises(Over):
        event.wait()


def test_a_wait_ends_though_its_lock_is_gone() -> None:
    """A condition may have been given a lock of the module, which nobody can ask any more."""

    class Gone:
        is_gone = False

        def acquire(self, *unused: object) -> bool:
            if self.is_gone:
                raise Over
            return False  # by somebody who asks whether it is held

        def release(self) -> None:
            pass

    lock = Gone()
    condition = Condition(waits := Waits(), lock)
    one = Waiting(condition.wait)
    lock.is_gone = True
    waits.end()
    one.thread.join(LIMIT)
    assert isinstance(one.error, Over)


def test_nobody_waits_for_a_lock_whose_holder_has_gone() -> None:
    """A call of the module took the condition, and the module ended before it gave it back."""
    condition = Condition(waits := Waits())

    def wait() -> None:
        with condition:
            condition.wait()

    waiting = Waiting(wait)
    Waiting(condition.acquire).thread.join(LIMIT)
    entering = Waiting(wait)
    waits.end()
    for one in (waiting, entering):
        one.thread.join(LIMIT)
        assert isinstance(one.error, Over)


def test_a_condition_gives_its_lock_back_whole() -> None:
    condition = Condition(Waits())
    entered = threading.Event()

    def wait() -> None:
        with condition, condition:
            entered.set()
            assert condition.wait(LIMIT)

    one = Waiting(wait)
    assert entered.wait(LIMIT)
    with condition:  # only the wait gives it back
        assert condition.acquire()
        condition.release()
        condition.notify()
    one.thread.join(LIMIT)
    assert one.error is None
    other = Waiting(lambda: condition.acquire(timeout=0.01))
    other.thread.join(LIMIT)
    assert condition.acquire(blocking=False) is False
    with pytest.raises(RuntimeError):
        condition.notify()
    with pytest.raises(RuntimeError):
        condition.release()


def test_an_event_is_one() -> None:
    event = Event(Waits())
    assert (event.is_set(), event.wait(0)) == (False, False)
    one = Waiting(event.wait)
    event.set()
    one.thread.join(LIMIT)
    assert (one.thread.is_alive(), one.error) == (False, None)
    assert (event.is_set(), event.wait()) == (True, True)
    event.clear()
    assert not event.is_set()


def test_an_end_ends_the_requests_inside_one_another() -> None:
    """A thread of the checks that asks on behalf of the module, which then ends."""
    theirs, into = pipe()
    out, tells = pipe()
    link = Link(into, out, lambda report: None)
    asked = threading.Event()
    overs = []

    def call_back() -> None:
        asked.set()
        for word in ("first", "second"):
            with contextlib.suppress(Over):
                link.ask(word)
            overs.append(word)

    number = link.mirror.out(call_back, [])["h"]
    request = {"q": "method", "number": number, "name": "__call__", "args": [], "named": {}}
    before = threading.active_count()
    tells.write(wire.packed({**request, "conversation": -1}, []))
    tells.flush()
    assert asked.wait(LIMIT)
    tells.close()
    until(lambda: threading.active_count() < before)
    assert overs == ["first", "second"]
    theirs.close()
    into.close()


def test_a_process_knows_itself_by_a_number() -> None:
    assert own_number(psutil.Process()) == os.getpid()
