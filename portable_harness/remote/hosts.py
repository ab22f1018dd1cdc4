"""All hosts of a run: opened at the same time, asked what they have, closed whatever happens."""

from __future__ import annotations

import contextlib
import threading
import traceback
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
from rich.console import Console

from portable_harness.base.errors import Problem
from portable_harness.interpreters import Absent, Interpreter
from portable_harness.interpreters import names as interpreter_names
from portable_harness.remote.addresses import parse_all
from portable_harness.remote.host import Event, Host, Lost
from portable_harness.remote.payload import Archive
from portable_harness.remote.selection import from_json

STEP = 0.2  # seconds between two looks whether all are open
NEVER = threading.Event()


@dataclass
class ConnectedHost:
    """A host and the interpreters that it has, or why it has been lost already."""

    host: Host
    chosen: list[Interpreter | Absent] = field(default_factory=list)
    lost: str = ""

    @property
    def name(self) -> str:
        return self.host.name

    def at(self, name: str) -> str:
        """What the column of one of its interpreters is called."""
        return f"{name}@{self.host.name}"

    def ask(self, job: Event, stop: threading.Event) -> Iterator[Event]:
        """Do a job there: see `Host.ask`."""
        return self.host.ask(job, stop)

    @property
    def present(self) -> list[Interpreter]:
        return [interpreter for interpreter in self.chosen if isinstance(interpreter, Interpreter)]


@dataclass(frozen=True)
class Request:
    """What to reach: ``on`` is the option's text, ``names`` that of --interpreters, if given."""

    on: str
    config: Path | None
    names: str | None
    at_least: str = ""  # reported as absent where all are taken and they are not there
    more: Archive | None = None  # files besides the tree
    searches: bool = True  # whether its interpreters are wanted at all

    def wanted(self) -> list[str]:
        """Columns of a host of which nothing is known."""
        given = [name.strip() for name in (self.names or "all").split(",")]
        return [name for name in given if name]


@contextlib.contextmanager
def connect_all(console: Console, request: Request) -> Iterator[list[ConnectedHost]]:
    """Open all hosts; one that cannot be reached does not keep the others from being used.

    :raises Problem: when not one can be reached, or the options cannot be understood
    """
    for name in request.wanted() if request.names is not None else ():
        if "/" not in name:
            interpreter_names.parse(name)
    reached = [ConnectedHost(Host(address, request.config)) for address in parse_all(request.on)]
    try:
        _open_all(console, request, reached)
        if all(host.lost for host in reached):
            raise Problem("; ".join(f"{host.name}: {host.lost}" for host in reached))
        yield reached
    finally:
        with ThreadPoolExecutor(len(reached)) as pool:
            list(pool.map(lambda host: host.host.close(), reached))


def _open_all(console: Console, request: Request, reached: Sequence[ConnectedHost]) -> None:
    """At the same time; an interruption does not wait for the one that does not answer."""
    threads = [
        threading.Thread(target=_open, args=(console, request, host), daemon=True)
        for host in reached
    ]
    try:
        for thread in threads:
            thread.start()
        while any(thread.is_alive() for thread in threads):
            for thread in threads:
                thread.join(STEP)
    except KeyboardInterrupt:
        _abandon()
        raise


def _open(console: Console, request: Request, host: ConnectedHost) -> None:
    def say(text: str) -> None:
        console.print(f"{host.name}: {text}", markup=False, soft_wrap=True)

    try:
        host.host.open(request.more, say)
        host.chosen = _chosen(host.host, request)
    except (Lost, Problem) as error:
        host.lost = error.message if isinstance(error, Problem) else str(error)
        say(f"lost: {host.lost}")
    except Exception as error:  # a fault of ours: the other hosts go on all the same
        host.lost = f"the controller failed, please report it: {error!r}"
        traceback.print_exc()


def _abandon() -> None:
    """End what connects just now; our ssh are children of this process."""
    for child in psutil.Process().children():
        with contextlib.suppress(psutil.Error):
            if child.name() == "ssh":
                child.kill()


def _chosen(host: Host, request: Request) -> list[Interpreter | Absent]:
    if not request.searches:
        return []
    job: dict[str, Any] = {
        "kind": "select", "names": request.names, "at_least": request.at_least,
    }  # fmt: skip
    events = list(host.ask(job, NEVER))
    return [from_json(values) for values in events[0]["interpreters"]]
