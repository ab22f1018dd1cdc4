"""A run of ``check``: the rounds, what is told of them, and the files that it leaves."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from harness.chat.checker import judge
from harness.chat.history import HistoryError
from harness.chat.history import load as load_history
from harness.chat.history import save as save_history
from harness.check import adverse, report
from harness.check.model import Check, Outcome, Room
from harness.check.replay import replay
from harness.check.run import RACING, Plan, run
from harness.check.server import Server, StartedServer, python_command
from harness.check.transcript import Transcript, load, save, shown
from harness.errors import Problem
from harness.interpreters.model import Absent, Interpreter
from harness.interpreters.search import find
from harness.interpreters.selection import select

FAULTS_SHOWN = 10


def adverse_kinds(kinds: str | None, quick: bool) -> tuple[str, ...]:
    if kinds is None:
        return () if quick else adverse.KINDS
    if kinds == "none":
        return ()
    names = tuple(name.strip() for name in kinds.split(",") if name.strip())
    if unknown := [name for name in names if name not in adverse.KINDS]:
        raise Problem(
            f"{unknown[0]!r} is no adverse scheduling", f"{', '.join(adverse.KINDS)}, or none"
        )
    return names


def run_all(
    server: Server, checks: Sequence[Check], plan: Plan, options: dict[str, Any]
) -> list[Outcome]:
    """All checks as they are, then the racing ones again under each adverse scheduling."""
    kinds = adverse_kinds(options["kinds"], plan.quick)
    console = Console(stderr=options["as_json"], highlight=False)
    outcomes = _round(server, checks, plan, console)
    racing = [check for check in checks if check.name in RACING]
    if isinstance(server, StartedServer) and racing:
        for kind in kinds:
            outcomes += _adverse_round(server, racing, plan, console, kind)
    return outcomes


def _adverse_round(
    server: StartedServer, racing: Sequence[Check], plan: Plan, console: Console, kind: str
) -> list[Outcome]:
    named = [replace(check, name=f"{check.name}@{kind}") for check in racing]
    hard = StartedServer(server.command, env=adverse.environment(kind, plan.seed))
    try:
        hard.start()
        with adverse.applied(kind, hard, plan.seed):
            return _round(hard, named, plan, console)
    finally:
        hard.stop()


def _round(server: Server, checks: Sequence[Check], plan: Plan, console: Console) -> list[Outcome]:
    outcomes: list[Outcome] = []
    status = Console(stderr=True).status("starting the server ...")
    with status:
        for outcome in run(server, checks, plan, lambda check, seed: status.update(
                f"{check.name} (seed {seed}) ...")):  # fmt: skip
            outcomes.append(outcome)
            report.show(outcome, console)
    return outcomes


def tell(
    protocol: str, outcomes: Sequence[Outcome], server: Server, options: dict[str, Any]
) -> None:
    """Everything behind the lines of the checks: summary, files, the server's own words."""
    console = Console(stderr=options["as_json"], highlight=False)
    console.print(report.summary(outcomes))
    failed = any(outcome.fails for outcome in outcomes)
    if failed and server.output.strip():
        console.print(
            "the last that the server printed:",
            *server.output.splitlines()[-5:],
            sep="\n  ",
            markup=False,
        )
    if options["folder"]:
        _keep(protocol, outcomes, options["folder"])
    if options["junit"]:
        report.write_junit(outcomes, protocol, options["junit"])
    if options["as_json"]:
        about = {
            "protocol": protocol,
            "profile": options["profile"],
            "server_output": server.output,
        }
        click.echo(json.dumps(report.as_json(outcomes, about)))


def _keep(protocol: str, outcomes: Sequence[Outcome], folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for outcome in outcomes:
            name = folder / f"{outcome.check.name}-seed{outcome.seed}"
            if outcome.history:
                save_history(outcome.history, name.with_suffix(".history.jsonl"))
            elif outcome.transcript:
                header = {"protocol": protocol, "check": outcome.check.name, "seed": outcome.seed}
                header |= {"sent": outcome.sent, "came": outcome.came, "due": outcome.due}
                save(name.with_suffix(".jsonl"), header, outcome.transcript)
    except OSError as error:
        raise Problem(f"cannot write to {folder}: {error.strerror}") from None


def play_again(server: Server, recorded: Path, plan: Plan, checks: Sequence[Check]) -> int:
    """1 when the failure came again, 0 when it did not.

    A transcript is played step by step. What many clients saw cannot be: it hung on how threads
    interleaved. So a history is judged again, and its check runs with its seed `--repeat` times.
    """
    if recorded.name.endswith(".history.jsonl"):
        return _judge_again(server, recorded, plan, checks)
    header, steps = load(recorded)
    click.echo(
        f"{header['check']}, seed {header['seed']}: then came {header['came']}; due {header['due']}"
    )
    server.start()
    same = True
    for number, (then, now) in replay(Room(server, Transcript(), 0, True, 3.0), steps).items():
        same = same and then == now
        click.echo(f"client {number}: {'the same' if then == now else 'different'}: {shown(now)}")
    click.echo("what came is what came then" if same else "what came is not what came then")
    return int(same)


def _judge_again(server: Server, recorded: Path, plan: Plan, checks: Sequence[Check]) -> int:
    try:
        with recorded.open(encoding="utf-8") as stream:
            history = load_history(stream)
        verdict = judge(history)
    except (OSError, HistoryError) as error:
        raise Problem(f"cannot judge {recorded}: {error}") from None
    for fault in verdict.faults[:FAULTS_SHOWN]:
        click.echo(f"then: {fault}")
    name = recorded.name.rpartition("-seed")[0].partition("@")[0]
    again = [check for check in checks if check.name == name]
    seed = history.header.seed
    rounds = [_round(server, again, replace(plan, seed=seed, repeat=1), Console(highlight=False))
              for _ in range(plan.repeat)]  # fmt: skip
    return int(any(outcome.fails for outcomes in rounds for outcome in outcomes))


def _interpreters(names: str) -> list[Interpreter | Absent]:
    return list(find().all) if names == "all" else select(names)


def on_interpreters(
    protocol: str, checks: Sequence[Check], plan: Plan, options: dict[str, Any]
) -> int:
    """The checks of one Python file on each interpreter, and the matrix of what came of them."""
    chosen = _interpreters(options["interpreters"] or "cpython,pypy,jython")
    console = Console(stderr=options["as_json"], highlight=False)
    results: dict[str, list[Outcome]] = {}
    absent = {one.name: one.reason for one in chosen if isinstance(one, Absent)}
    for one in chosen:
        if isinstance(one, Interpreter):
            console.print(f"== {one.name}")
            server = StartedServer(python_command(one.command, options["file"].resolve()))
            try:
                results[one.name] = run_all(server, checks, plan, options)
            except Problem as problem:
                console.print(str(problem), style="red")
                results[one.name] = []
            finally:
                server.stop()
    console.print(report.matrix(results, absent))
    if options["as_json"]:
        found = {
            name: report.as_json(outcomes, {"interpreter": name})
            for name, outcomes in results.items()
        }
        click.echo(json.dumps({"protocol": protocol, "interpreters": found, "absent": absent}))
    if not any(results.values()):
        return 2
    return int(any(not outcomes or any(o.fails for o in outcomes) for outcomes in results.values()))
