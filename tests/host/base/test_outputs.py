"""`--json [FILE]`, `--markdown [FILE]`, and the old names of options, as all commands have them."""

from __future__ import annotations

import json
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from portable_harness.base import junit
from portable_harness.base.errors import Problem
from portable_harness.base.options import CommandWithOldNames
from portable_harness.base.outputs import (
    STDOUT,
    demand_writable,
    json_option,
    markdown_option,
    write,
    write_json,
)
from portable_harness.cli import one_line


@click.command(cls=CommandWithOldNames, old_names={"--page": "--markdown"})
@click.argument("words", nargs=-1, type=click.UNPROCESSED)
@json_option()
@markdown_option()
def command(words: tuple[str, ...], json_file: str | None, markdown_file: str | None) -> None:
    write_json(json_file, {"words": words})
    if markdown_file:
        write(markdown_file, "# Words")
    if STDOUT not in (json_file, markdown_file):
        click.echo(" ".join(words))


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*words: str) -> str:
    done = CliRunner().invoke(command, words, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


def refused(*words: str) -> str:
    with pytest.raises(click.ClickException) as problem:
        command.main(list(words), standalone_mode=False)
    assert problem.value.exit_code == 2
    return one_line(problem.value)


def test_without_a_file_json_is_all_of_standard_output() -> None:
    assert json.loads(run("a", "--json")) == {"words": ["a"]}


def test_with_a_file_people_read_what_they_always_do(folder: Path) -> None:
    assert run("a", "--json", "told.json", "--markdown", "told.md") == "a\n"
    assert json.loads((folder / "told.json").read_text()) == {"words": ["a"]}
    assert (folder / "told.md").read_text() == "# Words\n"
    run("b", "--json", "told.json")  # the result of an earlier run
    assert json.loads((folder / "told.json").read_text()) == {"words": ["b"]}


@pytest.mark.parametrize("wrong", [("--json", "server.py"), ("--json=server.py", "1")])
def test_an_argument_that_is_taken_for_the_file_keeps_its_contents(
    wrong: tuple[str, ...], folder: Path
) -> None:
    (folder / "server.py").write_text("mine\n")
    assert "put --json last" in refused(*wrong)
    assert (folder / "server.py").read_text() == "mine\n"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--json", "echo"), "put --json last"),
        (("--json", "nowhere/told.json"), "mkdir -p nowhere"),
        (("--json", "/"), "is a folder"),
        (("--markdown", "nowhere/told.md"), "mkdir -p nowhere"),
        (("--markdown", "/proc/told.md"), "cannot write /proc/told.md: "),
    ],
)
def test_what_cannot_be_written_is_refused_before_the_work(
    words: tuple[str, ...], says: str
) -> None:
    assert says in refused(*words)


def test_a_file_that_can_be_written_is_left_as_it_was(folder: Path) -> None:
    (folder / "old").write_text("old")
    demand_writable(folder / "old")
    demand_writable(folder / "new")
    assert {path.name: path.read_text() for path in folder.iterdir()} == {"old": "old"}


def test_an_old_name_works_and_warns(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    command.main(["--page", "told.md"], standalone_mode=False)
    assert (folder / "told.md").is_file()
    assert "--page is called --markdown now" in capfd.readouterr().err


def test_behind_two_dashes_the_words_are_another_programs() -> None:
    assert run("--", "./server", "--page", "x") == "./server --page x\n"


def test_a_name_that_no_file_can_have_is_said_before_the_run(folder: Path) -> None:
    with pytest.raises(Problem, match=r"cannot write .*: File name too long"):
        demand_writable(folder / ("x" * 300))


def test_a_report_on_a_full_disk_is_one_line() -> None:
    with pytest.raises(Problem, match="cannot write /dev/full: No space left on device"):
        junit.write(Path("/dev/full"), junit.Suite("suite", []))
