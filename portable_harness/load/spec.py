"""One load: what is sent, by how many connections, for how long."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, TypeAlias, TypeVar

from portable_harness.base.errors import Problem

MODES = ("closed", "rate", "churn", "idle")
MOST_BODY = 100_000  # bytes: an argument of a program has at most 128 KiB on Linux
LEAST_LINE = 15  # bytes: two numbers in hexadecimal and the line end


Same = TypeVar("Same", bound="_Apart")


@dataclass(frozen=True)
class _Apart:
    """What loads have in common whose connections have nothing to do with each other.

    ``together`` is how many connections are opened at once. ``interval`` asks for rates while it
    runs. ``patience``: seconds without any answer that mean a failed server.
    """

    mode: str = "closed"
    connections: int = 1
    rate: float = 1000.0
    warmup: float = 0.1
    seconds: float = 1.0
    interval: float = 0.0
    together: int = 64
    patience: float = 10.0

    @property
    def offered(self) -> float | None:
        """Requests a second, where that is fixed."""
        return self.rate if self.mode == "rate" else None

    def words(self, address: tuple[str, int]) -> list[str]:
        """The arguments of a generator."""
        return _words(address, asdict(self))

    def shares(self: Same, places: int) -> Sequence[Same]:
        """The parts for several generators: at least one connection each."""
        places = min(places, self.connections)
        whole, more = divmod(self.connections, places)
        counts = [whole + (number < more) for number in range(places)]
        return [
            replace(self, connections=count, rate=self.rate * count / self.connections)
            for count in counts
        ]

    def saturating(self: Same) -> Same:
        """The same connections as fast as it goes: at a fixed rate nothing would settle."""
        return replace(self, mode="closed") if self.mode == "rate" else self


@dataclass(frozen=True)
class Load(_Apart):
    """What the generator plays on a server that sends lines back; `load.c` says what the modes are.

    ``line`` counts the line end, and ``prefix``, with which each line begins.
    """

    pipeline: int = 1
    line: int = 64
    prefix: str = ""

    def __post_init__(self) -> None:
        if self.mode not in MODES:
            raise Problem(f"no load is called {self.mode!r}", f"known: {', '.join(MODES)}")
        if self.line < len(self.prefix) + LEAST_LINE:
            least = len(self.prefix) + LEAST_LINE
            raise Problem(f"a line of {self.line} bytes is too short", f"at least {least}")

    @property
    def program(self) -> str:
        """Which generator plays it."""
        return "load"

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Load:
        """The same from plain values.

        :raises Problem: for a key that there is not
        """
        known = {each.name for each in fields(cls)}
        if unknown := sorted(set(values) - known):
            raise Problem(f"a load has no {unknown[0]!r}", f"known: {', '.join(sorted(known))}")
        return cls(**values)


@dataclass(frozen=True)
class ChatLoad:
    """A room that the generator plays all members of; `chat.c` says what the modes are.

    ``amount``: lines on their way for each sender (saturate), or lines a second in all (rate).
    ``connections`` members read, ten of them at most speak; ``dead`` more join and never read.
    ``churn`` connections come and go, ``joins`` times a second in all.
    """

    connections: int
    mode: str = "saturate"
    amount: float = 32
    dead: int = 0
    churn: int = 0
    joins: float = 0.0
    line: int = 64
    warmup: float = 0.1
    seconds: float = 1.0
    interval: float = 0.0
    patience: float = 10.0

    @property
    def program(self) -> str:
        """Which generator plays it."""
        return "chat"

    @property
    def senders(self) -> int:
        return min(10, self.connections)

    @property
    def offered(self) -> float | None:
        """Deliveries a second, where that is fixed: each line goes to every other member."""
        return self.amount * (self.connections - 1) if self.mode == "rate" else None

    def words(self, address: tuple[str, int]) -> list[str]:
        """The arguments of a generator."""
        return _words(address, {**asdict(self), "senders": self.senders})

    def shares(self, places: int) -> Sequence[AnyLoad]:
        """One generator plays all: it has to know which lines have reached every member."""
        del places
        return [self]

    def saturating(self) -> ChatLoad:
        """The same room as fast as it goes: at a fixed rate nothing would settle."""
        return replace(self, mode="saturate", amount=32) if self.mode == "rate" else self


@dataclass(frozen=True)
class HttpLoad(_Apart):
    """One request again and again; `http.c` says what is expected of the answers.

    ``request``: all of it, as `http_request` makes it. ``mode``: churn has a connection for each
    request.
    """

    request: str = field(kw_only=True)

    @property
    def program(self) -> str:
        """Which generator plays it."""
        return "http"

    @property
    def line(self) -> int:
        """The bytes of a request."""
        return len(os.fsencode(self.request))


def http_request(path: str, body: str | None, close: bool) -> str:
    """A GET, or a POST of ``body`` as a form is sent.

    :raises Problem: for what no request can have, or the generator cannot take
    """
    if not path.startswith("/") or any(character <= " " for character in path):
        raise Problem(f"--http {path!r} is not the path of a request", "--http /")
    size = len(os.fsencode(body or ""))
    if size > MOST_BODY:
        raise Problem(f"a body of {size} bytes is too long", f"{MOST_BODY} at most")
    lines = [f"{'GET' if body is None else 'POST'} {path} HTTP/1.1", "Host: localhost"]
    lines += ["User-Agent: portable-server", "Accept: */*"]
    if body is not None:
        lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {size}"]
    lines += ["Connection: close"] * close
    return "\r\n".join([*lines, "", body or ""])


AnyLoad: TypeAlias = Load | ChatLoad | HttpLoad


def _words(address: tuple[str, int], values: dict[str, Any]) -> list[str]:
    values = {"host": address[0], "port": address[1], **values}
    return [f"{key}={value}" for key, value in values.items()]
