"""Asking an interpreter what it is: real ones, broken ones, and ones that never answer."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import psutil
import pytest

from portable_harness.interpreters.probe import RefusedError, Running, ask

from .conftest import MakeProgram


def test_the_one_we_run_on_tells_the_truth() -> None:
    facts = ask((sys.executable,), 30.0)
    assert facts["implementation"] == "CPython"
    assert tuple(facts["version"]) == sys.version_info[:3]
    assert facts["gil_enabled"] is getattr(sys, "_is_gil_enabled", lambda: True)()


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("exit 3", r"broken \(exit status 3\): it said nothing"),
        ("echo oh no >&2; exit 1", r"broken \(exit status 1\): oh no"),
        ("kill -SEGV $$", r"broken \(ended by signal 11\)"),
        ("echo hello", r"broken \(exit status 0\): hello"),
        ("echo PORTABLE-FACTS nonsense", "not JSON"),
        ("echo PORTABLE-FACTS '[]'", "not a JSON object"),
        ("echo 'PORTABLE-FACTS {\"version\": [3, 4, 10]}'", r"too old: version 3\.4\.10"),
        ("echo 'PORTABLE-FACTS {\"version\": [2, 6, 9]}'", r"too old: version 2\.6\.9"),
    ],
)
def test_a_broken_one_is_refused_with_the_reason(
    body: str, reason: str, program: MakeProgram
) -> None:
    with pytest.raises(RefusedError, match=reason) as caught:
        ask((str(program("bin/python3", body)),), 30.0)
    assert caught.value.lasting or "JSON" in reason


def test_a_file_that_is_no_program_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "python3"
    path.write_bytes(b"\0\0\0")
    path.chmod(0o755)
    with pytest.raises(RefusedError, match="cannot be started: Exec format error"):
        ask((str(path),), 30.0)


def test_one_that_hangs_is_ended_with_its_children(program: MakeProgram, tmp_path: Path) -> None:
    """The child holds the pipes open: ending the parent alone would leave us reading for ever."""
    child = tmp_path / "child"
    path = program("bin/python3", f"sleep 600 & echo $! > {child}; wait")
    began = time.monotonic()
    with pytest.raises(RefusedError, match=r"did not answer within 1 s") as caught:
        ask((str(path),), 1.0)
    assert time.monotonic() - began < 20
    assert not caught.value.lasting
    assert not alive(int(child.read_text()))


def alive(pid: int) -> bool:
    """Whether a process is there and no zombie, after at most ten seconds for it to go."""
    end = time.monotonic() + 10
    while time.monotonic() < end:
        try:
            if psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
                return False
        except psutil.NoSuchProcess:
            return False
        time.sleep(0.02)
    return True


def test_stopping_ends_what_runs_and_starts_nothing_more(program: MakeProgram) -> None:
    running = Running()
    process = running.start((str(program("bin/python3", "sleep 600")),))
    running.stop()
    assert process.wait(timeout=20) < 0
    running.forget(process)
    for stream in (process.stdout, process.stderr):
        assert stream is not None
        stream.close()
    with pytest.raises(RefusedError, match="interrupted"):
        running.start((sys.executable,))
