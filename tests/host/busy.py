"""Make this machine busy: ``python -m tests.host.busy 16 --seconds 600 -- COMMAND...``

Runs a command next to a number of processes that do nothing but compute, and ends with the
command's status. A test that is right on a busy machine passes under it. The processes end after
the time, with the command, and with this program whatever ends it: each asks whether its parent is
still there. Without a command the load lasts for the time.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence

USAGE = "python -m tests.host.busy PROCESSES [--seconds N] [-- COMMAND ...]"
TURN = 0.1  # seconds between two questions whether the parent is still there
# A program of its own and no fork of ours: it inherits nothing and starts at once.
_BURN = """
import os, sys, time
parent, end = int(sys.argv[1]), time.monotonic() + float(sys.argv[2])
while os.getppid() == parent and time.monotonic() < end:
    turn = time.monotonic() + float(sys.argv[3])
    while time.monotonic() < turn:
        sum(range(1000))
"""


@contextlib.contextmanager
def load(processes: int, seconds: float) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Busy processes while the body runs, and for this number of seconds at most.

    Ctrl-C of a terminal does not reach them, as they have sessions of their own: we end them.
    """
    words = [sys.executable, "-S", "-E", "-c", _BURN, str(os.getpid()), str(seconds), str(TURN)]
    burning: list[subprocess.Popen[bytes]] = []
    try:
        burning.extend(subprocess.Popen(words, start_new_session=True) for _ in range(processes))
        yield burning
    finally:
        for process in burning:
            process.kill()
        for process in burning:
            process.wait()


def main(arguments: Sequence[str]) -> int:
    """The command's exit status, as a shell has it; 0 without a command; 128 + N after signal N."""
    own, command = split(arguments)
    options = _parser().parse_args(own)
    signal.signal(signal.SIGTERM, _end)
    signal.signal(signal.SIGHUP, _end)
    with load(options.processes, options.seconds):
        try:
            return _run(command) if command else _wait(options.seconds)
        except KeyboardInterrupt:
            return 128 + signal.SIGINT


def split(arguments: Sequence[str]) -> tuple[list[str], list[str]]:
    """What is before the first ``--``, and the command after it."""
    words = list(arguments)
    at = words.index("--") if "--" in words else len(words)
    return words[:at], words[at + 1 :]


def _end(number: int, frame: object) -> None:
    sys.exit(128 + number)


def _wait(seconds: float) -> int:
    time.sleep(seconds)
    return 0


def _run(command: Sequence[str]) -> int:
    """The command has our terminal, and with it Ctrl-C; another signal is passed on to it."""
    try:
        child = subprocess.Popen(command)
    except OSError as error:
        print(f"{command[0]} cannot be started: {error.strerror}", file=sys.stderr)
        return 127
    with child:
        try:
            status = child.wait()
        except BaseException:
            child.terminate()
            raise
    return status if status >= 0 else 128 - status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.host.busy", usage=USAGE)
    parser.add_argument("processes", type=int, help="How many; the load average that they make.")
    parser.add_argument("--seconds", type=float, default=600, help="Time limit of the load.")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
