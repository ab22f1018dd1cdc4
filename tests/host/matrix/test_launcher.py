"""./portable in a small tree with a new HOME: what a newcomer's first minute is like."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.host.interruptions import MARKER, end_survivors, survivors

TREE = Path(__file__).resolve().parents[3]
LIMIT = 300.0  # seconds; a package index may be slow
SETUP = """\
[metadata]
name = tiny
version = 1
[options]
py_modules = tiny
[options.extras_require]
all =
test =
lint =
[options.entry_points]
console_scripts =
    portable-server = tiny:main
"""
CORE = """\
[metadata]
name = tiny-core
version = 1
[options]
py_modules = tiny_core
"""
PROGRAM = "from setuptools import setup\n\nsetup()\n"
TINY = """\
import signal, sys

def main():
    # the launcher blocks the signals until the program can handle them
    blocked = signal.pthread_sigmask(signal.SIG_BLOCK, [])
    assert {signal.SIGINT, signal.SIGTERM, signal.SIGHUP} <= blocked
    print("handed over", sys.argv[1:])
    return 7
"""
PYPROJECT = (TREE / "pyproject.toml").read_text(encoding="utf-8")


class Clone:
    """A copy of the launcher in a tree with one module, and a HOME that nobody used before."""

    def __init__(self, folder: Path) -> None:
        self.tree, self.home = folder / "clone", folder / "home"
        self.tree.mkdir()
        self.home.mkdir()
        shutil.copy(TREE / "portable", self.tree)
        core = self.tree / "distributions" / "core"
        core.mkdir(parents=True)
        self.write(self.tree, {"setup.cfg": SETUP, "tiny.py": TINY})
        self.write(core, {"setup.cfg": CORE, "tiny_core.py": ""})

    @staticmethod
    def write(folder: Path, files: dict[str, str]) -> None:
        """A project: its own files, and what all have."""
        for name, text in {**files, "setup.py": PROGRAM, "pyproject.toml": PYPROJECT}.items():
            (folder / name).write_text(text, encoding="utf-8")

    def start(
        self, *arguments: str, python: str = sys.executable, **more: str
    ) -> subprocess.Popen[str]:
        kept = {name: value for name, value in os.environ.items() if name != "XDG_CACHE_HOME"}
        return subprocess.Popen(
            [python, str(self.tree / "portable"), *arguments],
            env={**kept, "HOME": str(self.home), **more},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def run(self, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        return ended(self.start(*arguments, **more))

    def environments(self) -> list[Path]:
        return list(self.cache().glob("*/ready"))

    def cache(self) -> Path:
        return self.home / ".cache" / "portable-server" / "host"


def ended(child: subprocess.Popen[str]) -> subprocess.CompletedProcess[str]:
    with child:
        try:
            out, err = child.communicate(timeout=LIMIT)
        finally:
            child.kill()
    return subprocess.CompletedProcess(child.args, child.returncode, out, err)


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    return Clone(tmp_path)


@pytest.fixture(scope="module")
def used(tmp_path_factory: pytest.TempPathFactory) -> Clone:
    """A clone whose first use is over; a visible skip where there is no package index."""
    clone = Clone(tmp_path_factory.mktemp("used"))
    first = clone.run("word", "--option")
    if "the installation failed" in first.stderr:
        pytest.skip(f"offline: {first.stderr.splitlines()[-1]}")
    assert (first.returncode, first.stdout) == (7, "handed over ['word', '--option']\n"), first
    assert "first use" in first.stderr
    return clone


DEAD_INDEX = {"PIP_INDEX_URL": "http://127.0.0.1:9/", "PIP_FIND_LINKS": "", "PIP_RETRIES": "0"}


@pytest.mark.network
def test_the_second_use_installs_nothing_and_needs_no_network(used: Clone) -> None:
    begin = time.perf_counter()
    second = used.run("again", **DEAD_INDEX)
    seconds = time.perf_counter() - begin
    assert (second.returncode, second.stdout, second.stderr) == (7, "handed over ['again']\n", "")
    assert seconds < 5  # a bare start takes 0.15 s; tests share the machine with others


@pytest.mark.network
def test_a_changed_setup_is_installed_anew_and_the_tree_stays_clean(used: Clone) -> None:
    before = used.environments()
    with (used.tree / "setup.cfg").open("a", encoding="utf-8") as stream:
        stream.write("[options.package_data]\n* = *.txt\n")
    third = used.run("third")
    assert "first use" in third.stderr
    assert len(used.environments()) == len(before) + 1
    left = {path.name for path in used.tree.iterdir()} - {"__pycache__", "build"}
    projects = {"portable", "setup.cfg", "setup.py", "pyproject.toml", "distributions"}
    assert left == projects | {"tiny.py", "tiny.egg-info"}


@pytest.mark.network
@pytest.mark.usefixtures("used")
def test_an_interrupted_set_up_is_made_again(clone: Clone) -> None:
    child = clone.start("x")
    assert child.stderr is not None
    for line in child.stderr:
        if "installs what it needs" in line:
            break
    os.killpg(child.pid, signal.SIGINT)  # as a terminal does: the whole group has it
    cut = ended(child)
    assert cut.returncode == 130
    assert "Traceback" not in cut.stderr
    assert clone.environments() == []
    again = clone.run("x")
    assert (again.returncode, again.stdout) == (7, "handed over ['x']\n")


@pytest.mark.network
@pytest.mark.usefixtures("used")
def test_two_at_once_make_one_environment(clone: Clone) -> None:
    both = [clone.start(word) for word in ("one", "two")]
    results = [ended(child) for child in both]
    assert [result.returncode for result in results] == [7, 7]
    assert sum("first use" in result.stderr for result in results) == 1
    assert sum("waiting for it" in result.stderr for result in results) == 1


def test_without_a_package_index_it_says_so(clone: Clone) -> None:
    failed = clone.run("x", **{**DEAD_INDEX, "PIP_RETRIES": "1"})  # pip prints its exceptions
    assert failed.returncode == 2
    _, _, last = failed.stderr.splitlines()
    assert "(no connection to the package index)" in last
    assert "is a package index in reach?" in last
    [log] = clone.cache().glob("*.log")
    assert f"details in {log};" in last
    assert "NewConnectionError" in log.read_text()
    assert clone.environments() == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_to_the_launcher_alone_leaves_nothing(
    clone: Clone, tmp_path: Path, number: signal.Signals
) -> None:
    """While pip waits for an index that never answers."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.settimeout(LIMIT)
        index = {
            "PIP_INDEX_URL": f"http://127.0.0.1:{silent.getsockname()[1]}/",
            "PIP_FIND_LINKS": "",
            "NO_PROXY": "127.0.0.1",
        }
        marker = f"launcher-{os.getpid()}-{number}"
        child = clone.start("x", **index, TMPDIR=str(temporary), **{MARKER: marker})
        connection, _ = silent.accept()
        with connection:
            child.send_signal(number)
            cut = ended(child)
    assert cut.returncode == 128 + number
    assert cut.stderr.endswith("interrupted; the same command begins again where needed\n")
    assert survivors(marker) == []
    assert list(temporary.iterdir()) == []
    assert [path.suffix for path in clone.cache().iterdir()] == [".lock"]


