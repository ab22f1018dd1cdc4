"""A comparison whose servers die, disk is full, interpreter vanishes, or without a compiler.

What was measured is kept, one line says what happened, and nothing is left running.
"""

from __future__ import annotations

import contextlib
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from portable_harness.base.tree import TREE
from tests.host.compare.test_command import command, compare, records

LIMIT = 120.0  # seconds


@dataclass
class Run:
    """A comparison under way, and where its results go."""

    process: subprocess.Popen[str]
    saved: Path

    def measurements(self) -> list[dict[str, Any]]:
        found = records(self.saved) if self.saved.exists() else []
        return [record for record in found if record["kind"] == "measurement"]

    def wait_for(self, count: int) -> None:
        """Until the file has this many measurements."""
        deadline = time.monotonic() + LIMIT
        while len(self.measurements()) < count:
            assert self.process.poll() is None, "it ended before that"
            assert time.monotonic() < deadline
            time.sleep(0.02)

    def servers(self) -> list[psutil.Process]:
        children = psutil.Process(self.process.pid).children(recursive=True)
        return [child for child in children if "portable_server" in child.cmdline()]


@contextlib.contextmanager
def running(saved: Path, *arguments: str) -> Iterator[Run]:
    short = ("--workloads", "ping-pong-1", "--seconds", "0.1")
    words = command(*short, "--save", str(saved), *arguments)
    with subprocess.Popen(
        words, cwd=TREE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            yield Run(process, saved)
        finally:
            process.terminate()


def test_a_server_that_dies_is_reported_and_started_again(tmp_path: Path) -> None:
    with running(tmp_path / "a", "--interpreters", sys.executable, "--rounds", "12") as run:
        run.wait_for(1)
        for server in run.servers():
            server.kill()
        out, err = run.process.communicate(timeout=LIMIT)
        assert run.process.returncode == 1, err
    errors = [record["error"] for record in run.measurements() if record["error"]]
    assert errors == ["the server was ended by signal 9"]
    assert len(run.measurements()) == 12
    assert "failed 1x: the server was ended by signal 9" in " ".join(out.split())
    assert "Traceback" not in err


def test_an_interpreter_that_vanishes_stops_no_other(tmp_path: Path) -> None:
    gone = tmp_path / "python"
    gone.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n', encoding="utf-8")
    gone.chmod(0o755)
    names = f"{sys.executable},{gone}"
    with running(tmp_path / "a", "--interpreters", names, "--rounds", "9") as run:
        run.wait_for(2)
        gone.unlink()
        for server in run.servers():
            server.kill()
        _, err = run.process.communicate(timeout=LIMIT)
        assert run.process.returncode == 1, err
    sides = {record["side"] for record in run.measurements()}
    assert len(sides) == 2
    errors = {side: [o["error"] for o in run.measurements() if o["side"] == side and o["error"]]
              for side in sides}  # fmt: skip
    assert sorted(len(found) for found in errors.values()) == [1, 2]
    (reason,) = (found[-1] for found in errors.values() if len(found) == 2)
    assert reason == f"{gone} cannot be started: No such file or directory"
    assert "Traceback" not in err


def test_a_full_disk_ends_it_and_what_was_measured_is_shown(tmp_path: Path) -> None:
    """A limit of the file's size stands for the disk: the same failed write (EFBIG for ENOSPC)."""

    def few_bytes() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (12_000, 12_000))

    saved = tmp_path / "run.jsonl"
    done = subprocess.run(
        command("--workloads", "ping-pong-1", "--rounds", "500", "--seconds", "0.05",
                "--interpreters", sys.executable, "--save", str(saved)),
        cwd=TREE, capture_output=True, text=True, timeout=LIMIT, check=False,
        preexec_fn=few_bytes,
    )  # fmt: skip
    assert done.returncode == 1, done.stderr
    assert f"cannot write {saved}: File too large: this is what was measured" in done.stderr
    assert "ping-pong, 1 connection" in done.stdout
    assert "Traceback" not in done.stderr
    again = compare("--input", str(saved))
    assert again.returncode == 0, again.stderr


def test_without_a_compiler_the_load_comes_from_python(tmp_path: Path) -> None:
    """No program of that name is found; the generators in C are nowhere."""
    saved = tmp_path / "run.jsonl"
    words = command("--workloads", "ping-pong-1,chat-10", "--rounds", "1", "--seconds", "0.2",
                    "--interpreters", sys.executable, "--save", str(saved))  # fmt: skip
    nothing = {"PATH": str(tmp_path), "HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path)}
    done = subprocess.run(
        words, cwd=TREE, env=nothing, capture_output=True, text=True, timeout=LIMIT, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "left out, as its generator needs a C compiler: chat-10" in done.stderr
    found = records(saved)
    (ceiling,) = [record for record in found if record["kind"] == "ceiling"]
    assert (ceiling["engine"], ceiling["reference"]) == ("python", "python-epoll")
    (measured,) = [record for record in found if record["kind"] == "measurement"]
    assert measured["generator"]["engine"] == "python"
    assert measured["requests"] > 10
