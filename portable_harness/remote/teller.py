"""A reporter of progress whose console is far away: what all jobs with columns have in common."""

from __future__ import annotations

from typing import TypeVar

from portable_harness.remote.far import Send

One = TypeVar("One")


class Teller:
    """Events have the kind and the interpreter's name; a job adds ``news`` and ``done``."""

    def __init__(self, send: Send) -> None:
        self.send = send

    def __enter__(self: One) -> One:
        return self

    def __exit__(self, *unused: object) -> None:
        pass

    def say(self, name: str, text: str) -> None:
        self.send({"kind": "say", "name": name, "text": text})
