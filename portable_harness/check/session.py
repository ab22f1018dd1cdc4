"""A run of ``check``: the rounds, their report, and the files that it leaves."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from rich.console import Console

from portable_harness.base.errors import Problem
from portable_harness.base.outputs import STDOUT, demand_writable, write_json, writing
from portable_harness.chat.history import save as save_history
from portable_harness.check import adverse, report
from portable_harness.check.first import show_first, unreached
from portable_harness.check.model import Check, Outcome, Status
from portable_harness.check.options import CheckOptions
from portable_harness.check.run import RACING, Plan, not_reached, run
from portable_harness.check.server import Server, StartedServer
from portable_harness.check.transcript import save


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
    found = each(server, checks, plan, kinds)
    outcomes.extend(shown_at_once(found, console) if options.verbose else found)


def on_server(
    protocol: str, server: Server, checks: Sequence[Check], plan: Plan, options: CheckOptions
) -> int:
    """All checks of one server and their report, however it ends; the exit status."""
    outcomes: list[Outcome] = []
    problem = ""
    try:
        run_all(server, checks, plan, options, outcomes)
    except Problem as found:
        problem = str(found)
        raise
    except BaseException:
        problem = "interrupted"
        raise
    finally:
        server.stop()
        tell(protocol, complete(outcomes, checks, plan, problem), server, options, problem)
    return report.status_of(outcomes)


def complete(
    outcomes: Sequence[Outcome], checks: Sequence[Check], plan: Plan, problem: str
) -> list[Outcome]:
    """With what was not reached, where something ended the run."""
    seeds = range(plan.seed, plan.seed + plan.repeat)
    done = {(outcome.check.name, outcome.seed) for outcome in outcomes}
    return [
        *outcomes,
        *(not_reached(check, seed, problem)
          for seed in seeds for check in checks if (check.name, seed) not in done),
    ]  # fmt: skip


def demand_outputs(options: CheckOptions) -> None:
    """Say now, and not after the run, that something cannot be written. :raises Problem:"""
    folders = [options.folder] if options.folder else []
    folders += [options.junit.parent] if options.junit else []
    for folder in folders:
        with writing(folder):
            folder.mkdir(parents=True, exist_ok=True)
    if options.junit:
        demand_writable(options.junit)


def each(
    server: Server, checks: Sequence[Check], plan: Plan, kinds: Sequence[str]
) -> Iterator[Outcome]:
    """Each outcome as soon as it is there."""
    plan = replace(plan, begin=time.monotonic())
    for outcome in one_round(server, checks, plan):
        if outcome.fails or outcome.status is Status.NOT_REACHED:
            kinds = ()  # rare interleavings are looked for when nothing else is left to mend
        yield outcome
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


def shown_at_once(outcomes: Iterable[Outcome], console: Console) -> Iterator[Outcome]:
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
            yield from one_round(hard, named, plan)
    finally:
        hard.stop()


def one_round(server: Server, checks: Sequence[Check], plan: Plan) -> Iterator[Outcome]:
    status = Console(stderr=True).status("starting the server ...")
    with status:
        yield from run(server, checks, plan, lambda check, seed: status.update(
            f"{check.name} (seed {seed}) ..."))  # fmt: skip


def tell(
    protocol: str, outcomes: Sequence[Outcome], server: Server, options: CheckOptions, problem: str
) -> None:
    """Everything after the lines of the checks: summary, files, the server's own words."""
    console = console_for(options)
    reached = any(outcome.status is not Status.NOT_REACHED for outcome in outcomes)
    show_first(outcomes, console)
    if (missing := unreached(outcomes)) and (reached or not problem):
        console.print(missing, markup=False, soft_wrap=True)
    if reached:
        console.print(report.summary(outcomes))
    failed = any(outcome.fails for outcome in outcomes)
    if failed and options.verbose and server.output.strip():
        console.print(
            "the last that the server printed:",
            *server.output.splitlines()[-5:],
            sep="\n  ",
            markup=False,
        )
    if options.folder:
        keep(protocol, outcomes, options.folder)
    if options.junit:
        report.write_junit({"": list(outcomes)}, protocol, options.junit)
    document = report.as_json(
        outcomes, about(protocol, server.output, options), options.transcripts
    )
    write_json(options.json_file, document | ended_by(problem))


def ended_by(problem: str) -> dict[str, Any]:
    """What --json says in addition of a run that did not come to its end."""
    return {"problem": problem, "passed": False} if problem else {}


def about(protocol: str, output: str, options: CheckOptions) -> dict[str, Any]:
    return {
        "protocol": protocol,
        "profile": options.profile,
        "server_output": output,
    }


def keep(protocol: str, outcomes: Sequence[Outcome], folder: Path) -> None:
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
