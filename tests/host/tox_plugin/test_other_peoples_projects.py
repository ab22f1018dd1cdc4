"""Projects that other people wrote, from their source archives, with their own tests.

On Jython and on CPython 2.7, with nothing but the plugin installed beside tox. Tests that fail for
reasons of their own are named here with the reason; any other failure fails this test.
"""

from __future__ import annotations

import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from portable_harness.guest.build import unpack
from portable_harness.guest.fetch import run_pip
from portable_harness.interpreters import Interpreter

from .conftest import run_tox

pytestmark = [pytest.mark.slow, pytest.mark.network, pytest.mark.time_limit(1800)]


@dataclass(frozen=True)
class Other:
    """A project: its archive, how its tests are run, how many must pass, which are known to fail
    on Jython and why."""

    name: str
    version: str
    sha256: str
    tests: str
    at_least: int
    fails_on_jython: dict[str, str] = field(default_factory=dict)


PROJECTS = [
    Other(
        "six",
        "1.17.0",
        "ff70335d468e7eb6ec65b95b99d3a2836546063f63acc5171de367e834932a81",
        "test_six.py",
        175,
        {"test_move_items_urllib_request[HTTPSHandler]": "a Jython without ssl has no HTTPS"},
    ),
    Other(
        "pluggy",
        "0.13.1",
        "15b2acde666561e1298d71b523007ed7364de07029219b604cf808bfa1c765b0",
        "testing",
        85,
    ),
    Other(
        "more-itertools",
        "5.0.0",
        "38a936c0a6d98a38bcc2d03fdaaedaba9f412879461dd2ceff8d37564d6522e4",
        "more_itertools/tests",
        300,
        {
            "test_other_iterables": "Jython's `permutations` wants a sequence, no generator",
            "test_improperly_zipped": "Jython's `itertools` let a StopIteration out",
            "test_nonseq_reversed": "Jython has one type for every reversed iterator",
        },
    ),
]

TOX = """
[tox]
env_list = jython, py27
[testenv]
deps = pytest
commands = - python -m pytest --junitxml={{tox_root}}/{{env_name}}.xml {tests}
"""


@pytest.fixture(scope="session")
def tox_with_plugin(own_wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """A tox in an environment of its own, with this distribution installed from its wheel."""
    folder = tmp_path_factory.mktemp("tox") / "env"
    subprocess.run([sys.executable, "-m", "virtualenv", "-q", str(folder)], check=True, timeout=300)
    python = str(folder / "bin" / "python")
    wanted = ["--find-links", str(own_wheel.parent), f"portable-server[tox] @ {own_wheel.as_uri()}"]
    status, output = run_pip(["--python", python, "install", *wanted])
    assert status == 0, output
    return [python, "-m", "tox"]


@pytest.mark.parametrize("other", PROJECTS, ids=lambda other: other.name)
def test_their_own_tests_pass(
    other: Other,
    tox_with_plugin: list[str],
    interpreter: Callable[[str], Interpreter],
    tmp_path: Path,
) -> None:
    guests = [interpreter(name).name for name in ("jython", "py27")]
    root = unpack(_archive(other, tmp_path), tmp_path / "source")
    (root / "tox.ini").write_text(TOX.format(tests=other.tests), encoding="utf-8")
    ran = run_tox(root, tox_with_plugin, (), {})
    assert ran.status == 0, ran.output
    for guest in guests:
        passed, failed = _results(root / f"{guest}.xml")
        known = set(other.fails_on_jython) if guest == "jython" else set()
        assert failed <= known, f"{guest}: {failed - known}\n{ran.output}"
        assert passed >= other.at_least - len(known), f"{guest}: only {passed} passed"


def _archive(other: Other, folder: Path) -> Path:
    """The source archive, of that hash or not at all."""
    line = f"{other.name}=={other.version} --hash=sha256:{other.sha256}"
    (folder / "wanted.txt").write_text(line + "\n", encoding="utf-8")
    options = ["--no-deps", "--no-binary=:all:", "--require-hashes", "--dest", str(folder)]
    status, output = run_pip(["download", *options, "-r", str(folder / "wanted.txt")])
    assert status == 0, output
    return next(folder.glob("*.tar.gz"))


def _results(report: Path) -> tuple[int, set[str]]:
    """How many passed, and the names of those that did not, from a JUnit report."""
    passed, failed = 0, set()
    for case in ET.parse(report).iter("testcase"):
        outcomes = {child.tag for child in case}
        if outcomes & {"failure", "error"}:
            failed.add(case.attrib["name"])
        elif "skipped" not in outcomes:
            passed += 1
    return passed, failed