def test_a_signal_while_pip_is_started_loses_no_child(clone: Clone) -> None:
    """The signal comes when the child runs, and Popen has not yet returned."""
    code = (
        "import os, runpy, signal, subprocess, sys\n"
        "launcher = runpy.run_path(sys.argv[1], run_name='launcher')\n"
        "class Interrupting(subprocess.Popen):\n"
        "    def __init__(self, *arguments, **named):\n"
        "        super().__init__(*arguments, **named)\n"
        "        os.kill(os.getpid(), signal.SIGTERM)\n"
        "subprocess.Popen = Interrupting\n"
        "try:\n"
        "    launcher['become_interruptible']()\n"
        "    launcher['run_quietly'](['sleep', '600'])\n"
        "except launcher['Interrupted'] as interruption:\n"
        "    print(interruption.args[0])\n"
    )
    marker = f"starting-{os.getpid()}"
    done = subprocess.run(
        [sys.executable, "-c", code, str(clone.tree / "portable")],
        env={**os.environ, MARKER: marker},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    try:
        assert done.stdout == "15\n", done.stderr
        assert survivors(marker) == []
    finally:
        end_survivors(marker)


def test_help_installs_nothing(clone: Clone) -> None:
    shown = clone.run("--help")
    assert shown.returncode == 0
    assert "./portable matrix" in shown.stdout
    assert "./portable test" in shown.stdout
    assert str(clone.home) in shown.stdout
    assert clone.run().returncode == 2
    assert not (clone.home / ".cache").exists()


def test_an_old_python_hands_over_to_a_newer_one(clone: Clone, tmp_path: Path) -> None:
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "python3.12").symlink_to(sys.executable)
    old = _old_python()
    shown = ended(clone.start("--help", python=old, PATH=str(programs)))
    assert (shown.returncode, shown.stderr) == (0, "")
    nowhere = {"PATH": str(tmp_path), "PYENV_ROOT": str(tmp_path)}
    alone = ended(clone.start("--help", python=old, **nowhere))
    assert alone.returncode == 2
    assert len(alone.stderr.splitlines()) == 1
    assert "Python 3.10 or newer is needed" in alone.stderr


def _old_python() -> str:
    from portable_harness.interpreters import Interpreter, select

    for wanted in ("3.6", "3.7", "3.8", "3.9"):
        (found,) = select(wanted)
        if isinstance(found, Interpreter):
            return found.command[0]
    pytest.skip("absent: no CPython from 3.6 to 3.9: portable-server interpreters install 3.9")


def test_a_python_without_ensurepip_and_pip_gets_one_line(clone: Clone) -> None:
    """As Debian's python3 without python3-venv; -I -S hides what is installed with it."""
    code = (
        "import importlib.util, runpy, sys\n"
        "real = importlib.util.find_spec\n"
        "hidden = {'ensurepip', 'pip'}\n"
        "importlib.util.find_spec = lambda name, *a: None if name in hidden else real(name, *a)\n"
        "path = sys.argv[1]\n"
        "sys.argv[:] = [path, 'x']\n"
        "import subprocess\n"
        "launcher = runpy.run_path(path, run_name='launcher')\n"
        "launcher['pip_version'].__globals__['pip_version'] = lambda: (0,)\n"
        "try:\n"
        "    launcher['main']()\n"
        "except launcher['Failed'] as failure:\n"
        "    print(failure)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(clone.tree / "portable")],
        env={"HOME": str(clone.home), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "`apt-get install python3" in done.stdout
    assert len(done.stdout.splitlines()) == 1
