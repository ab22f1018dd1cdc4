"""Where a generator runs, and the line to a program there; and both for this machine.

`distant` has the same for other machines. Nothing here needs more than this machine has.
"""

from __future__ import annotations

import contextlib
import queue
import subprocess
import threading
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from portable_harness.base.errors import Problem
from portable_harness.load import agent, build
from portable_harness.load.reports import LoadError, event

LOCAL = "local"  # the name of this machine among others


class Channel(ABC):
    """A program in a place: lines from it, words to it."""

    place: str  # its name

    @abstractmethod
    def line(self, limit: float) -> str:
        """The next line that it prints.

        :raises LoadError: when it has ended, or says nothing in time
        """

    @abstractmethod
    def tell(self, words: str) -> None:
        """Write to its standard input."""

    @abstractmethod
    def close(self) -> None:
        """The end of its input: it ends."""

    def event(self, kind: str, limit: float) -> dict[str, Any]:
        """The next line, which is to be of a kind.

        :raises LoadError: when it tells of an error, or of something else
        """
        found = event(self.line(limit))
        if found["event"] != kind:
            raise LoadError(f"the generator said {found['event']} in place of {kind}")
        return found

    def silent(self, limit: float) -> LoadError:
        return LoadError(f"the generator on {self.place} said nothing for {limit:.0f} s")


@dataclass(frozen=True)
class Place(ABC):
    """Where a generator runs: ``engine`` is "c", or "python" where there is no compiler.

    ``server_host``: how this machine is reached from there.
    """

    name: str
    compiler: str | None
    engine: str
    commands: dict[str, list[str]]
    server_host: str

    @abstractmethod
    def start(self, command: Sequence[str]) -> Channel:
        """Run a program there. :raises LoadError: when it cannot be started"""

    @abstractmethod
    def close(self) -> None:
        """Nothing more is started there."""


class Here(Place):
    """This machine."""

    def start(self, command: Sequence[str]) -> Channel:
        return Program(command)

    def close(self) -> None:
        pass


class Program(Channel):
    """A program on this machine. Its input ends with us, however we end, and it with its input."""

    place = LOCAL

    def __init__(self, command: Sequence[str]) -> None:
        try:
            self._process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, errors="replace"
            )
        except OSError as error:
            raise LoadError(f"the generator cannot be started: {error}") from None
        self._lines: queue.Queue[str | None] = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as lines:
            for line in lines:
                self._lines.put(line)
        self._lines.put(None)

    def line(self, limit: float) -> str:
        try:
            line = self._lines.get(timeout=limit)
        except queue.Empty:
            raise self.silent(limit) from None
        if line is None:
            self._lines.put(None)  # whoever asks again learns it, too
            raise LoadError(f"the generator on {self.place} ended")
        return line

    def tell(self, words: str) -> None:
        assert self._process.stdin is not None
        with contextlib.suppress(OSError, ValueError):  # it has ended: the next line says so
            self._process.stdin.write(words)
            self._process.stdin.flush()

    def close(self) -> None:
        assert self._process.stdin is not None
        with contextlib.suppress(OSError):
            self._process.stdin.close()
        try:
            self._process.wait(agent.END_LIMIT)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._reader.join(agent.END_LIMIT)


def job(engine: str, folder: str) -> dict[str, Any]:
    """For `agent.prepare`: the sources, and where the programs go ("": it knows a place)."""
    return {
        "do": "prepare",
        "engine": engine,
        "folder": folder,
        "python": {n: path.read_text(encoding="utf-8") for n, path in build.PYTHON.items()},
        "c": {
            "load": build.texts(*build.LOAD),
            "http": build.texts(*build.HTTP),
            "chat": build.texts(*build.CHAT),
            "reference": build.texts(*build.REFERENCE),
        },
    }


def must_have(engine: str, found: dict[str, Any], name: str) -> None:
    """Of what `agent.prepare` answered. :raises Problem: when C was asked for and is not there"""
    if engine == "c" and found["why"]:
        raise Problem(
            f"no load generator in C on {name}: {found['why']}",
            "install gcc there, or --generator python",
        )


def here(engine: str) -> Here:
    """This machine, the programs compiled.

    :raises Problem: when it has no C compiler and is to have one
    """
    found = agent.prepare(job(engine, str(build.folder())))
    must_have(engine, found, LOCAL)
    return Here(LOCAL, found["compiler"], found["engine"], found["commands"], "127.0.0.1")
