"""The core runs without the optional libraries, and every library that is imported is declared."""

from __future__ import annotations

import ast
import configparser
import functools
import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from portable_harness.base.extras import EXTRAS
from portable_harness.cli import COMMANDS
from tests.host.house import TREE, name, tracked

# Programs that run in environments of their own, made for one library each.
PEERS = "portable_harness/peers/"

# Read by every Python that finds it on its path, so by the processes of a command as well.
REFUSE = """\
import sys

class Refuse:
    @staticmethod
    def find_spec(name, path=None, target=None):
        if name.partition(".")[0] in {modules!r}:
            raise ModuleNotFoundError("No module named " + repr(name), name=name)

sys.meta_path.insert(0, Refuse)
"""

SERVER = """\
import socketserver, sys

class Echo(socketserver.StreamRequestHandler):
    def handle(self):
        for line in self.rfile:
            self.wfile.write(line)

class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True

Server(("127.0.0.1", int(sys.argv[-1])), Echo).serve_forever()
"""

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def without(tmp_path: Path) -> Run:
    """Run a Python that cannot import some modules, in an empty folder."""

    def run(modules: Iterable[str], *arguments: str) -> subprocess.CompletedProcess[str]:
        folder = tmp_path / "refuse"
        folder.mkdir()
        (folder / "sitecustomize.py").write_text(REFUSE.format(modules=sorted(modules)))
        (tmp_path / "empty").mkdir(exist_ok=True)
        path = os.pathsep.join([str(folder), str(TREE)])
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=tmp_path / "empty", env={**os.environ, "PYTHONPATH": path}, timeout=240,
            capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL,
        )  # fmt: skip

    return run


@pytest.fixture
def without_extras(without: Run) -> Run:
    """Run our command where no extra is installed."""
    return functools.partial(without, EXTRAS, "-m", "portable_harness")


@pytest.mark.parametrize("module", EXTRAS)
def test_the_extras_are_refused_in_these_tests(without: Run, module: str) -> None:
    done = without(EXTRAS, "-c", f"import {module}")
    assert f"ModuleNotFoundError: No module named '{module}'" in done.stderr


@pytest.mark.parametrize("command", COMMANDS)
def test_help_needs_no_extra(without_extras: Run, command: str) -> None:
    done = without_extras(command, "--help")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Usage:")


@pytest.mark.parametrize(
    ("words", "library", "extra"),
    [
        ("matrix --html page.html", "jinja2", "html"),
        ("litmus 1 --html page.html", "jinja2", "html"),
        ("litmus 1 --on ssh=somewhere", "execnet", "remote"),
        ("compare --load ssh=somewhere", "execnet", "remote"),
        ("compare --on ssh=somewhere", "execnet", "remote"),
        ("matrix --on ssh=somewhere", "execnet", "remote"),
        ("check echo --on ssh=somewhere", "execnet", "remote"),
        ("interpreters --on ssh=somewhere", "execnet", "remote"),
        ("compare --html page.html", "jinja2", "compare"),
        ("compare --plots plots", "matplotlib", "compare"),
        ("test tox", "tox", "tox"),
        ("compare --pyperf results.json", "pyperf", "compare"),
    ],
)
def test_what_needs_an_extra_names_it_at_once(
    without_extras: Run, tmp_path: Path, words: str, library: str, extra: str
) -> None:
    done = without_extras(*words.split())
    assert (done.returncode, done.stdout) == (2, "")
    said = f"Error: this needs the library {library} (pip install 'portable-server[{extra}]')"
    assert done.stderr.startswith(said)
    assert done.stderr.count("\n") == 1
    assert not list((tmp_path / "empty").iterdir())


def test_a_page_with_plots_needs_two_libraries(without: Run) -> None:
    done = without(["matplotlib"], "-m", "portable_harness", "compare", "--html", "page.html")
    assert done.stderr.startswith("Error: this needs the library matplotlib ")


def test_without_jgo_its_way_to_jython_says_how_to_open_it(without: Run) -> None:
    done = without(EXTRAS, "-c", ASK_JGO)
    said = "the library jgo is not installed (pip install 'portable-server[jython]')\n"
    assert (done.stdout, done.stderr) == (said, "")


ASK_JGO = """\
from portable_harness.interpreters.install.maven import JgoMethod
from portable_harness.interpreters.install.methods import Request
from portable_harness.interpreters.names import parse
print(JgoMethod().obstacle(Request(parse("jython"))))
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    "words",
    [
        "interpreters",
        "litmus LostUpdate --interpreters cpython --time 2s",
        "check echo --interpreters cpython --python server.py --only line",
        "compare --interpreters cpython --workloads ping-pong-1 --rounds 1 --seconds 0.05",
        "matrix --project . --interpreters cpython",
    ],
    ids=lambda words: words.split()[0],
)
def test_the_core_works_without_any(without_extras: Run, tmp_path: Path, words: str) -> None:
    folder = tmp_path / "empty"
    folder.mkdir()
    (folder / "test_one.py").write_text("def test_one():\n    assert True\n")
    (folder / "server.py").write_text(SERVER)
    done = without_extras(*words.split())
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_every_imported_library_is_declared() -> None:
    declared = set(sys.stdlib_module_names) | set(EXTRAS) | set(required("install_requires"))
    ours = {"portable_harness", "portable_server"}
    undeclared = {
        f"{name(path)}: {module}"
        for path in tracked("portable_harness/*.py")
        if "on_guest" not in path.parts and not name(path).startswith(PEERS)
        for module in imported(path)
        if module not in declared | ours
    }
    assert undeclared == set()


def test_every_optional_library_is_in_its_extra_and_in_all() -> None:
    for module, extra in EXTRAS.items():
        assert module in required(extra, "options.extras_require")
        assert module in required("all", "options.extras_require")


def required(key: str, section: str = "options") -> list[str]:
    """The modules of a list of requirements; each is called as its distribution is."""
    config = configparser.ConfigParser()
    config.read(TREE / "setup.cfg", encoding="utf-8")
    lines = [line for line in config[section][key].splitlines() if line]
    return [Requirement(line).name.replace("-", "_") for line in lines]


def imported(path: Path) -> Iterator[str]:
    """The top-level names of what a file imports, lazy imports included."""
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            yield node.module.partition(".")[0]
