"""One load: what is sent, by how many connections, for how long."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any

from harness.errors import Problem

MODES = ("closed", "rate", "churn", "idle")
LEAST_LINE = 15  # bytes: two numbers in hexadecimal and the line end


@dataclass(frozen=True)
class Load:
    """What the generator plays; `load.c` says what the modes are.

    ``line`` counts the line end, and ``prefix``, with which each line begins. ``together`` is how
    many connections are opened at once. ``interval`` asks for rates while it runs. ``patience``:
    seconds without any answer that mean a failed server.
    """

    mode: str = "closed"
    connections: int = 1
    pipeline: int = 1
    line: int = 64
    rate: float = 1000.0
    prefix: str = ""
    warmup: float = 0.1
    seconds: float = 1.0
    interval: float = 0.0
    together: int = 64
    patience: float = 10.0

    def __post_init__(self) -> None:
        if self.mode not in MODES:
            raise Problem(f"no load is called {self.mode!r}", f"known: {', '.join(MODES)}")
        if self.line < len(self.prefix) + LEAST_LINE:
            least = len(self.prefix) + LEAST_LINE
            raise Problem(f"a line of {self.line} bytes is too short", f"at least {least}")

    def words(self, address: tuple[str, int]) -> list[str]:
        """The arguments of a generator."""
        values = {"host": address[0], "port": address[1], **asdict(self)}
        return [f"{key}={value}" for key, value in values.items()]

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Load:
        """The same from plain values.

        :raises Problem: for a key that there is not
        """
        known = {field.name for field in fields(cls)}
        if unknown := sorted(set(values) - known):
            raise Problem(f"a load has no {unknown[0]!r}", f"known: {', '.join(sorted(known))}")
        return cls(**values)
