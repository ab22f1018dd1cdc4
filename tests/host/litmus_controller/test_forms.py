"""The forms of a result: nothing is lost, hostile text is harmless, letters stand for colour."""

from __future__ import annotations

import io
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from portable_harness.litmus import markdown, page, plan, terminal, view
from portable_harness.litmus.document import document
from portable_harness.litmus.results import Case, Column, Result, Table, side_by_side

HOSTILE = "</script><b>[red]|*_ & 'quoted'"
FACTS = {"version": [3, 13, 0], "class": "G10", "gil_enabled": True, "implementation": "CPython"}
JAVA = {**FACTS, "class": "J", "gil_enabled": False, "java": "17"}


def expectation(outcome: str, *grades: str) -> dict[str, Any]:
    grades = grades * 5 if len(grades) == 1 else grades
    pairs = zip(("G9", "G10", "FT", "J", "P"), grades, strict=True)
    return {"outcome": outcome, "source": "a test", "grades": dict(pairs)}


def result(outcome: str, grade: str, count: int = 20_000) -> Result:
    return Result(Counter({outcome: count}), {outcome: grade}, rounds=count, seconds=2.0)


@pytest.fixture
def table() -> Table:
    a, i, f = "acceptable", "interesting", "forbidden"
    table = [expectation("kept", a), expectation("lost", i, i, i, f, i), expectation("torn", f)]
    cases = [
        Case("row_01_x.Racy", "stressed", (1,), HOSTILE, HOSTILE, expectations=tuple(table),
             file="litmus/cases/row_01_lost_update.py"),
        Case("row_01_x.Mended", "stressed", (1, 5), "a title", mends="row_01_x.Racy",
             expectations=tuple(table[:1])),
        Case("row_02_y.Shown", "forced", (2,), "a title", due="1"),
    ]  # fmt: skip
    first = Column("py313", FACTS, {"row_01_x.Racy": result("kept", a)})
    first.results["row_02_y.Shown"] = Result(Counter({"1": 1}), {"1": a}, due="1")
    two = Column("jython", JAVA, {"row_01_x.Racy": result("lost", f, 7)})
    two.results["row_01_x.Racy"].details["lost"] = HOSTILE
    two.results["row_01_x.Mended"] = Result(error="not run: it never came to it")
    three = Column("2.6", absent="not found; try: something")
    facts = {
        "started": "2026-01-01T00:00:00+00:00", "seconds": 90.0, "command": "litmus",
        "options": {"seconds_of_a_case": 1.0, "quiet_seconds_of_a_case": 0.5, "seed": 1},
    }  # fmt: skip
    return Table(cases, [first, two, three], facts=facts)


def cells(table: Table, case: int) -> dict[str, list[str]]:
    run = document(table)
    return {
        line.outcome: [f"{cell.text} {cell.rate_text}".strip() for cell in line.cells]
        for line in view.lines(run, run["cases"][case])
    }


def test_a_cell_has_letter_count_and_rate(table: Table) -> None:
    assert cells(table, 0) == {
        "kept": ["A 20.0k 10.0k/s", "A 0", "absent"],
        "lost": ["I 0", "F 7 3.5/s", "absent"],
        "torn": ["F 0", "F 0", "absent"],
    }


def test_what_was_not_measured_is_never_a_zero(table: Table) -> None:
    assert cells(table, 1) == {"kept": ["not run", "not run", "absent"]}
    assert cells(table, 2) == {"1": ["A 1", "not run", "absent"]}


def test_json_says_what_is_wrong(table: Table) -> None:
    made = json.loads(json.dumps(document(table)))
    assert made["status"] == 1
    assert made["forbidden"] == [
        {"case": "row_01_x.Racy", "interpreter": "jython", "outcomes": ["lost"]}
    ]
    assert [case["case"] for case in made["not_measured"]] == ["row_01_x.Mended"]
    assert [column["state"] for column in made["interpreters"]] == ["fine", "forbidden", "absent"]
    assert made["rows"] == [1, 2, 5]
    assert made["proves_nothing"] is True


