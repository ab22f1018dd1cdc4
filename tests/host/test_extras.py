"""What an extra brings is asked for in one line, and nothing else needs it.

The modules of the extras are refused in new processes by a finder that comes before all others, as
if nobody had installed them.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from portable_harness.base.extras import EXTRAS
from portable_harness.cli import COMMANDS

TREE = Path(__file__).resolve().parents[2]
REFUSE = f"""
import sys

class Refuse:
    @staticmethod
    def find_spec(name, path=None, target=None):
        if name.partition(".")[0] in {sorted(EXTRAS)!r}:
            raise ModuleNotFoundError("No module named " + repr(name), name=name)

sys.meta_path.insert(0, Refuse)
"""


@pytest.fixture(scope="module")
def without_extras(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An environment whose Pythons cannot import what an extra brings."""
    folder = tmp_path_factory.mktemp("refuse")
    (folder / "sitecustomize.py").write_text(REFUSE, encoding="utf-8")
    path = os.pathsep.join([str(folder), str(TREE)])
    kept = {name: value for name, value in os.environ.items() if name != "PORTABLE_COMMAND"}
    return {**kept, "PYTHONPATH": path, "COLUMNS": "100"}


def run(
    environment: dict[str, str], *words: str, where: Path | None = None
) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "portable_harness", *words]
    return subprocess.run(
        command, cwd=where, env=environment, capture_output=True, text=True, timeout=200
    )


def test_they_are_refused_here(without_extras: dict[str, str]) -> None:
    """Else nothing below says anything."""
    program = "import importlib.util, sys; importlib.util.find_spec(sys.argv[1])"
    for module in EXTRAS:
        done = subprocess.run(
            [sys.executable, "-c", program, module], env=without_extras, capture_output=True,
            text=True, timeout=60,
        )  # fmt: skip
        assert "ModuleNotFoundError" in done.stderr, module


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_its_help(without_extras: dict[str, str], command: str) -> None:
    done = run(without_extras, command, "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"Usage: portable-server {command}")


RESULT = TREE / "README.md"  # a file that is there; it is not read
NEEDS = [
    (["compare", "--plots", "plots"], "compare --plots needs matplotlib", "compare"),
    (["compare", "--html", "page.html"], "compare --html needs matplotlib", "compare"),
    (["compare", "--from", str(RESULT), "--html", "h"], "compare --html needs", "compare"),
    (["compare", "--pyperf", "pyperf.json"], "compare --pyperf needs pyperf", "compare"),
    (["compare", "--load", "ssh=nowhere"], "compare --load on another host needs", "remote"),
    (["compare", "--on", "ssh=nowhere"], "compare --on needs execnet", "remote"),
    (["matrix", "--on", "ssh=nowhere"], "matrix --on needs execnet", "remote"),
    (["litmus", "--on", "ssh=nowhere"], "litmus --on needs execnet", "remote"),
    (["check", "echo", "--on", "ssh=nowhere"], "check --on needs execnet", "remote"),
    (["interpreters", "--on", "ssh=nowhere"], "interpreters --on needs execnet", "remote"),
    (["test", "tox"], "test tox needs tox", "tox"),
]


@pytest.mark.parametrize(("words", "said", "extra"), NEEDS, ids=lambda value: str(value)[:40])
def test_what_is_missing_is_said_in_one_line_before_anything_is_done(
    without_extras: dict[str, str], tmp_path: Path, words: list[str], said: str, extra: str
) -> None:
    done = run(without_extras, *words, where=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert said in done.stderr
    assert done.stderr.endswith(f"; run: pip install 'portable-server[{extra}]'\n")
    assert not list(tmp_path.iterdir())


ASK_JGO = """
from portable_harness.interpreters.install.maven import JgoRoad
from portable_harness.interpreters.install.roads import Request
from portable_harness.interpreters.names import parse
print(JgoRoad().obstacle(Request(parse("jython"))))
"""


def test_without_jgo_its_way_to_jython_says_how_to_open_it(without_extras: dict[str, str]) -> None:
    command = [sys.executable, "-c", ASK_JGO]
    done = subprocess.run(command, env=without_extras, capture_output=True, text=True, timeout=60)
    said = "the library jgo is not installed; run: pip install 'portable-server[jython]'\n"
    assert (done.stdout, done.stderr) == (said, "")


@pytest.mark.parametrize(
    "words",
    [
        ("interpreters",),
        ("litmus", "LostUpdate", "--interpreters", "cpython", "--time", "2s", "--html", "l.html"),
        ("check", "echo", "--interpreters", "cpython", "--python", "server.py", "--only", "line"),
        ("matrix", "--project", ".", "--interpreters", "cpython", "--html", "matrix.html"),
        ("compare", "--interpreters", "cpython", "--workloads", "ping-pong-1", "--rounds", "1",
         "--seconds", "0.05", "--save", "results.jsonl"),
    ],
    ids=lambda words: words[0],
)  # fmt: skip
def test_the_core_works_without_any(
    without_extras: dict[str, str], tmp_path: Path, words: tuple[str, ...]
) -> None:
    (tmp_path / "test_one.py").write_text("def test_one():\n    assert True\n")
    (tmp_path / "server.py").write_text(SERVER)
    done = run(without_extras, *words, where=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Traceback" not in done.stderr


SERVER = """
import socketserver, sys

class Echo(socketserver.StreamRequestHandler):
    def handle(self):
        for line in self.rfile:
            self.wfile.write(line)

class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True

Server(("127.0.0.1", int(sys.argv[-1])), Echo).serve_forever()
"""
