"""Recorder and judge together: the question "does this server keep its promises?" as a call.

    outcome = check(address, mixed(seed, clients=20, seconds=3.0))

For a server of ours, `portable_server_command` gives the command line that starts one on any
interpreter; see base.servers.ServerProcess for what any other command must do.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from portable_harness.chat import workload as w
from portable_harness.chat.checker import Verdict, judge
from portable_harness.chat.history import History
from portable_harness.chat.recorder import Recorder
from portable_harness.interpreters import Interpreter


@dataclass(frozen=True)
class Outcome:
    """What was recorded, and what it proves."""

    history: History
    verdict: Verdict


def check(
    address: tuple[str, int],
    workload: w.Workload,
    stop: Callable[[], None] | None = None,
    patience: float = 20.0,
) -> Outcome:
    """Record `workload` against the server at `address`, judge it.

    `stop`: asks the server to stop in the middle of the traffic (row 64); returns at once.
    Raises RecordingError if there is no chat server, HistoryError if nothing can be concluded.
    """
    history = Recorder(address, workload, patience).record(stop)
    return Outcome(history, judge(history))


def portable_server_command(interpreter: Interpreter, *options: str) -> tuple[str, ...]:
    """Start our chat server on `interpreter` (run it in `guest_tree()`)."""
    start = ("-m", "portable_server", "chat", "--port", "0", "--stop-on-stdin-eof")
    return (*interpreter.command, *start, "--log-level", "warning", *options)
