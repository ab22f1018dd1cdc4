"""The first screen where Jython is missing: one line per fact, one question, nothing twice."""

from __future__ import annotations

import importlib.util
import io
import os
import shutil
import socket
import sys
from pathlib import Path

import pytest
from rich.console import Console

from portable_harness.base import cache, extras
from portable_harness.interpreters import Absent, java, names
from portable_harness.interpreters.install import debian, journal, programs
from portable_harness.interpreters.install.methods import ClosedError
from portable_harness.interpreters.model import Found
from portable_harness.interpreters.places import VARIABLE
from portable_harness.matrix import missing

JYTHON = Absent("jython", "not found on this machine", "./portable interpreters install jython")
APT = "apt-get install --yes --no-install-recommends jython"
needs_jgo = pytest.mark.skipif(importlib.util.find_spec("jgo") is None, reason="no jgo")


@pytest.fixture(autouse=True)
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine with Debian's apt and nothing else: an empty cache, a Maven mirror that is down."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv(VARIABLE, "")
    monkeypatch.setattr(shutil, "which", lambda name: None if name == "mvn" else f"/{name}")
    monkeypatch.setattr(debian, "_available", lambda package: True)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    with socket.create_server(("127.0.0.1", 0)) as bound:
        port = bound.getsockname()[1]
    config = tmp_path / "jgo.conf"
    config.write_text(f"[repositories]\ncentral = http://127.0.0.1:{port}\n")
    monkeypatch.setenv("JGO_CONFIG_FILE", str(config))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


def screen(allow_debian: bool = False) -> list[str]:
    console = Console(file=io.StringIO(), width=80, highlight=False)
    assert not missing.get(console, JYTHON, allow_debian, Found())
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue().splitlines()


def terminal(monkeypatch: pytest.MonkeyPatch, answers: str) -> None:
    """Standard input is one, with somebody who types the answers."""
    stdin = io.StringIO(answers)
    stdin.isatty = lambda: True  # type: ignore[method-assign]
    monkeypatch.setattr(sys, "stdin", stdin)


def test_without_java_and_jython_there_is_a_line_for_each(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(java, "executable", lambda: None)
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    assert screen() == [
        "Java: not found. Install it: apt-get install default-jre-headless",
        f"Jython: not found, details in {journal.path()}",
        f"To get it: {APT} (--allow-debian does that)",
    ]


@needs_jgo
def test_a_mirror_that_is_down_is_a_few_words_and_the_exception_is_in_the_log(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(java, "executable", lambda: "/java")
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    reason = "not found; download from Maven failed (connection refused)"
    assert screen() == [
        f"Jython: {reason}, details in {journal.path()}",
        f"To get it: {APT} (--allow-debian does that)",
    ]
    assert "Pool" not in capfd.readouterr().err
    output = cache.directory("log") / "jgo.log"
    assert str(output) in journal.path().read_text()
    assert "HTTPConnectionPool" in output.read_text()


def test_an_installation_that_was_allowed_tries_nothing_again(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """One question; after "yes" only apt-get runs, and its failure is a line."""
    started: list[str] = []

    def fail(command: list[str], log: Path, *_: object, what: str = "", **__: object) -> None:
        started.append(what or command[0])
        raise ClosedError(f"{what or command[0]} failed (no route)", log)

    monkeypatch.setattr(programs, "run", fail)
    monkeypatch.setattr(java, "executable", lambda: "/java")
    monkeypatch.setattr(extras, "is_here", lambda name: True)
    terminal(monkeypatch, "y\n")
    lines = screen()
    assert started == ["download from Maven", "apt-get"]
    assert [line.partition(", ")[0] for line in lines] == [
        "Jython: not found; download from Maven failed (no route)",
        "Jython: not found; apt-get failed (no route)",
    ]
    assert capfd.readouterr().err.count(f"`{APT}`? [y/N]") == 1


def test_no_is_an_answer_and_no_command_is_printed_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(java, "executable", lambda: None)
    terminal(monkeypatch, "n\n")
    assert [line.partition(":")[0] for line in screen()] == ["Java", "Jython"]


def test_where_no_package_has_it_the_remedy_is_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(java, "executable", lambda: None)
    monkeypatch.setattr(debian, "_available", lambda package: False)
    terminal(monkeypatch, "")
    assert screen()[-1] == "To get it: ./portable interpreters install jython"


def test_a_jython_that_lacks_only_java_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(java, "executable", lambda: None)
    absent = Absent("jython", f"/usr/bin/jython: {java.ABSENT}", "")
    _, line = missing.facts(absent, names.parse("jython"), [])
    assert line.startswith("Jython: /usr/bin/jython: it needs Java, details in ")
