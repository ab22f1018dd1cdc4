"""The commands ``chat-check`` and ``chat-client``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from portable_harness.base.errors import Problem
from portable_harness.base.options import Seconds, address, pages
from portable_harness.chat.check import Outcome, check, standard_workloads
from portable_harness.chat.client import ConnectionLost, run
from portable_harness.chat.history import HistoryError, save
from portable_harness.chat.recorder import RecordingError

SHOWN = 10
HELP = {"help_option_names": ["-h", "--help"]}

CHECK_EPILOG = """\b
Examples:
  portable-server chat-check --address 127.0.0.1:7000
  portable-server chat-check --address 127.0.0.1:7000 --seed 7 --clients 50 --seconds 20
  portable-server chat-check --address 127.0.0.1:7000 --save histories --json

The server must speak Budget Chat (Protohackers, problem 3) and its room must be empty. Each
history is a file of JSON lines; the module portable_harness.chat.checker explains what one proves.
Exit status: 0 nothing wrong, 1 faults found, 2 bad usage or no chat server there."""
CHECK_EPILOG += pages("chat")

CLIENT_EPILOG = """\b
Examples:
  portable-server chat-client 127.0.0.1:7000
  portable-server chat-client --name alice
  printf 'bot\\nhello\\n' | portable-server chat-client 127.0.0.1:7000

On a terminal: lines are edited with readline, Ctrl-D leaves. In a pipe: standard input is sent as
it is (the first line is the name, unless --name is given), what comes is printed as it is.
NO_COLOR is honoured. Exit status: 0 left, 1 the server ended it, 2 no server there, 130 Ctrl-C."""


@click.command("chat-check", epilog=CHECK_EPILOG, context_settings=HELP)
@click.option(
    "--address",
    callback=address,
    metavar="HOST:PORT",
    required=True,
    help="The chat server to check.",
)
@click.option("--seed", default=1, show_default=True, help="Draws what the clients do.")
@click.option("--clients", default=20, show_default=True, type=click.IntRange(5, 2_000))
@click.option(
    "--seconds", default=3.0, show_default=True, type=Seconds(0.1), help="Of mixed traffic."
)
@click.option(
    "--patience",
    default=20.0,
    show_default=True,
    type=Seconds(),
    help="Seconds to wait for what is still owed at the end.",
)
@click.option(
    "--save",
    "where",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIRECTORY",
    help="Keep the histories here.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
@click.pass_context
def check_command(
    ctx: click.Context,
    address: tuple[str, int],
    seed: int,
    clients: int,
    seconds: float,
    patience: float,
    where: Path | None,
    as_json: bool,
) -> None:
    """Record clients of every kind against a chat server, and judge what they saw."""
    if where:
        _make_folder(where)
    outcomes = []
    for name, workload in standard_workloads(seed, clients, seconds):
        with Console(stderr=True).status(f"{name}, seed {seed} ..."):
            outcomes.append(_outcome(address, name, workload, patience))
        if not as_json:
            _show(outcomes[-1])
        if where:
            _keep(outcomes[-1], where, seed)
    if as_json:
        click.echo(json.dumps({"seed": seed, "outcomes": [_as_json(o) for o in outcomes]}))
    ctx.exit(int(any(not outcome.verdict.ok for outcome in outcomes)))  # fmt: skip


def _outcome(address: tuple[str, int], name: str, workload: Any, patience: float) -> Outcome:
    try:
        return check(address, workload, name, patience=patience)
    except RecordingError as problem:
        raise Problem(str(problem), "start one: python -m portable_server chat") from None
    except HistoryError as problem:
        raise Problem(f"nothing can be concluded: {problem}") from None


def _show(outcome: Outcome) -> None:
    v = outcome.verdict
    word = "ok" if v.ok else f"{len(v.faults)} FAULTS"
    click.echo(
        f"{outcome.name}: {word}. {v.connections} connections, {v.members} members, "
        f"{v.messages:,} messages, {v.deliveries:,} deliveries, {v.notices:,} notices, "
        f"p99 {1e3 * v.latency(0.99):.1f} ms"
    )
    for fault in v.faults[:SHOWN]:
        click.echo(f"  {fault}")
    if len(v.faults) > SHOWN:
        click.echo(f"  ... and {len(v.faults) - SHOWN} more of the kinds {sorted(v.kinds)}")


def _make_folder(where: Path) -> None:
    try:
        where.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Problem(f"cannot make {where}: {error.strerror}", "name another folder") from None


def _keep(outcome: Outcome, where: Path, seed: int) -> None:
    save(outcome.history, where / f"{outcome.name.replace(' ', '-')}-seed{seed}.jsonl")


def _as_json(outcome: Outcome) -> dict[str, Any]:
    v = outcome.verdict
    faults = [{"kind": f.kind, "row": f.rule.row, "client": f.client, "detail": f.detail}
              for f in v.faults]  # fmt: skip
    return {
        "name": outcome.name, "ok": v.ok, "connections": v.connections, "members": v.members,
        "messages": v.messages, "deliveries": v.deliveries, "notices": v.notices,
        "p99_seconds": v.latency(0.99), "faults": faults,
    }  # fmt: skip


@click.command("chat-client", epilog=CLIENT_EPILOG, context_settings=HELP)
@click.argument("address", callback=address, default="127.0.0.1:7000", metavar="[HOST:PORT]")
@click.option("--name", help="The name to join with (else you are asked).")
@click.pass_context
def client(ctx: click.Context, address: tuple[str, int], name: str | None) -> None:
    """Talk in a chat room (default: the one at 127.0.0.1:7000)."""
    try:
        run(address, name)
    except OSError as problem:
        reason = problem.strerror or str(problem)
        raise Problem(
            f"no chat server at {address[0]}:{address[1]}: {reason}",
            "start one: python -m portable_server chat --port 7000",
        ) from None
    except ConnectionLost as lost:
        click.echo(f"{lost}", err=True)
        ctx.exit(1)
