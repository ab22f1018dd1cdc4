"""The folder that is an environment: complete, and nothing of the interpreter's leaks into it."""

from __future__ import annotations

import json
import platform
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from portable_harness.base.errors import Problem
from portable_harness.guest import environment
from portable_harness.guest.wheels import install
from portable_harness.interpreters import Interpreter

from .making import make_wheel

pytestmark = [pytest.mark.slow, pytest.mark.time_limit(300)]

REPORT = (
    "import json, sys; print(json.dumps([[str(p) for p in sys.path], str(sys.executable), "
    "str(sys.prefix)]))"
)


def run(python: Path, *arguments: str, **variables: str) -> str:
    """What a guest's program prints."""
    done = subprocess.run(
        [python, *arguments],
        env={"PATH": "/usr/bin:/bin", **variables},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(params=["py27", "jython", "py36"])
def guest(request: pytest.FixtureRequest, interpreter: Callable[[str], Interpreter]) -> Interpreter:
    return interpreter(request.param)


def test_an_environment_is_isolated_and_importable(guest: Interpreter, tmp_path: Path) -> None:
    made = environment(guest, (), tmp_path / "an env")
    made.create()
    install(make_wheel(tmp_path, "toy"), made.target)
    (made.site / "more.pth").write_text(f"{tmp_path}/by-pth\n")
    (tmp_path / "by-pth").mkdir()
    path, executable, _ = json.loads(run(made.python, "-c", REPORT))
    assert executable == str(made.python)
    assert str(made.site) in path
    assert f"{tmp_path}/by-pth" in path
    packages = [entry for entry in path if entry.endswith("-packages")]
    assert packages == [str(made.site)], "packages of the interpreter or of the user leak in"
    # Not even an option that ignores variables takes the packages away, and children have them.
    child = (
        "import subprocess, sys\n"
        "sys.exit(subprocess.call([sys.executable, '-E', '-c', 'import toy']))\n"
    )
    run(made.python, "-s", "-E", "-c", child)
    assert run(made.site.parents[2] / "bin" / "run-toy") == "toy 1.0\n"


def test_a_current_environment_starts_nothing(
    guest: Interpreter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = environment(guest, (), tmp_path / "env")
    assert not made.is_current()
    made.create()
    assert made.is_current()
    assert not environment(guest, ("six",), tmp_path / "env").is_current()

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a process was started")

    monkeypatch.setattr(subprocess, "run", refuse)
    monkeypatch.setattr(subprocess, "Popen", refuse)
    made.create()


def test_a_wheel_of_the_build_with_a_gil_is_refused_without_one(
    interpreter: Callable[[str], Interpreter], tmp_path: Path
) -> None:
    """Its machine code would not be that of this build (PEP 703, "Build Configuration Changes")."""
    free = interpreter("3.13t")
    with_gil = f"cp{free.version[0]}{free.version[1]}"
    make_wheel(tmp_path, "toy", tag=f"{with_gil}-{with_gil}-linux_{platform.machine()}")
    wanted = ("--no-index", "--find-links", str(tmp_path), "toy")
    with pytest.raises(Problem, match="No matching distribution found for toy"):
        environment(free, wanted, tmp_path / "env").create()


@pytest.mark.network
def test_a_wrong_hash_is_refused(
    index: None, interpreter: Callable[[str], Interpreter], tmp_path: Path
) -> None:
    made = environment(interpreter("py27"), (), tmp_path / "env")
    made.create()
    wanted = tmp_path / "wanted.txt"
    wanted.write_text(f"toml==0.10.2 --hash=sha256:{'0' * 64}\n")
    pip = [str(made.python.parent / "pip"), "install", "-r", str(wanted)]
    done = subprocess.run(pip, capture_output=True, text=True, timeout=300)
    assert done.returncode == 2
    assert "hash" in done.stderr.lower(), done.stderr
    assert "Traceback" not in done.stderr
    assert not (made.site / "toml").exists()
