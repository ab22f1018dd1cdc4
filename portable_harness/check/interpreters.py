"""``check --python FILE.py``: the same checks on each interpreter, side by side."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from portable_harness.base.errors import BAD_USAGE, Problem
from portable_harness.base.outputs import write_json
from portable_harness.check import report
from portable_harness.check.model import Check, Outcome, Status
from portable_harness.check.options import CheckOptions
from portable_harness.check.run import Plan
from portable_harness.check.server import StartedServer, python_command
from portable_harness.check.session import about, complete, console_for, ended_by, keep, run_all
from portable_harness.interpreters.model import Absent, Interpreter
from portable_harness.interpreters.search import find
from portable_harness.interpreters.selection import select

INTERPRETERS = "cpython,pypy,jython"  # where none are named


def _interpreters(names: str) -> list[Interpreter | Absent]:
    return list(find().interpreters) if names == "all" else select(names)


def on_interpreters(
    protocol: str, checks: Sequence[Check], plan: Plan, options: CheckOptions
) -> int:
    """The checks of one Python file on each interpreter, and the matrix of what came of them."""
    chosen = _interpreters(options.interpreters or INTERPRETERS)
    console = console_for(options)
    absent = {
        interpreter.name: interpreter.reason
        for interpreter in chosen
        if isinstance(interpreter, Absent)
    }
    runs: dict[str, dict[str, Any]] = {}
    results: dict[str, list[Outcome]] = {}
    try:
        for interpreter in chosen:
            if isinstance(interpreter, Interpreter):
                name = (
                    interpreter.name
                    if interpreter.name not in runs
                    else f"{interpreter.name} {interpreter.version_text}"
                )
                console.print(f"== {name}")
                results[name] = []
                try:
                    _on(interpreter, checks, plan, options, results[name], ended := _Ended())
                finally:
                    results[name] = complete(results[name], checks, plan, ended.problem)
                    runs[name] = kept(
                        interpreter.name,
                        protocol,
                        results[name],
                        ended.output,
                        ended.problem,
                        options,
                    )
    finally:  # an interrupted run tells what it has
        tell_matrix(protocol, runs, results, absent, options)
    return status_of(runs, results)


def status_of(runs: dict[str, dict[str, Any]], results: dict[str, list[Outcome]]) -> int:
    """The exit status of a matrix."""
    reached = [
        outcome
        for outcomes in results.values()
        for outcome in outcomes
        if outcome.status is not Status.NOT_REACHED
    ]
    if not reached:
        return BAD_USAGE
    if any(outcome.fails for outcome in reached) or any(
        "problem" in found for found in runs.values()
    ):
        return 1
    return 0 if all(found["passed"] for found in runs.values()) else BAD_USAGE


@dataclass
class _Ended:
    """How the run on one interpreter ended."""

    problem: str = "interrupted"
    output: str = ""


def _on(
    interpreter: Interpreter, checks: Sequence[Check], plan: Plan, options: CheckOptions,
    outcomes: list[Outcome], ended: _Ended,
) -> None:  # fmt: skip
    """On one interpreter; what comes of it is in `outcomes` and `ended` also when interrupted."""
    console = console_for(options)
    assert options.file is not None
    server = StartedServer(
        python_command(interpreter.command, options.file.resolve()), options.start_limit
    )
    try:
        run_all(server, checks, plan, options, outcomes)
        ended.problem = ""
    except Problem as found:
        console.print(str(found), style="red")
        ended.problem = str(found)
    finally:
        server.stop()
        ended.output = server.output


def kept(
    name: str, protocol: str, outcomes: Sequence[Outcome], output: str, problem: str,
    options: CheckOptions,
) -> dict[str, Any]:  # fmt: skip
    """Keep the transcripts of one interpreter; what --json says of it."""
    if options.folder:
        keep(protocol, outcomes, options.folder / name)
    told = {"interpreter": name, **about(protocol, output, options)}
    return report.as_json(outcomes, told, options.transcripts) | ended_by(problem)


def tell_matrix(
    protocol: str, runs: dict[str, dict[str, Any]], results: dict[str, list[Outcome]],
    absent: dict[str, str], options: CheckOptions, lost: Collection[str] = (),
) -> None:  # fmt: skip
    console = console_for(options)
    console.print(report.matrix(results, absent, lost))
    if options.junit:
        report.write_junit(results, protocol, options.junit)
    write_json(options.json_file, report.matrix_as_json(protocol, options.profile, runs, absent))
