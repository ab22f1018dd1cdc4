"""All guests of a run, as tasks."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from portable_harness.matrix.guest_run import News, Plan, run_guest
from portable_harness.matrix.guests import Guest
from portable_harness.matrix.outcomes import Column

Task = Callable[[threading.Event], Column]


def guest_tasks(guests: Sequence[Guest], plan: Plan, news: News) -> list[Task]:
    def task(guest: Guest) -> Task:
        return lambda stop: run_guest(guest, plan, stop, news)

    return [task(guest) for guest in guests]
