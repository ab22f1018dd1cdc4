"""Ctrl-C that comes while the tasks are being handed out ends those that have begun."""

from __future__ import annotations

import signal
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest

from portable_harness.base.tasks import run_all

LIMIT = 30.0  # seconds


def test_interrupted_while_tasks_are_handed_out(monkeypatch: pytest.MonkeyPatch) -> None:
    submit = ThreadPoolExecutor.submit
    handed: list[object] = []

    def interrupted_once(self: ThreadPoolExecutor, *words: Any) -> Future[bool]:
        handed.append(None)
        if len(handed) == 2:
            signal.raise_signal(signal.SIGINT)
        return submit(self, *words)

    def task(stop: threading.Event) -> bool:
        return stop.wait(LIMIT)

    monkeypatch.setattr(ThreadPoolExecutor, "submit", interrupted_once)
    assert run_all([task, task, task], 3) == ([True, True, True], True)
