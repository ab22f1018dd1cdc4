"""Plays comparisons, each into a file of its own, so that what was measured is kept."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from portable_harness.base.errors import Problem
from portable_harness.base.servers import ServerError
from portable_harness.base.tree import TREE
from portable_harness.benchmarks.table import Comparison
from portable_harness.compare import environment, records
from portable_harness.compare.recorder import Recorder
from portable_harness.compare.servers import Running
from portable_harness.compare.sides import Side, interpreter_side, our_command
from portable_harness.compare.workloads import BY_NAME, PROFILES
from portable_harness.interpreters import Absent, select
from portable_harness.load.generator import open_fleet
from portable_harness.remote.addresses import Address

HOST = "127.0.0.1"
PATIENCE = 30.0  # seconds for a run to end what it started


def path_of(folder: Path, comparison: Comparison) -> Path:
    return folder / f"{comparison.name}.jsonl"


def load(path: Path) -> records.Run | None:
    """What is in the file; None when there is none, or nothing in it yet."""
    return records.load(path) if path.exists() and path.stat().st_size else None


def measure(comparison: Comparison, path: Path, rounds: int, seconds: float) -> int:
    """Play it, or the rest of it; the exit status. What is complete is not played again.

    :raises Problem: when the interpreter is absent
    """
    known = load(path)
    if known and known.status == "complete":
        return 0
    (found,) = select(comparison.interpreter)
    if isinstance(found, Absent):
        raise Problem(f"absent: {found.name}: {found.reason}", found.remedy)
    path.parent.mkdir(parents=True, exist_ok=True)
    if comparison.starts:
        return _starts(comparison, path, rounds)
    words = [sys.executable, "-m", "portable_harness", "compare", *comparison.options()]
    words += ["--rounds", str(rounds), "--seconds", f"{seconds:g}"]
    words += ["--resume" if known else "--save", str(path)]
    return _play(words)


def _play(words: list[str]) -> int:
    """Run it to its end; an interruption is passed on, and it ends its servers before we end."""
    with subprocess.Popen(
        words, cwd=TREE, stdout=subprocess.DEVNULL, start_new_session=True
    ) as process:
        try:
            return process.wait()
        except KeyboardInterrupt:
            process.terminate()
            process.wait(PATIENCE)
            raise
        finally:
            process.kill()


def _starts(comparison: Comparison, path: Path, rounds: int) -> int:
    """Our command and the stock one in turn, each until it accepts."""
    path.unlink(missing_ok=True)
    sides = _commands(comparison)
    workload = BY_NAME["ping-pong-1"]
    recorder = Recorder(path)
    try:
        with open_fleet([Address(None)]) as fleet:
            profile = PROFILES["quick"]
            about = environment.record(
                sides, [workload], profile, fleet, service="echo", model=comparison.model, seed=1
            )
        recorder.begin(about)
        for number in range(rounds + 1):
            for side in sides:
                server = Running(side, workload, HOST)
                server.stop()
                if number:  # the first brings the files into memory
                    recorder.put({
                        "kind": "start", "side": side.name, "round": number, "service": "echo",
                        "seconds": server.started, "cpu_seconds": server.cpu,
                    })  # fmt: skip
        recorder.put({"kind": "end", "status": "complete", "message": None, "seconds": 0.0})
    except ServerError as error:
        raise Problem(str(error)) from None
    finally:
        recorder.close()
    return 0


def _commands(comparison: Comparison) -> list[Side]:
    (found,) = select(comparison.interpreter)
    assert not isinstance(found, Absent)
    ours = interpreter_side(found, comparison.model, profile="start")
    stock = {**ours.info, "title": "the stock command", "command": list(found.command)}
    return [ours, Side("stock", stock, our_command(found.command, comparison.model))]
