"""Two files: the second's sides with the first's, and what else differs between them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from portable_harness.base.errors import Problem
from portable_harness.base.tree import TREE
from portable_harness.compare import records, two_files
from portable_harness.compare.records import Run
from portable_harness.compare.summary import Summary
from portable_harness.compare.verdicts import Verdict
from tests.host.compare.made import ALL, PING_PONG, results

TOLD = {Verdict.FASTER, Verdict.SLOWER}


def run(speed: float = 1.0, seed: int = 1, **more: Any) -> Run:
    return records.parse(results(speed, seed, **more))


def together(one: Run, two: Run) -> Summary:
    return two_files.summary([one, two], ["a", "b"])


def verdicts(made: Summary, side: str) -> list[Verdict]:
    return [row.cells[side].verdict for row in made.rows]


def test_a_side_is_compared_with_its_like_in_the_first_file() -> None:
    made = together(run(0.5), run(0.25, seed=2))
    assert [side["name"] for side in made.sides] == ["a: one", "b: one", "a: two", "b: two"]
    assert verdicts(made, "a: two") == [Verdict.REFERENCE] * len(PING_PONG)
    assert not TOLD.intersection(verdicts(made, "b: one"))
    assert verdicts(made, "b: two").count(Verdict.SLOWER) >= 4
    assert made.overall["b: two"].low < 0.5 < made.overall["b: two"].high
    assert "b: Two serves 0.4" in " ".join(made.findings)


def test_another_side_is_compared_with_the_first_file_s_first() -> None:
    made = together(run(), run(0.5, seed=2, names=("x", "y")))
    assert set(made.basis.references.values()) == {"a: one", "a: two"}
    assert made.reference("b: y") == "a: one"


def test_the_same_twice_differs_in_at_most_one_pair_of_twenty() -> None:
    wrong = 0
    for seed in range(40):
        made = together(run(seed=seed), run(seed=seed + 1000))
        wrong += bool(TOLD.intersection(verdicts(made, "b: one") + verdicts(made, "b: two")))
    assert wrong <= 2


def test_when_the_whole_machine_was_slower_nothing_is_proven() -> None:
    for seed in range(5):
        made = together(run(seed=seed), run(seed=seed + 1000, machine=0.8))
        assert not TOLD.intersection(verdicts(made, "b: one"))


def test_of_two_machines_the_ratio_is_that_of_both_and_a_warning_says_so() -> None:
    made = together(run(cpu="slow"), run(seed=2, machine=2.0, cpu="fast"))
    assert verdicts(made, "b: one") == [Verdict.FASTER] * len(PING_PONG)
    assert "Warning: other machines: a ratio is of machine and server together." in made.notes
    assert "Warning: cpu differs: a has slow, b has fast." in made.notes


def test_only_what_is_measured_alike_is_compared() -> None:
    other = [{**PING_PONG[0], "line_bytes": 9}, *PING_PONG[1:], *ALL[-1:]]
    made = together(run(seconds=1.0), run(chosen=other, seconds=2.0))
    assert [row.name for row in made.rows] == [workload["name"] for workload in PING_PONG[1:]]
    left_out = f"left out: {PING_PONG[0]['name']}, {ALL[-1]['name']}."
    assert any(left_out in text for text in made.notes)
    assert "Warning: seconds differs: a has 1.0, b has 2.0." in made.notes


def test_without_ceilings_in_common_the_intervals_are_said_to_be_too_narrow() -> None:
    made = together(run(chosen=PING_PONG[:2]), run(chosen=PING_PONG[:2]))
    assert any("the intervals are too narrow" in text for text in made.notes)


def test_nothing_in_common_is_a_problem() -> None:
    with pytest.raises(Problem, match="a and b have no workload in common"):
        together(run(chosen=PING_PONG[:1]), run(chosen=PING_PONG[1:]))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--input", "a.jsonl", "README.md"), "README.md has no results of compare"),
        (("--input", "a.jsonl", "a.jsonl"), "is given twice"),
        (("--input", "a.jsonl", "b.jsonl", "a.jsonl"), "3 files were given"),
        (("--input", "a.jsonl", "/nonexistent"), "/nonexistent"),
        (("--input", "a.jsonl", "empty.jsonl"), "empty.jsonl has no results of compare"),
        (("a.jsonl",), "nothing is done with"),
    ],
)
def test_bad_input_is_one_line_and_status_2(
    tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    for name, text in (("a.jsonl", results()), ("b.jsonl", results()), ("empty.jsonl", "")):
        (tmp_path / name).write_text(text, encoding="utf-8")
    paths = [
        str(tmp_path / argument) if argument.endswith(".jsonl") else argument
        for argument in arguments
    ]
    done = subprocess.run(
        [sys.executable, "-m", "portable_harness", "compare", *paths],
        cwd=TREE, capture_output=True, text=True, timeout=50, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert done.stderr.count("\n") == 1


def test_both_ways_to_name_two_files(tmp_path: Path) -> None:
    paths = [tmp_path / "before.jsonl", tmp_path / "after.jsonl"]
    for path, speed in zip(paths, (1.0, 0.5), strict=True):
        path.write_text(results(speed), encoding="utf-8")
    for words in (["--input", paths[0], paths[1]], ["--input", paths[0], "--input", paths[1]]):
        done = subprocess.run(
            [sys.executable, "-m", "portable_harness", "compare", *map(str, words)],
            cwd=TREE, capture_output=True, text=True, timeout=50, check=False,
        )  # fmt: skip
        assert (done.returncode, done.stderr) == (0, "")
        assert "Over all workloads after: Two serves 0." in done.stdout
