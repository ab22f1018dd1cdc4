"""The core runs without the optional libraries, and every library that is imported is declared."""

from __future__ import annotations

import ast
import configparser
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from portable_harness.base.extras import EXTRAS
from portable_harness.cli import COMMANDS
from tests.host.house import TREE, name, tracked

# Programs that run in environments of their own, made for one library each.
PEERS = "portable_harness/benchmarks/peers/"

WITHOUT = f"""\
import sys
for module in {sorted(EXTRAS)!r}:
    sys.modules[module] = None  # as if it were not installed
from portable_harness.cli import main
main()
"""


def without_extras(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", WITHOUT, *words],
        cwd=TREE, capture_output=True, text=True, timeout=240, check=False,
        stdin=subprocess.DEVNULL,
    )  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS)
def test_help_needs_no_extra(command: str) -> None:
    done = without_extras(command, "--help")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Usage:")


@pytest.mark.parametrize(
    ("words", "library", "extra"),
    [
        ("matrix --html page.html", "jinja2", "html"),
        ("litmus 1 --html page.html", "jinja2", "html"),
        ("litmus 1 --on ssh=somewhere", "execnet", "remote"),
        ("compare", "execnet", "compare"),
        ("compare --html page.html", "jinja2", "compare"),
        ("compare --plots plots", "matplotlib", "compare"),
        ("compare --pyperf results.json", "pyperf", "compare"),
    ],
)
def test_what_needs_an_extra_names_it_at_once(words: str, library: str, extra: str) -> None:
    done = without_extras(*words.split())
    assert (done.returncode, done.stdout) == (2, "")
    last = done.stderr.splitlines()[-1]
    assert last.startswith(f"Error: this needs the library {library} "), done.stderr
    assert f"(pip install 'portable-server[{extra}]')" in last
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
