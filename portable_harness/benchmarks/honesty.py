"""Does ``compare`` see differences where there are none, and does it see one that there is?

    python -m portable_harness.benchmarks.honesty --runs 20
    python -m portable_harness.benchmarks.honesty --interpreter 3.13 --runs 10 --seconds 0.2

Each run compares an interpreter with itself, and with itself in a wrapper in which a thread
computes half of the time. In 19 of 20 runs nothing may be faster or slower of the same, and the
wrapper must be slower overall. Exit status 1 where that is not so.
"""

from __future__ import annotations

import stat
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from portable_harness.base.errors import Problem
from portable_harness.base.options import Finite
from portable_harness.base.reading import decoded
from portable_harness.interpreters import Interpreter, select

ALLOWED = 0.05  # of the runs
LIMIT = 600.0  # seconds for one run
WRAPPER = '''#!{python}
"""Starts its arguments, with a thread that computes half of the time."""
import runpy
import sys
import threading
import time


def burn():
    while True:
        end = time.time() + 0.004
        while time.time() < end:
            pass
        time.sleep(0.004)


thread = threading.Thread(target=burn)
thread.daemon = True
thread.start()
words = sys.argv[1:]
while words[0] not in ("-c", "-m"):
    words.pop(0)
sys.path[0] = ""
sys.argv = words[1:]
if words[0] == "-c":
    exec(compile(words[1], "<string>", "exec"), {{"__name__": "__main__"}})
else:
    runpy.run_module(words[1], run_name="__main__", alter_sys=True)
'''


@click.command()
@click.option("--interpreter", default="3.13", show_default=True, help="Name or path.")
@click.option("--runs", type=click.IntRange(1), default=20, show_default=True)
@click.option("--workloads", default="ping-pong-10,pipelined-10,work-100us-1", show_default=True)
@click.option("--rounds", type=click.IntRange(2), default=5, show_default=True)
@click.option("--seconds", type=Finite(0.05), default=0.2, show_default=True)
def main(interpreter: str, runs: int, **options: Any) -> None:
    """Compare an interpreter with itself, and with itself slowed down, many times."""
    (found,) = select(interpreter)
    if not isinstance(found, Interpreter):
        raise Problem(f"absent: {interpreter}: {found.reason}", found.remedy)
    more = [word for name, value in options.items() for word in (f"--{name}", str(value))]
    with tempfile.TemporaryDirectory(prefix="honesty-") as folder:
        wrapper = slowed(Path(folder), found)
        sides = [str(found.path), str(found.path), str(wrapper)]
        made = [_run(number, sides, more) for number in range(runs)]
    differ, missed = sum(differs for differs, _ in made), sum(not slow for _, slow in made)
    click.echo(f"{found.name}: the same differed in {differ} of {runs} runs;"
               f" the slowed one was missed in {missed}")  # fmt: skip
    sys.exit(differ > ALLOWED * runs or missed > ALLOWED * runs)


def slowed(folder: Path, interpreter: Interpreter) -> Path:
    """A program that starts the interpreter with a thread that computes half of the time."""
    path = folder / interpreter.path.name
    path.write_text(WRAPPER.format(python=interpreter.executable), encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def _run(number: int, interpreters: Sequence[str], more: Sequence[str]) -> tuple[bool, bool]:
    """Whether the same was said to differ, and whether the slowed one was found slower."""
    command = [sys.executable, "-m", "portable_harness", "compare", "--json", *more]
    done = subprocess.run(
        [*command, "--interpreters", ",".join(interpreters)],
        stdout=subprocess.PIPE, text=True, timeout=LIMIT, check=False,
    )  # fmt: skip
    if done.returncode:
        raise Problem(f"compare ended with status {done.returncode}", " ".join(done.args))
    summary = decoded(done.stdout)
    _, same, slowed = (side["name"] for side in summary["environment"]["sides"])
    verdicts = [row["sides"][same]["verdict"] for row in summary["workloads"]]
    verdicts.append(summary["overall"][same]["verdict"])
    differs = bool({"faster", "slower"}.intersection(verdicts))
    slower = summary["overall"][slowed]["verdict"] == "slower"
    click.echo(f"{number + 1}: the same: {', '.join(verdicts)}, overall {_in_words(summary, same)};"
               f" slowed: overall {_in_words(summary, slowed)}")  # fmt: skip
    return differs, slower


def _in_words(summary: dict[str, Any], side: str) -> str:
    ratio = summary["overall"][side]
    return f"{ratio['middle']:.2f} ({ratio['low']:.2f}-{ratio['high']:.2f}) {ratio['verdict']}"


if __name__ == "__main__":
    main()
