"""The jobs of a controller on another host: where each is, and what it is given.

A job is a JSON object; "kind" names its function below. What it does is reported by events.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from portable_harness.interpreters import Interpreter

Job = dict[str, Any]
Send = Callable[[dict[str, Any]], None]
One = TypeVar("One")

# Strings, because the features stand above the transport; and so a fault in one is a message.
JOBS = {
    "select": "portable_harness.remote.selection:run",
    "check": "portable_harness.check.remote:run",
    "compare": "portable_harness.compare.remote:run",
    "litmus": "portable_harness.litmus.remote:run",
    "matrix": "portable_harness.matrix.remote:run",
}


@dataclass
class JobContext:
    """What the jobs of one run share: ``chosen`` are the interpreters by name."""

    send: Send
    chosen: dict[str, Interpreter] = field(default_factory=dict)


def function_of(kind: str) -> Callable[[JobContext, Job], None]:
    """What does the jobs of a kind."""
    module, _, name = JOBS[kind].partition(":")
    function: Callable[[JobContext, Job], None] = getattr(importlib.import_module(module), name)
    return function


class EventReporter:
    """A reporter of progress whose console is on another host.

    Events have the kind and the interpreter's name; a job adds ``update`` and ``done``.
    """

    def __init__(self, send: Send) -> None:
        self.send = send

    def __enter__(self: One) -> One:
        return self

    def __exit__(self, *unused: object) -> None:
        pass

    def say(self, name: str, text: str) -> None:
        self.send({"kind": "say", "name": name, "text": text})
