"""A command that is interrupted ends with one line and status 130, and ends what it started."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from portable_harness.base.tasks import ENDING
from tests.host.interruptions import MARKER, end_survivors, survivors

LIMIT = 120.0  # seconds
TREE = Path(__file__).parents[2]
MVN = "#!/bin/sh\necho x > half-a-jar\nsleep 600 &\necho on > {fifo}\nwait\n"


@pytest.fixture
def variables(tmp_path: Path) -> Iterator[dict[str, str]]:
    """Of a machine with a Java, and a Maven that hangs with a child of its own."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for name, text in (("mvn", MVN.format(fifo=tmp_path / "fifo")), ("java", "#!/bin/sh\n")):
        (programs / name).write_text(text)
        (programs / name).chmod(0o755)
    os.mkfifo(tmp_path / "fifo")
    marker = f"interrupted-{os.getpid()}-{time.monotonic_ns()}"
    yield {
        **os.environ,
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
        "PORTABLE_INTERPRETERS": "",
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        MARKER: marker,
    }
    end_survivors(marker)


@pytest.mark.parametrize("number", ENDING)
def test_an_installation_ends_with_what_it_started(
    variables: dict[str, str], tmp_path: Path, number: signal.Signals
) -> None:
    """Also where the signals are blocked at first, as ./portable has it."""
    words = ["-m", "portable_harness", "interpreters", "install", "--method", "maven", "jython"]
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
    try:
        child = subprocess.Popen(
            [sys.executable, *words],
            cwd=TREE,
            env=variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    assert (tmp_path / "fifo").read_text() == "on\n"
    child.send_signal(number)
    _, errors = child.communicate(timeout=LIMIT)
    assert child.returncode == 130
    assert errors.endswith("interrupted\n")
    assert "Traceback" not in errors
    assert survivors(variables[MARKER]) == []
    left = [path.name for path in (tmp_path / "cache" / "portable-server").rglob("*")]
    assert not [name for name in left if "incoming" in name or "half" in name]


SELFTEST = """
from portable_harness.matrix import selftest
selftest.run(["sh", "-c", "trap 'echo interrupted; exit 1' INT; echo on; sleep 600 & wait"])
"""


@pytest.mark.parametrize("number", ENDING)
def test_the_tests_are_interrupted_once(variables: dict[str, str], number: signal.Signals) -> None:
    """A second signal would be a traceback of pytest, which still ends its workers."""
    child = subprocess.Popen(
        [sys.executable, "-c", SELFTEST],
        cwd=TREE,
        env=variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "on\n"
    child.send_signal(number)
    output, errors = child.communicate(timeout=LIMIT)
    assert output == "interrupted\n"
    assert errors.splitlines()[-1] == "KeyboardInterrupt"
    assert survivors(variables[MARKER]) == []
