"""The pages on the litmus cases agree with the code."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from portable_harness.base.guests import guest_variables
from portable_harness.base.tree import TREE
from portable_harness.interpreters.classes import CLASSES
from portable_harness.litmus import catalogue, chat_lessons, markdown
from portable_harness.litmus.document import document
from portable_harness.litmus.plan import Plan
from portable_harness.litmus.progress import Lines
from portable_harness.litmus.results import INTERESTING, Case, Table
from portable_harness.litmus.run import Work, measure
from tests.host.litmus_controller.this_python import CONSOLE, HERE

MANUAL = TREE / "docs" / "litmus.md"
CATALOGUE = TREE / "docs" / "litmus-catalogue.md"
LAST_ROW = 79


@pytest.fixture
def examples(tmp_path: Path) -> Path:
    """The folder with ``my_cases``: the code of the manual as it stands."""
    blocks = re.findall(r"```python\n(.*?)```", MANUAL.read_text(encoding="utf-8"), re.DOTALL)
    assert len(blocks) == 2
    (tmp_path / "my_cases.py").write_text("\n\n".join(blocks), encoding="utf-8")
    return tmp_path


def test_the_examples_of_the_manual_run(examples: Path) -> None:
    cases = catalogue.cases("my_cases", (), [str(examples)])
    assert [case.short for case in cases] == ["Ticket", "TicketForced"]
    plan = Plan((), "my_cases", (str(examples),), seconds=0.2)
    table = measure(Work(plan, cases, ()), [HERE], 1, Lines(CONSOLE))
    results = table.columns[0].results
    assert table.status == 0
    assert set(results["my_cases.Ticket"].outcomes) <= {"different", "the same"}
    assert results["my_cases.TicketForced"].outcomes == {"1 1": 1}


def test_the_first_example_is_about_fifteen_lines(examples: Path) -> None:
    text = (examples / "my_cases.py").read_text(encoding="utf-8")
    body = text[text.index("class Ticket(") : text.index("class TicketForced")]
    assert len([line for line in body.splitlines() if line.strip()]) <= 16


def test_every_name_of_the_public_api_is_explained() -> None:
    question = "import json; from portable_server import litmus; print(json.dumps(litmus.__all__))"
    done = subprocess.run(
        [sys.executable, "-c", question],
        env=guest_variables([str(TREE)], {}), capture_output=True, text=True, check=True,
        timeout=60,
    )  # fmt: skip
    text = MANUAL.read_text(encoding="utf-8")
    section = text[text.index("### The public API") : text.index("## JSON")]
    constants = {"ACCEPTABLE", "FORBIDDEN", "INTERESTING"}
    spared = constants | {"Expectation", "Graded", "Stressed", "grade_of"}  # what others return
    missing = [n for n in json.loads(done.stdout) if f"`{n}" not in section and n not in spared]
    assert missing == []


def test_every_key_of_the_json_is_explained() -> None:
    made: dict[str, Any] = document(Table([], []))
    text = MANUAL.read_text(encoding="utf-8")
    section = text[text.index("## JSON") :]
    assert [key for key in made if f"`{key}`" not in section] == []


@pytest.fixture(scope="module")
def every_case() -> list[Case]:
    return [*catalogue.cases(catalogue.OUR_PACKAGE, (), ()), *chat_lessons.CASES]


@pytest.fixture
def outcomes(every_case: list[Case], tmp_path: Path) -> Path:
    """The page that `litmus --markdown` writes, of a run on no interpreter."""
    page = tmp_path / "outcomes.md"
    facts = {
        "started": "2026-01-01T00:00:00+00:00", "seconds": 0.0, "command": "litmus",
        "options": {"seconds_of_a_case": 1.0, "quiet_seconds_of_a_case": 1.0, "seed": 1},
    }  # fmt: skip
    markdown.write(str(page), document(Table(every_case, [], facts=facts)))
    return page


def test_the_page_of_outcomes_has_every_row_of_the_catalogue(
    outcomes: Path, every_case: list[Case]
) -> None:
    text = outcomes.read_text(encoding="utf-8")
    rows = [int(number) for number in re.findall(r"^## Row (\d+)$", text, re.MULTILINE)]
    assert rows == sorted({row for case in every_case for row in case.rows})
    assert rows == list(range(1, LAST_ROW + 1))


def test_the_page_of_outcomes_has_every_case_with_a_lesson_that_is_there(
    outcomes: Path, every_case: list[Case]
) -> None:
    links = dict(re.findall(r"\[(\w+)\]\(([^)]+)\)", outcomes.read_text(encoding="utf-8")))
    assert {case.short for case in every_case} - set(links) == set()
    for name, target in links.items():
        assert (outcomes.parent / target).is_file(), name


def test_the_catalogue_has_every_row_and_says_where_it_may_race(every_case: list[Case]) -> None:
    lines = re.findall(r"^\| (\d+) \|.*\| ([^|]+) \|$", CATALOGUE.read_text("utf-8"), re.MULTILINE)
    assert [int(row) for row, _ in lines] == list(range(1, LAST_ROW + 1))
    assert dict(lines) == {str(row): races_on(row, every_case) for row in range(1, LAST_ROW + 1)}


def races_on(row: int, cases: list[Case]) -> str:
    """The classes of interpreters on which a case of this row has an interesting outcome."""
    grades = [line["grades"] for case in cases if case.rows[0] == row for line in case.expectations]
    named = [name for name in CLASSES if name not in {"GP", "U"}]  # as P; nothing is promised
    found = [name for name in named if INTERESTING in {row[name] for row in grades}]
    rest = [name for name in named if name not in found]
    if len(rest) < 2:
        return " but ".join(["all", *rest])
    return ", ".join(found) or "–"
