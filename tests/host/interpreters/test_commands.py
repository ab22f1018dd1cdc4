"""The commands as a user types them: tables, JSON, dry runs, bad input, exit statuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from portable_harness.commands.interpreters import interpreters
from portable_harness.interpreters import places, search
from portable_harness.interpreters.install import METHODS, journal
from portable_harness.interpreters.install.installing import install_one
from portable_harness.interpreters.install.methods import ClosedError, Request
from portable_harness.interpreters.install.progress import Progress
from portable_harness.interpreters.names import Wanted, parse
from portable_harness.interpreters.places import Candidate

from .conftest import MakeProgram


def run(*arguments: str) -> Result:
    return CliRunner().invoke(interpreters, arguments)


@pytest.fixture(autouse=True)
def machine(
    answering: MakeProgram, program: MakeProgram, monkeypatch: pytest.MonkeyPatch
) -> list[Path]:
    """A machine with one good interpreter and one broken."""
    paths = [answering("bin/python3.13"), program("bin/python3.12", "echo no zlib >&2; exit 1")]
    candidates = [Candidate(path, "PATH") for path in paths]
    monkeypatch.setattr(places, "candidates", lambda: iter(candidates))
    return paths


def test_the_list_has_the_good_and_the_rejected(machine: list[Path]) -> None:
    result = run()
    assert result.exit_code == 0
    assert "CPython 3.13.5" in result.stdout
    assert str(machine[0]) in result.stdout
    assert f"rejected: {machine[1]}: broken (exit status 1): no zlib" in result.stdout
    assert "interpreters install jython" in result.stdout


def test_the_list_as_json(machine: list[Path]) -> None:
    answer = json.loads(run("--json").stdout)
    [one] = answer["interpreters"]
    assert one["name"] == "py313"
    assert one["gil_enabled"] is True
    assert answer["rejected"] == [
        {"path": str(machine[1]), "reason": "broken (exit status 1): no zlib"}
    ]


def test_refresh_asks_again(machine: list[Path]) -> None:
    run("--json")
    run("--json")
    run("--json", "--refresh")
    assert Path(f"{machine[0]}.calls").read_text() == "x\nx\n"


def test_what_is_here_is_not_installed_again() -> None:
    result = run("install", "3.13")
    assert result.exit_code == 0
    assert "already here" in result.stdout


def test_a_dry_run_names_the_commands_and_does_nothing(tmp_path: Path) -> None:
    result = run("install", "--dry-run", "2.7", "3.99t", "jython")
    assert result.exit_code == 0
    assert "pyenv install 2.7.18" in result.stdout
    assert "uv python install 3.99t" in result.stdout
    assert "--disable-gil" in result.stdout
    assert "apt-get install" in result.stdout
    assert not list((tmp_path / "cache" / "portable-server").glob("[!i]*"))


@pytest.mark.parametrize(
    "arguments",
    [
        ["install"],
        ["install", "foo"],
        ["install", "--method", "nowhere", "3.13"],
        ["install", "--method", "maven", "3.13t"],
        ["--json", "install", "jython"],
        ["--no-such-option"],
    ],
)
def test_bad_input_is_one_line_and_status_2(arguments: list[str]) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    [complaint] = [line for line in result.stderr.splitlines() if line.startswith("Error:")]
    assert len(complaint) > len("Error: ")
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("arguments", [["--help"], ["install", "-h"]])
def test_help_has_examples(arguments: list[str]) -> None:
    result = run(*arguments)
    assert result.exit_code == 0
    assert "Examples:" in result.stdout


def test_when_no_method_leads_there_the_commands_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    for method in METHODS:
        monkeypatch.setattr(type(method), "obstacle", lambda *_: "it rains")
    result = run("install", "3.99t")
    assert result.exit_code == 1
    assert "uv python install 3.99t   [uv: it rains]" in result.stdout


class FakeMethod:
    """A method that gives a file, or is closed."""

    def __init__(self, made: Path | None, name: str = "fake") -> None:
        self.name = self.source = name
        self.made = made
        self.taken = 0

    def serves(self, wanted: Wanted) -> bool:
        return True

    def command(self, wanted: Wanted) -> str:
        return f"make {wanted.name}"

    def obstacle(self, request: Request) -> str | None:
        return None

    def install(self, request: Request, progress: Progress) -> Path | None:
        self.taken += 1
        if self.made is None:
            raise ClosedError("the network is down")
        return self.made


def test_a_closed_method_lets_the_next_one_try(answering: MakeProgram) -> None:
    methods = [FakeMethod(None, "first"), FakeMethod(answering("made/python3.99"), "second")]
    result = install_one(Request(parse("3.99")), methods, None, dry_run=False, progress=Progress())
    assert result.ok
    assert "by second" in result.lines[0]
    assert [method.taken for method in methods] == [1, 1]


def test_a_method_that_makes_nothing_that_works_is_not_believed(program: MakeProgram) -> None:
    method = FakeMethod(program("made/python3.99", "exit 1"))
    result = install_one(Request(parse("3.99")), [method], None, dry_run=False, progress=Progress())
    assert not result.ok
    assert "broken (exit status 1)" in result.lines[0]


def test_a_forced_method_is_taken_though_one_is_here(answering: MakeProgram) -> None:
    method = FakeMethod(answering("made/python3.13"))
    result = install_one(
        Request(parse("3.13")), [method], "fake", dry_run=False, progress=Progress()
    )
    assert result.ok
    assert method.taken == 1
    assert search.find().interpreters


def test_a_source_that_failed_is_not_asked_by_another_client(answering: MakeProgram) -> None:
    first, twin = FakeMethod(None, "mvn"), FakeMethod(answering("made/python3.99"), "jgo")
    first.source = twin.source = "Maven"
    methods = [first, twin]
    result = install_one(Request(parse("3.99")), methods, None, dry_run=False, progress=Progress())
    assert not result.ok
    assert [method.taken for method in methods] == [1, 0]
    assert "Maven was tried already" in result.lines[-1]


def test_a_method_that_fails_while_it_looks_for_obstacles_is_closed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*_: object) -> str:
        raise ClosedError("apt-cache does not work here")

    for method in METHODS:
        monkeypatch.setattr(type(method), "obstacle", fail)
    result = run("install", "3.99t")
    assert result.exit_code == 1
    assert "[uv: apt-cache does not work here]" in result.stdout


def test_what_was_tried_is_in_the_log_and_on_the_screen_once(
    capfd: pytest.CaptureFixture[str],
) -> None:
    result = install_one(
        Request(parse("3.99")), [FakeMethod(None)], None, dry_run=False, progress=Progress()
    )
    assert str(journal.path()) in result.lines[0]
    assert sum("the network is down" in line for line in result.lines) == 1
    assert capfd.readouterr() == ("", "")
    [line] = journal.path().read_text().splitlines()
    assert line.endswith("3.99: fake: the network is down")
