"""``check --on``: a column for each interpreter of the hosts, or for the server on each of them.

`measure` is called here; `run` on each host, for a file on its interpreters or for a program.
"""

from __future__ import annotations

import io
import os
import threading
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console

from portable_harness.base.errors import INTERRUPTED, Problem
from portable_harness.chat import history
from portable_harness.check import interpreters, report, session
from portable_harness.check.model import Check, Level, Outcome, Room, Status
from portable_harness.check.options import CheckOptions
from portable_harness.check.run import CHECKS, Plan
from portable_harness.check.server import StartedServer, python_command
from portable_harness.remote import payload
from portable_harness.remote.agent import path_of
from portable_harness.remote.columns import ColumnCollector, collect_columns
from portable_harness.remote.host import Event
from portable_harness.remote.hosts import ConnectedHost, Request, connect_all
from portable_harness.remote.jobs import Job, JobContext

# Fields of an outcome and of its check that are JSON already.
PLAIN = ("seconds", "seed", "sent", "came", "due", "reason", "transcript", "said", "only_after")
OF_CHECK = ("name", "promise", "advice")


@dataclass
class Column:
    """What came of one interpreter; ``problem``: why its server could not be checked."""

    name: str
    absent: str = ""
    lost: str = ""
    problem: str = ""
    output: str = ""
    outcomes: list[Outcome] = field(default_factory=list)


def measure(protocol: str, checks: Sequence[Check], plan: Plan, options: CheckOptions) -> int:
    """The checks of a Python file or a command on all hosts, and what came of them side by side."""
    job = {
        "kind": "check", "protocol": protocol, "checks": [check.name for check in checks],
        "plan": asdict(plan), "kinds": session.adverse_kinds(options.kinds, plan.quick),
        "start_limit": options.start_limit, "command": options.command,
        "port": options.port,
    }  # fmt: skip
    found, interrupted = _columns(job, options)
    here = [column for column in found if not column.absent]
    results = {column.name: column.outcomes for column in here}
    runs = {}
    for column in here:
        problem = column.lost or column.problem
        outcomes = session.complete(column.outcomes, checks, plan, problem)
        runs[column.name] = interpreters.kept(
            column.name, protocol, outcomes, column.output, problem, options
        )
    absent = {column.name: column.absent for column in found if column.absent}
    lost = [column.name for column in found if column.lost]
    interpreters.tell_matrix(protocol, runs, results, absent, options, lost)
    return INTERRUPTED if interrupted else interpreters.status_of(runs, results)


def _columns(job: Event, options: CheckOptions) -> tuple[list[Column], bool]:
    assert options.on is not None
    file, others = options.file, tuple(Path(word).name for word in options.command[:1])
    more = payload.Archive("project", _beside(file.resolve())) if file else None
    names = options.interpreters or interpreters.INTERPRETERS
    request = Request(
        options.on, options.ssh_config, None if names == "all" else names, more=more,
        searches=not others,
    )  # fmt: skip
    job = {**job, "project": more.name if more else None, "file": file.name if file else None}
    console = session.console_for(options)
    shown = threading.Lock()
    with connect_all(Console(stderr=True, highlight=False), request) as reached:
        collectors = [_Collector(host, console, shown, others) for host in reached]
        return collect_columns(collectors, request, job)


def _beside(file: Path) -> dict[str, Path]:
    """The file and what it may import."""
    return {path.name: path for path in [*file.parent.glob("*.py"), file]}


class _Collector(ColumnCollector[Column]):
    """The columns of one host; each is shown when it is done, all at once."""

    def __init__(
        self, host: ConnectedHost, console: Console, shown: threading.Lock, others: Sequence[str]
    ) -> None:
        super().__init__(host, Column, others)
        self._console, self._shown = console, shown
        names = [*others, *(interpreter.name for interpreter in host.present)]
        self._columns = {name: Column(host.at(name)) for name in names}
        self._done: set[str] = set()

    def on_event(self, name: str, at: str, event: Event) -> None:
        column = self._columns[name]
        if event["kind"] == "outcome":
            column.outcomes.append(outcome_from(event["outcome"]))
        else:
            column.problem, column.output = event["problem"], event["output"]
            self._show(name)

    def result(self, name: str, at: str, lost: str, stopped: bool) -> Column:
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


def run(context: JobContext, job: Job) -> None:
    """On a host: check a file on its interpreters, or a program, check by check."""
    checks = [check for check in CHECKS[job["protocol"]] if check.name in job["checks"]]
    plan = Plan(**job["plan"])
    for name, server in _servers(context, job).items():
        problem = ""
        try:
            for outcome in session.each(server, checks, plan, job["kinds"]):
                context.send({"kind": "outcome", "name": name, "outcome": outcome_to(outcome)})
        except Problem as found:
            problem = str(found)
        finally:
            server.stop()
        context.send({"kind": "done", "name": name, "problem": problem, "output": server.output})


def _servers(context: JobContext, job: Job) -> dict[str, StartedServer]:
    limit = job["start_limit"]
    if job["command"]:
        os.chdir(Path.home())  # where ssh would start it
        server = StartedServer(job["command"], limit, port=job["port"])
        return {Path(job["command"][0]).name: server}
    file = Path(path_of(job["project"])) / job["file"]
    return {
        name: StartedServer(python_command(interpreter.command, file), limit)
        for name, interpreter in context.chosen.items()
    }


def outcome_to(outcome: Outcome) -> dict[str, Any]:
    check = {name: getattr(outcome.check, name) for name in OF_CHECK}
    text = io.StringIO()
    if outcome.history is not None:
        history.dump(outcome.history, text)
    return {
        **{name: getattr(outcome, name) for name in PLAIN}, "status": outcome.status.value,
        "check": {**check, "level": outcome.check.level.value}, "history": text.getvalue(),
    }  # fmt: skip


def outcome_from(values: dict[str, Any]) -> Outcome:
    level = Level(values["check"]["level"])
    check = Check(**{**values["check"], "level": level}, run=_elsewhere)
    seen = history.load(values["history"].splitlines()) if values["history"] else None
    plain = {name: values[name] for name in PLAIN}
    return Outcome(check, Status(values["status"]), history=seen, **plain)


def _elsewhere(room: Room) -> None:
    raise NotImplementedError("this check ran on another host, and its outcome is known")