def test_the_terminal_shows_hostile_text_as_it_is(table: Table) -> None:
    console = Console(file=io.StringIO(), width=150)
    terminal.show(console, document(table))
    assert isinstance(console.file, io.StringIO)
    text = console.file.getvalue()
    assert HOSTILE in text
    assert "forbidden row_01_x.Racy on jython: 'lost' 7 times" in text
    assert "2.6: absent: not found; try: something" in text
    assert "torn" not in text, "forbidden everywhere and never seen"


def test_a_narrow_terminal_loses_nothing(table: Table) -> None:
    console = Console(file=io.StringIO(), width=60)
    terminal.show(console, document(table))
    assert isinstance(console.file, io.StringIO)
    text = console.file.getvalue()
    for word in ("py313", "jython", "2.6", "20.0k", "F 7", "3.5/s"):
        assert word in text
    assert {line[-1] for line in text.splitlines() if line[:1] in "┃│"} == set("┃│"), "cut"


def test_the_page_is_whole_and_escaped(table: Table, tmp_path: Path) -> None:
    path = tmp_path / "litmus.html"
    page.write(path, document(table))
    text = path.read_text(encoding="utf-8")
    assert "<b>[red]" not in text
    assert "Forbidden, and never seen: torn." in text
    assert text.count("&lt;/script&gt;&lt;b&gt;") == 3, "title, lesson, detail"
    assert not re.search(r'(src|href)="(?!data:|#)', text)


def test_markdown_has_a_section_for_each_row(table: Table, tmp_path: Path) -> None:
    path = tmp_path / "outcomes.md"
    markdown.write(str(path), document(table))
    text = path.read_text(encoding="utf-8")
    assert re.findall(r"## Row (\d+)", text) == ["1", "2", "5"]
    assert "| Racy | kept | A 20.0k · 10.0k/s | A 0 | absent |" in text
    assert "|  | lost | I 0 | **F 7** · 3.5/s | absent |" in text
    assert "&lt;/script&gt;&lt;b&gt;\\[red\\]\\|\\*\\_" in text
    assert "litmus/cases/row_01_lost_update.py)" in text


@pytest.mark.parametrize(
    ("number", "text"),
    [(0, "0"), (2.5, "2.5"), (9999, "9999"), (12_345, "12.3k"), (123_456, "123k"), (5e6, "5.0M")],
)
def test_numbers_are_short(number: float, text: str) -> None:
    assert view.short(number) == text


def test_repetitions_that_disagree_are_reported(table: Table) -> None:
    table.columns[1].results["row_01_x.Racy"].failed = {0: False, 1: True}
    run = document(table)
    assert run["unsteady"] == [{"case": "row_01_x.Racy", "interpreter": "jython"}]
    assert any("differ" in sentence for sentence in view.verdicts(run))


def test_mended_is_placed_behind_racy_and_nothing_is_lost() -> None:
    names = {"m.Last": None, "m.Mended": "m.Racy", "m.Racy": None, "m.Again": "m.Mended"}
    cases = [Case(name, "stressed", mends=mends) for name, mends in names.items()]
    placed = [case.short for case in side_by_side(cases)]
    assert placed == ["Last", "Racy", "Mended", "Again"]
    loop = [Case("m.A", "stressed", mends="m.B"), Case("m.B", "stressed", mends="m.A")]
    assert {case.short for case in side_by_side(loop)} == {"A", "B"}


@pytest.mark.parametrize(
    ("racy", "quiet", "shares"),
    [(1, 0, (30.0, 30.0)), (0, 2, (30.0, 15.0)), (3, 30, (5.0, 0.5)), (0, 0, (30.0, 30.0))],
)
def test_the_time_goes_half_to_what_may_race(
    racy: int, quiet: int, shares: tuple[float, float]
) -> None:
    may = (expectation("lost", "acceptable", "interesting", *["acceptable"] * 3),)
    cases = [Case("m.R", "stressed", expectations=may)] * racy + [Case("m.Q", "stressed")] * quiet
    assert plan.shares(30.0, [*cases, Case("m.F", "forced")]) == shares
