"""A run of ``check``: the rounds, their report, and the files that it leaves."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from portable_harness.base.errors import BAD_USAGE, Problem
from portable_harness.base.outputs import STDOUT, write_json
from portable_harness.chat.checker import judge
from portable_harness.chat.history import HistoryError
from portable_harness.chat.history import load as load_history
from portable_harness.chat.history import save as save_history
from portable_harness.check import adverse, report
from portable_harness.check.model import Check, Outcome, Room
from portable_harness.check.options import CheckOptions
from portable_harness.check.replay import replay
from portable_harness.check.run import RACING, Plan, run
from portable_harness.check.server import Server, StartedServer, python_command
from portable_harness.check.transcript import Transcript, load, save, shown
from portable_harness.interpreters.model import Absent, Interpreter
from portable_harness.interpreters.search import find
from portable_harness.interpreters.selection import select

FAULTS_SHOWN = 10
INTERPRETERS = "cpython,pypy,jython"  # where none are named


def adverse_kinds(kinds: str | None, quick: bool) -> tuple[str, ...]:
    if kinds is None:
        return adverse.QUICK if quick else adverse.KINDS
    if kinds == "none":
        return ()
    names = tuple(name.strip() for name in kinds.split(",") if name.strip())
    if unknown := [name for name in names if name not in adverse.KINDS]:
        raise Problem(
            f"{unknown[0]!r} is no adverse scheduling", f"{', '.join(adverse.KINDS)}, or none"
        )
    return names


def console_for(options: CheckOptions) -> Console:
    """For what people read: standard error while standard output is JSON."""
    return Console(stderr=options.json_file == STDOUT, highlight=False)


def run_all(
    server: Server, checks: Sequence[Check], plan: Plan, options: CheckOptions,
    outcomes: list[Outcome],
) -> None:  # fmt: skip
    """All checks as they are, then the racing ones again under each adverse scheduling.

    What comes of them is added to `outcomes` at once: an interrupted run has it there.
    """
    kinds = adverse_kinds(options.kinds, plan.quick)
    console = console_for(options)
    outcomes.extend(_shown(each(server, checks, plan, kinds), console))


def each(
    server: Server, checks: Sequence[Check], plan: Plan, kinds: Sequence[str]
) -> Iterator[Outcome]:
    """Each outcome as soon as it is there."""
    plan = replace(plan, begin=time.monotonic())
    yield from _round(server, checks, plan)
    racing = [check for check in checks if check.name in RACING]
    if isinstance(server, StartedServer) and racing:
        useful = _of_use(server, plan, kinds)
        server.stop()  # the port may be in its source: only one of them can have it
        for kind in useful:
            yield from _adverse_round(server, racing, plan, kind)


def _of_use(server: StartedServer, plan: Plan, kinds: Sequence[str]) -> list[str]:
    """In the quick profile no time is given to what does nothing to the server."""
    if not plan.quick or not set(kinds) & set(adverse.PYTHON_ONLY):
        return list(kinds)
    server.start()
    if adverse.is_python(server):
        return list(kinds)
    return [kind for kind in kinds if kind not in adverse.PYTHON_ONLY]


def _shown(outcomes: Iterable[Outcome], console: Console) -> Iterator[Outcome]:
    for outcome in outcomes:
        report.show(outcome, console)
        yield outcome


def _adverse_round(
    server: StartedServer, racing: Sequence[Check], plan: Plan, kind: str
) -> Iterator[Outcome]:
    named = [replace(check, name=f"{check.name}@{kind}") for check in racing]
    env = adverse.environment(kind, plan.seed)
    hard = StartedServer(server.command, server.limit, env, server.port)
    try:
        hard.start()
        with adverse.applied(kind, hard, plan.seed):
            yield from _round(hard, named, plan)
    finally:
        hard.stop()


def _round(server: Server, checks: Sequence[Check], plan: Plan) -> Iterator[Outcome]:
    status = Console(stderr=True).status("starting the server ...")
    with status:
        yield from run(server, checks, plan, lambda check, seed: status.update(
            f"{check.name} (seed {seed}) ..."))  # fmt: skip


def tell(protocol: str, outcomes: Sequence[Outcome], server: Server, options: CheckOptions) -> None:
    """Everything after the lines of the checks: summary, files, the server's own words."""
    console = console_for(options)
    console.print(report.summary(outcomes))
    failed = any(outcome.fails for outcome in outcomes)
    if failed and server.output.strip():
        console.print(
            "the last that the server printed:",
            *server.output.splitlines()[-5:],
            sep="\n  ",
            markup=False,
        )
    if options.folder:
        _keep(protocol, outcomes, options.folder)
    if options.junit:
        report.write_junit({"": list(outcomes)}, protocol, options.junit)
    write_json(
        options.json_file, report.as_json(outcomes, _about(protocol, server.output, options))
    )


def _about(protocol: str, output: str, options: CheckOptions) -> dict[str, Any]:
    return {
        "protocol": protocol,
        "profile": options.profile,
        "server_output": output,
    }


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
    once, console = replace(plan, seed=seed, repeat=1), Console(highlight=False)
    rounds = [list(_shown(_round(server, again, once), console)) for _ in range(plan.repeat)]
    return int(any(outcome.fails for outcomes in rounds for outcome in outcomes))


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
                runs[name] = _on(interpreter, protocol, checks, plan, options, results[name])
    finally:  # an interrupted run tells what it has
        tell_matrix(protocol, runs, results, absent, options)
    return status_of(runs, results)


def status_of(runs: dict[str, dict[str, Any]], results: dict[str, list[Outcome]]) -> int:
    """The exit status of a matrix."""
    if not any(results.values()):
        return BAD_USAGE
    return int(not all(found["passed"] for found in runs.values()))


def _on(
    interpreter: Interpreter, protocol: str, checks: Sequence[Check], plan: Plan,
    options: CheckOptions, outcomes: list[Outcome],
) -> dict[str, Any]:  # fmt: skip
    """On one interpreter: what --json says of it."""
    console = console_for(options)
    assert options.file is not None
    server = StartedServer(
        python_command(interpreter.command, options.file.resolve()), options.start_limit
    )
    problem = ""
    try:
        run_all(server, checks, plan, options, outcomes)
    except Problem as found:
        console.print(str(found), style="red")
        problem = str(found)
    finally:
        server.stop()
    return kept(interpreter.name, protocol, outcomes, server.output, problem, options)


def kept(
    name: str, protocol: str, outcomes: Sequence[Outcome], output: str, problem: str,
    options: CheckOptions,
) -> dict[str, Any]:  # fmt: skip
    """Keep the transcripts of one interpreter; what --json says of it."""
    if options.folder:
        _keep(protocol, outcomes, options.folder / name)
    about = {"interpreter": name, **_about(protocol, output, options)}
    document = report.as_json(outcomes, about)
    return document | {"problem": problem, "passed": False} if problem else document


def tell_matrix(
    protocol: str, runs: dict[str, dict[str, Any]], results: dict[str, list[Outcome]],
    absent: dict[str, str], options: CheckOptions, lost: Collection[str] = (),
) -> None:  # fmt: skip
    console = console_for(options)
    console.print(report.matrix(results, absent, lost))
    if options.junit:
        report.write_junit(results, protocol, options.junit)
    write_json(options.json_file, report.matrix_as_json(protocol, options.profile, runs, absent))
