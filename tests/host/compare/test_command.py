"""The command ``compare`` on this Python: measured, kept, resumed, interrupted, refused."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import psutil
import pytest

from portable_harness.base.tree import TREE

pytestmark = pytest.mark.skipif(
    shutil.which("cc") is None and shutil.which("gcc") is None, reason="absent: a C compiler"
)
SMALL = ("--workloads", "ping-pong-10", "--rounds", "1", "--seconds", "0.2")


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "portable_harness", "compare", *arguments]


def compare(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*arguments), cwd=TREE, capture_output=True, text=True, timeout=300, check=False
    )


def records(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_two_sides_are_measured_and_kept(tmp_path: Path) -> None:
    saved = tmp_path / "run.jsonl"
    both = f"{sys.executable},pypy"
    done = compare(*SMALL, "--interpreters", both, "--save", str(saved), "--json")
    if "absent: pypy" in done.stderr:
        pytest.skip("absent: pypy")
    assert done.returncode == 0, done.stderr
    summary = json.loads(done.stdout)
    (row,) = summary["workloads"]
    assert len(row["sides"]) == 2
    assert all(side["values"]["rate"]["middle"] > 100 for side in row["sides"].values())
    kinds = [record["kind"] for record in records(saved)]
    assert kinds[0] == "environment"
    assert kinds.count("measurement") == 2
    assert kinds.count("gil") == 2
    assert kinds[-1] == "end"
    shown = compare("--input", str(saved))
    assert (shown.returncode, shown.stderr) == (0, "")
    assert "ping-pong, 10 connections" in shown.stdout
    with saved.open("r+", encoding="utf-8") as stream:  # as if it had been interrupted
        lines = [line for line in stream if '"kind": "end"' not in line]
        kept = [line for line in lines if '"kind": "measurement"' not in line]
        stream.seek(0)
        stream.truncate()
        stream.writelines([*kept, next(line for line in lines if '"measurement"' in line)])
    again = compare(*SMALL, "--interpreters", both, "--resume", str(saved))
    assert again.returncode == 0, again.stderr
    assert [record["kind"] for record in records(saved)].count("measurement") == 2


def test_a_room_is_measured_twice_on_one_server_after_another_load_of_it(tmp_path: Path) -> None:
    """Saturated and at a rate: the second joins while the members of the first still leave."""
    saved = tmp_path / "run.jsonl"
    done = compare(
        "--service", "chat", "--workloads", "chat-10,chat-rate-100", "--rounds", "1",
        "--seconds", "0.2", "--interpreters", sys.executable, "--save", str(saved),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr + done.stdout
    measured = {
        record["workload"]: record for record in records(saved) if record["kind"] == "measurement"
    }
    assert measured["chat-10"]["rate"] > 1000
    assert measured["chat-rate-100"]["offered_rate"] == 300 * 99
    ceilings = [record for record in records(saved) if record["kind"] == "ceiling"]
    assert [ceiling["reference"] for ceiling in ceilings] == ["c-epoll-chat"] * 2


@pytest.mark.parametrize(
    "how", [signal.SIGINT, signal.SIGTERM], ids=lambda how: signal.Signals(how).name
)
def test_an_interrupt_keeps_what_was_measured_and_leaves_nothing(
    how: signal.Signals, tmp_path: Path
) -> None:
    saved = tmp_path / "run.jsonl"
    arguments = command("--workloads", "ping-pong-10", "--rounds", "500", "--seconds", "0.2",
                        "--interpreters", sys.executable, "--save", str(saved))  # fmt: skip
    with subprocess.Popen(
        arguments, cwd=TREE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        _wait_for_a_measurement(process, saved)
        children = psutil.Process(process.pid).children(recursive=True)
        assert children
        os.kill(process.pid, how)
        out, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert "interrupted: this is what was measured" in err
    assert "ping-pong, 10 connections" in out
    assert "Traceback" not in err
    _, alive = psutil.wait_procs(children, timeout=30)
    assert alive == []


def _wait_for_a_measurement(process: subprocess.Popen[str], saved: Path) -> None:
    """Until the file has one; the process ends by itself long before pytest's patience does."""
    while process.poll() is None:
        if saved.exists() and '"measurement"' in saved.read_text(encoding="utf-8"):
            return
    raise AssertionError(f"it ended with status {process.returncode} before it had measured")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--workloads", "dance"), "no workload is called 'dance'"),
        (("--design", "mailboxes"), "--design is of the chat server"),
        (("--service", "chat", "--design", "dance"), "'dance' is not one of 'objects'"),
        (("--seconds", "nan"), "nan is not a finite number"),
        (("--seconds", "0"), "not in the range"),
        (("--service", "chat", "--workloads", "ping-pong"), "no workload is left"),
        (("--input", "/"), "is a directory"),
        (("--input", "README.md"), "README.md has no results of compare"),
        (("--save", "/dev/full", "--interpreters", sys.executable), "it is no regular file"),
        (("--generator", "python", "--service", "chat"), "no workload is left (install gcc)"),
        (("--interpreters", "/nonexistent/python"), "none of these interpreters is here"),
        (("--save", "/proc/none/a.jsonl", "--interpreters", sys.executable), "/proc/none/a.jsonl"),
    ],
)
def test_bad_input_is_one_line_and_status_2(arguments: tuple[str, ...], said: str) -> None:
    done = compare(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr
