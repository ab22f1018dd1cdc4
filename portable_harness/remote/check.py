"""``check --on``: a column for each interpreter of the hosts, or for the server on each of them."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console

from portable_harness.base.errors import INTERRUPTED
from portable_harness.check import report, session
from portable_harness.check.model import Check, Outcome
from portable_harness.check.run import Plan
from portable_harness.remote import parts
from portable_harness.remote.check_wire import outcome_from
from portable_harness.remote.heard import Heard, columns
from portable_harness.remote.host import Event
from portable_harness.remote.reach import Reached, Request, reach


@dataclass
class Column:
    """What came of one interpreter; ``problem``: why its server could not be checked."""

    name: str
    absent: str = ""
    lost: str = ""
    problem: str = ""
    output: str = ""
    outcomes: list[Outcome] = field(default_factory=list)


def on_hosts(protocol: str, checks: Sequence[Check], plan: Plan, options: dict[str, Any]) -> int:
    """The checks of a Python file or a command on all hosts, and what came of them side by side."""
    job = {
        "kind": "check", "protocol": protocol, "checks": [check.name for check in checks],
        "plan": asdict(plan), "kinds": session.adverse_kinds(options["kinds"], plan.quick),
        "start_limit": options["start_limit"], "command": options["command"],
        "port": options["port"],
    }  # fmt: skip
    found, interrupted = _measure(job, options)
    here = [column for column in found if not column.absent]
    results = {column.name: column.outcomes for column in here}
    runs = {
        column.name: session.kept(
            column.name, protocol, column.outcomes, column.output, column.lost or column.problem,
            options,
        )
        for column in here
    }  # fmt: skip
    absent = {column.name: column.absent for column in found if column.absent}
    lost = [column.name for column in found if column.lost]
    session.tell_matrix(protocol, runs, results, absent, options, lost)
    return INTERRUPTED if interrupted else session.status_of(runs, results)


def _measure(job: Event, options: dict[str, Any]) -> tuple[list[Column], bool]:
    file, others = options["file"], tuple(Path(word).name for word in options["command"][:1])
    more = parts.Part("project", _beside(file.resolve())) if file else None
    names = options["interpreters"] or session.INTERPRETERS
    request = Request(
        options["on"], options["ssh_config"], None if names == "all" else names, more=more,
        searches=not others,
    )  # fmt: skip
    job = {**job, "project": more.name if more else None, "file": file.name if file else None}
    console, shown = Console(stderr=options["as_json"], highlight=False), threading.Lock()
    with reach(Console(stderr=True, highlight=False), request) as reached:
        heard = [_Heard(one, console, shown, others) for one in reached]
        return columns(heard, request, job)


def _beside(file: Path) -> dict[str, Path]:
    """The file and what it may import."""
    return {one.name: one for one in [*file.parent.glob("*.py"), file]}


class _Heard(Heard[Column]):
    """What is heard of one host; each column is shown when it is done, all at once."""

    def __init__(
        self, reached: Reached, console: Console, shown: threading.Lock, others: Sequence[str]
    ) -> None:
        super().__init__(reached, Column, others)
        self._console, self._shown = console, shown
        names = [*others, *(one.name for one in reached.present)]
        self._columns = {name: Column(reached.at(name)) for name in names}
        self._done: set[str] = set()

    def take(self, name: str, at: str, event: Event) -> None:
        column = self._columns[name]
        if event["kind"] == "outcome":
            column.outcomes.append(outcome_from(event["outcome"]))
        else:
            column.problem, column.output = event["problem"], event["output"]
            self._show(name)

    def column(self, name: str, at: str, lost: str, stopped: bool) -> Column:
        column = self._columns[name]
        if name not in self._done:
            column.lost, column.problem = lost, "interrupted" if stopped else ""
            self._show(name)
        return column

    def _show(self, name: str) -> None:
        self._done.add(name)
        column = self._columns[name]
        with self._shown:
            self._console.print(f"== {column.name}", markup=False)
            for outcome in column.outcomes:
                report.show(outcome, self._console)
            if why := column.lost or column.problem:
                self._console.print(why, style="red", markup=False)
