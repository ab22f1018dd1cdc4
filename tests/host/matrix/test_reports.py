"""The forms of a result: nothing is lost, and hostile text does no harm."""

from __future__ import annotations

import io
import itertools
import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from rich.console import Console

from portable_harness.matrix import junit, terminal
from portable_harness.matrix import page as matrix_page
from portable_harness.matrix.document import document
from portable_harness.matrix.merge import Matrix, merge
from portable_harness.matrix.outcomes import Cell, Column, Outcome, skipped
from portable_harness.matrix.progress import Lines
from portable_harness.matrix.record import Transcript
from tests.host.browser import browse

HOSTILE = "</script><b>[red]\x1b[31m \x00 & 'quoted' \ud800"
FACTS = {"version": [3, 13, 0], "class": "G10", "gil_enabled": True, "implementation": "CPython"}


@pytest.fixture
def matrix() -> Matrix:
    test = "tests/test_a.py::test_"
    first = Column(
        "py313",
        facts={**FACTS, "java": None},
        cells={test + "x": Cell(Outcome.PASS, 0.5), test + "y": Cell(Outcome.PASS)},
    )
    two = Column(
        "jython",
        cells={
            test + "x": Cell(Outcome.FAIL, 1.0, HOSTILE, HOSTILE),
            test + "y": skipped("ledger:no-fork: Jython has no fork"),
        },
    )
    columns = [first, two, Column("pypy", absent="not found; try: install pypy")]
    return merge(columns, project="tiny", started="2026-01-01T00:00:00+00:00", seconds=1.5)


def test_json_has_every_cell(matrix: Matrix) -> None:
    made = json.loads(json.dumps(document(matrix, 1)))
    assert made["schema"] == 1
    assert [column["state"] for column in made["interpreters"]] == ["passed", "failed", "absent"]
    assert made["differences"] == ["tests/test_a.py::test_x"]
    x, y = made["tests"]
    assert x["cells"]["jython"]["message"] == "</script><b>[red] \ufffd & 'quoted' \ufffd"
    assert y["cells"]["jython"]["ledger"] == "no-fork"
    assert y["cells"]["pypy"]["outcome"] == "absent"


def test_junit_is_well_formed_and_counts(matrix: Matrix, tmp_path: Path) -> None:
    files = junit.write_all(matrix, tmp_path / "new")
    assert [file.name for file in files] == ["py313.xml", "jython.xml", "pypy.xml"]
    suite = ElementTree.parse(files[1]).getroot()[0]
    assert dict(suite.attrib, time="") == {
        "name": "jython",
        "tests": "2",
        "failures": "1",
        "errors": "0",
        "skipped": "1",
        "time": "",
    }
    assert suite[0].attrib["classname"] == "tests.test_a"
    assert "fail: </script>" in suite[0][0].attrib["message"]
    absent = ElementTree.parse(files[2]).getroot()[0]
    assert absent.attrib["skipped"] == "2"


def test_html_is_one_page_without_anything_from_elsewhere(matrix: Matrix, tmp_path: Path) -> None:
    page = tmp_path / "matrix.html"
    matrix_page.write(page, document(matrix, 1))
    text = page.read_text(encoding="utf-8")
    assert "http" not in text
    assert text.count("</script>") == 1  # ours: the hostile one is escaped
    assert "&lt;/script&gt;&lt;b&gt;" in text
    assert [line for line in text.splitlines() if "data-different" in line and "<tr" in line] == [
        '<tr data-test="tests/test_a.py::test_x" data-different data-bad>'
    ]


def test_terminal_has_differences_before_the_table(matrix: Matrix) -> None:
    text = printed(matrix, verbose=True)
    parts = ("agree on", "pypy: absent", "Differences: 1", "no-fork on", "Tests passed")
    at = [text.index(part) for part in parts]
    assert at == sorted(at)
    assert "no-fork on" not in printed(matrix)
    assert "[red]" in text  # shown as it is, not taken for markup
    assert "\x1b" not in text
    assert "test_y" not in text[: text.index("no-fork on")]


def test_the_answer_is_one_sentence() -> None:
    good, bad = Cell(Outcome.PASS), Cell(Outcome.FAIL, 0.0, "no")
    ledger, cut = Cell(Outcome.NOT_APPLICABLE, 0.0, "ledger:x: y"), Cell(Outcome.UNREACHED)
    first = Column("one", cells={"a": good, "b": good, "c": good, "d": bad, "e": good})
    two = Column("two", cells={"a": good, "b": ledger, "c": bad, "d": bad, "e": cut})
    assert terminal.answer(merge([first, two, Column("three", absent="not here")])) == (
        "2 interpreters agree on 2 tests; they differ in 1; 1 bad on all that ran them; "
        "1 not reached on two; 1 do not apply to two."
    )
    assert terminal.answer(merge([first])) == (
        "1 interpreter passes 4 tests; 1 bad on all that ran them."
    )


def test_a_slow_machine_is_reported_in_the_heading() -> None:
    facts = {"version": [3, 13, 0], "gil_enabled": True, "class": "G10"}
    assert "4.2 x slower" in printed(merge([Column("one", facts=facts, pace=4.21)]))
    assert "slower" not in printed(merge([Column("one", facts=facts, pace=1.2)]))


def test_lines_say_how_much_time_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    now = itertools.count(step=20.0)
    monkeypatch.setattr("time.monotonic", lambda: next(now))
    stream = io.StringIO()
    lines, transcript = Lines(Console(file=stream, width=120)), Transcript()
    transcript.collected = [str(number) for number in range(100)]
    for done in (0, 25):
        transcript.cells = dict.fromkeys(transcript.collected[:done], Cell(Outcome.PASS))
        lines.update("one", transcript)
    assert re.fullmatch(r"one: 25 of 100 tests, about \d+ s left\n", stream.getvalue())


def printed(matrix: Matrix, verbose: bool = False) -> str:
    stream = io.StringIO()
    terminal.show(Console(file=stream, width=120), matrix, verbose)
    return stream.getvalue()


def test_a_row_of_the_table_counts_outcomes(matrix: Matrix) -> None:
    lines = printed(matrix).splitlines()
    at = next(number for number, line in enumerate(lines) if line.startswith("│ test_a.py"))
    table = [[cell.strip() for cell in line.split("│")[1:-1]] for line in lines[at : at + 2]]
    assert table == [["test_a.py", "2", "1 fail", "2 absent"], ["", "", "1 n/a", ""]]


def test_tests_with_the_same_story_are_reported_once() -> None:
    names = [f"tests/test_a.py::test_x[{number}]" for number in range(5)]
    first = Column("one", cells={name: Cell(Outcome.PASS) for name in names})
    two = Column("two", cells={name: Cell(Outcome.FAIL, 0.0, "the same") for name in names})
    text = printed(merge([first, two]))
    assert "Differences: 5" in text
    assert text.count("two fail: the same") == 1
    assert "and 2 more of that file" in text


def test_the_page_s_filter_runs_in_a_browser_without_an_error(
    matrix: Matrix, tmp_path: Path
) -> None:
    page = tmp_path / "matrix.html"
    matrix_page.write(page, document(matrix, 1))
    seen = browse(page)
    assert "2 of 2 tests</span>" in seen.dom
    assert seen.console == []
