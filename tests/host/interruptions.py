"""Interrupt a command at random moments: nothing of it may run on, and the next run succeeds.

``python -m tests.host.interruptions --times 20 --within 30 -- ./portable matrix --only tests/x.py``

The command runs in a session of its own with a variable in its environment that all its children
inherit: whatever has that variable after the command has ended is a survivor. The signals take
turns: Ctrl-C as a terminal sends it (to the whole group), Ctrl-C to the command alone, SIGTERM, and
SIGHUP. At last the command is run to its end and has to succeed; with ``--again`` after each
interruption, with ``--no-last`` never.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.host.busy import split

USAGE = "python -m tests.host.interruptions [OPTIONS] -- COMMAND ..."
MARKER = "PORTABLE_INTERRUPTION"
TO_VANISH = 20.0  # seconds at most, on a busy machine
TO_END = 60.0  # seconds that a command may take to end its children


@dataclass(frozen=True)
class Kind:
    """How a command is interrupted."""

    name: str
    number: signal.Signals
    whole_group: bool = False


KINDS = (
    Kind("Ctrl-C", signal.SIGINT, whole_group=True),
    Kind("SIGINT to it alone", signal.SIGINT),
    Kind("SIGTERM", signal.SIGTERM),
    Kind("SIGHUP", signal.SIGHUP, whole_group=True),
)


def running(marker: str) -> list[str]:
    """The processes, by number and command line, that inherited the marker and run now."""
    return [_describe(process) for process in _marked(marker)]


def survivors(marker: str) -> list[str]:
    """Those that still run after a moment: one that was ended takes a while to be gone."""
    end = time.monotonic() + TO_VANISH
    while (found := running(marker)) and time.monotonic() < end:
        time.sleep(0.1)
    return found


def _marked(marker: str) -> Iterator[psutil.Process]:
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if process.environ().get(MARKER) == marker and process.status() != "zombie":
                yield process


def _describe(process: psutil.Process) -> str:
    with contextlib.suppress(psutil.Error):
        return f"{process.pid}: {' '.join(process.cmdline())[:200]}"
    return str(process.pid)


def end_survivors(marker: str) -> None:
    """So that one fault is not found again in the next round."""
    for process in _marked(marker):
        with contextlib.suppress(psutil.Error):
            process.kill()


def send(child: subprocess.Popen[bytes], kind: Kind) -> None:
    """Interrupt a command that leads its session."""
    with contextlib.suppress(ProcessLookupError):
        (os.killpg if kind.whole_group else os.kill)(child.pid, kind.number)


@dataclass(frozen=True)
class Round:
    """One interruption: when it came, how the command ended, and what is wrong with that."""

    kind: Kind
    after: float
    status: int | None
    took: float  # seconds from the signal to the command's end
    faults: list[str]
    output: str

    def __str__(self) -> str:
        said = "; ".join(self.faults) or "nothing is left"
        when = f"{self.kind.name} after {self.after:.2f} s"
        return f"{when}: status {self.status} {self.took:.1f} s later: {said}"


def interrupt(command: Sequence[str], kind: Kind, after: float, log: Path) -> Round:
    """Start a command, interrupt it after some seconds, look at what is left.

    :param log: gets the command's output
    """
    marker = f"{os.getpid()}-{time.monotonic_ns()}"
    with log.open("wb") as output:
        child = subprocess.Popen(
            command,
            env={**os.environ, MARKER: marker},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    with contextlib.suppress(subprocess.TimeoutExpired):
        child.wait(after)
    send(child, kind)
    sent, faults = time.monotonic(), []
    try:
        child.wait(TO_END)
    except subprocess.TimeoutExpired:
        faults.append(f"it goes on after {TO_END:g} s")
    took = time.monotonic() - sent
    faults += [f"still runs: {survivor}" for survivor in survivors(marker)]
    end_survivors(marker)
    child.wait(TO_END)
    text = log.read_text(encoding="utf-8", errors="replace")
    faults += ["it prints a traceback"] if "Traceback (most recent" in text else []
    return Round(kind, after, child.returncode, took, faults, text)


def main(arguments: Sequence[str]) -> int:
    """Exit status 0 when nothing was left and the last run, to its end, succeeded; else 1."""
    for kind in KINDS:  # a shell's job in the background ignores Ctrl-C, and so would the command
        signal.signal(kind.number, signal.SIG_DFL)
    own, command = split(arguments)
    options = _parser().parse_args(own)
    chance = random.Random(options.seed)
    print(f"seed {options.seed}", flush=True)
    bad = 0
    for number in range(options.times):
        kind, after = KINDS[number % len(KINDS)], chance.uniform(0, options.within)
        found = interrupt(command, kind, after, options.log)
        print(f"{number + 1}: {found}", flush=True)
        if found.faults:
            bad += 1
            options.log.rename(options.log.with_suffix(f".{number + 1}"))
        if options.again:
            bad += _run_to_its_end(command)
    bad += _run_to_its_end(command) if options.last and not options.again else 0
    print(f"{bad} of {options.times} interruptions left something or broke the next run")
    return int(bad > 0)


def _run_to_its_end(command: Sequence[str]) -> bool:
    """Whether it failed."""
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    if done.returncode:
        print(f"the run after it: status {done.returncode}: {done.stderr[-1000:]!r}", flush=True)
    return done.returncode != 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.host.interruptions", usage=USAGE)
    parser.add_argument("--times", type=int, default=20, help="Interrupt it this number of times.")
    parser.add_argument("--within", type=float, default=30, help="In these first seconds of it.")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    parser.add_argument("--again", action="store_true", help="Run it to its end after each one.")
    parser.add_argument("--no-last", dest="last", action="store_false", help="Not to its end.")
    parser.add_argument("--log", type=Path, default=Path("interruption.log"))
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
