"""What is known and what is new; the page and the command's exit status."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from rich.console import Console

from portable_harness.base.errors import Problem
from portable_harness.base.tree import TREE
from portable_harness.findings import command, known, page, terminal
from portable_harness.findings.results import Cell, Findings, judged
from portable_harness.findings.run import LIBRARIES
from portable_harness.interpreters import Absent, Interpreter

FILE = """\
[one lock, then the other]
library = noisy
finding = lock-order Lock.acquire: noisy.* -> noisy.*
interpreters = py3*
verdict = hazard
why = Two threads
    may wait for each other.

[a race shows it]
library = noisy
finding = held-too-long: *
seen = sometimes
verdict = harmless
why = The machine was slow.

[noisy on Jython]
library = noisy
interpreters = jython
why = It needs what Jython has not.
"""
ORDER = "lock-order Lock.acquire: noisy.first -> noisy.second"


@pytest.fixture
def expected(tmp_path: Path) -> list[known.Known]:
    file = tmp_path / "known.ini"
    file.write_text(FILE)
    return known.read(file)


def report(name: str) -> dict[str, Any]:
    return {"finding": name, "kind": name.split()[0], "message": "against the order", "lock": "l",
            "operation": "", "text": "", "acquired": ["noisy.first:3"],
            "violated": ["noisy.second:9"]}  # fmt: skip


def cell(*names: str, interpreter: str = "py313", outcome: str = "kept") -> Cell:
    details = {"findings": [report(name) for name in names], "rounds": 5, "version": "1.0",
            "promise": "It works", "source": "Its page", "broken": []}  # fmt: skip
    return Cell("noisy", interpreter, outcome, "", details)


def test_a_file_is_read(expected: list[known.Known]) -> None:
    first, second, third = expected
    assert first.why == "Two threads may wait for each other."
    assert (first.always, second.always) == (True, False)
    assert (first.verdict, third.finding, third.verdict) == ("hazard", "", "")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[a]\nlibrary = x\nwhy = y\ncolour = red\n", "no key 'colour'"),
        ("[a]\nlibrary = x\n", "a why"),
        ("[a]\nlibrary = x\nfinding = f\nwhy = y\n", "neither hazard nor harmless"),
        ("[a]\nlibrary = x\nseen = never\nwhy = y\n", "neither always nor sometimes"),
        ("nonsense", "cannot read"),
    ],
)
def test_a_mistake_in_the_file_is_reported_in_one_line(
    text: str, said: str, tmp_path: Path
) -> None:
    file = tmp_path / "known.ini"
    file.write_text(text)
    with pytest.raises(Problem) as caught:
        known.read(file)
    assert said in caught.value.message
    assert "\n" not in caught.value.message


def test_known_new_and_gone(expected: list[known.Known]) -> None:
    both = judged(cell(ORDER, "blocked-while-holding time.sleep: noisy.a -> noisy.b"), expected)
    assert ([known.title for _, known in both.known], len(both.new), both.gone) == (
        ["one lock, then the other"], 1, [],
    )  # fmt: skip
    assert both.words == "2 reports, 1 new"
    none = judged(cell(), expected)
    assert [entry.title for entry in none.gone] == ["one lock, then the other"]
    assert none.words == "nothing found, 1 gone"


def test_what_is_known_elsewhere_is_new_here(expected: list[known.Known]) -> None:
    assert judged(cell(ORDER, interpreter="py27"), expected).words == "1 report, 1 new"


def test_not_supported_is_no_failure_but_success_is_reported(expected: list[known.Known]) -> None:
    fails = judged(cell(interpreter="jython", outcome="failed"), expected)
    assert (fails.outcome, fails.is_bad) == ("not supported", False)
    assert fails.error == "It needs what Jython has not."
    works = judged(cell(interpreter="jython"), expected)
    assert [entry.title for entry in works.gone] == ["noisy on Jython"]


def findings(*cells: Cell) -> Findings:
    interpreters = (Absent("py99", "not found", "install it"), here("py313"), here("py27"))
    return Findings(("noisy",), interpreters, cells, 1.0, "portable-server findings noisy")


def here(name: str) -> Interpreter:
    return Interpreter(
        name, (name,), Path(name), "CPython", (3, 13, 0), "G10", False, True, None, ""
    )


@pytest.mark.parametrize(
    ("outcome", "status"),
    [("kept", 0), ("absent", 0), ("not supported", 0), ("broken", 1), ("crash", 1), ("stuck", 1)],
)
def test_findings_alone_are_no_failure(outcome: str, status: int) -> None:
    found = findings(cell(ORDER, outcome=outcome))
    assert found.status == status
    assert json.loads(json.dumps(found.as_json()))["status"] == status


def test_the_page_has_the_table_and_each_finding_once(
    expected: list[known.Known], tmp_path: Path
) -> None:
    file = tmp_path / "page.md"
    file.write_text(f"# Findings\n\n{page.BEGIN}\nold\n{page.END}\nThe end.\n")
    cells = [judged(cell(ORDER, interpreter=name), expected) for name in ("py313", "py27")]
    page.write(str(file), findings(*cells))
    text = file.read_text()
    assert text.startswith("# Findings\n")
    assert text.endswith("The end.\n")
    assert "old" not in text
    assert "| noisy | absent | 1 report<br>1.0, 5 rounds | 1 report, 1 new<br>" in text
    assert text.count("### noisy: one lock, then the other") == 1
    assert "noisy: not yet explained" in text
    assert "acquired  noisy.first:3" in text
    assert "py99 is absent: not found." in text


def test_a_page_without_a_place_for_them_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "page.md"
    file.write_text("# Another page\n")
    with pytest.raises(Problem):
        page.write(str(file), findings())
    assert file.read_text() == "# Another page\n"


def test_the_terminal_tells_the_unexpected_first(expected: list[known.Known]) -> None:
    console = Console(width=120, record=True)
    broken = judged(cell(ORDER, interpreter="py27", outcome="broken"), expected)
    broken.details["broken"] = ["one of two was lost"]
    terminal.show(console, findings(judged(cell(ORDER), expected), broken))
    text = console.export_text()
    assert text.index("one of two was lost") < text.index("Known findings") < text.index("library")
    assert "a new finding" in text
    assert "A promise broke or a program failed" in text


def test_an_interrupted_run_says_so_and_writes_no_page(tmp_path: Path) -> None:
    console = Console(width=120, record=True)
    interrupted = findings(cell(ORDER, outcome="interrupted"))
    terminal.show(console, interrupted)
    assert "Interrupted" in console.export_text()
    command._write(interrupted, None, str(tmp_path / "page.md"))
    assert not (tmp_path / "page.md").exists()


def test_the_files_of_this_project_agree() -> None:
    ours = known.read()
    assert {entry.library for entry in ours} <= set(LIBRARIES)
    text = (TREE / "docs" / "findings.md").read_text(encoding="utf-8")
    assert page.BEGIN in text
    assert page.END in text
    for entry in ours:
        if entry.finding and entry.always:
            assert f"### {entry.library}: {entry.title}\n" in text, (
                "make the page again: --markdown"
            )


def test_an_unknown_library_is_refused_before_the_search() -> None:
    done = CliRunner().invoke(command.findings, ["no-such"])
    assert done.exit_code == 2
    assert "no library 'no-such' here" in done.output
