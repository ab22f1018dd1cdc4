"""``check --replay``: what a saved failure is compared with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import click
from rich.console import Console

from portable_harness.base.errors import Problem
from portable_harness.chat.checker import judge
from portable_harness.chat.history import HistoryError
from portable_harness.chat.history import load as load_history
from portable_harness.check.model import Check, Room
from portable_harness.check.replay import replay
from portable_harness.check.run import Plan
from portable_harness.check.server import Server
from portable_harness.check.session import one_round, shown_at_once
from portable_harness.check.transcript import Transcript, load, shown

FAULTS_SHOWN = 10


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
    rounds = [
        list(shown_at_once(one_round(server, again, once), console)) for _ in range(plan.repeat)
    ]
    return int(any(outcome.fails for outcomes in rounds for outcome in outcomes))
