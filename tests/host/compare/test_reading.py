"""The reading side of compare, on results that a seeded generator makes."""

from __future__ import annotations

import contextlib
import json
import math
import re
import sys
from io import StringIO
from random import Random
from typing import Any

import pytest
from rich.console import Console

from portable_harness.base.errors import Problem
from portable_harness.compare import findings, records, report, sides, summary_json
from portable_harness.compare.pictures import pictures
from portable_harness.compare.summarise import summarise
from portable_harness.compare.summary import Summary
from portable_harness.compare.verdicts import Verdict
from portable_harness.compare.workloads import BY_NAME
from tests.host.compare.made import ALL, results

FAMILIES = sorted({workload["family"] for workload in ALL})


def summary(text: str) -> Summary:
    return summarise(records.parse(text))


def verdicts(text: str) -> set[Verdict]:
    return {row.cells["two"].verdict for row in summary(text).rows}


def test_identical_sides_differ_in_at_most_one_run_of_twenty() -> None:
    sure = (Verdict.FASTER, Verdict.SLOWER)
    wrong = sum(bool(verdicts(results(seed=seed)).intersection(sure)) for seed in range(40))
    assert wrong <= 2


def test_a_side_that_is_slower_by_a_fifth_is_found() -> None:
    for seed in range(5):
        made = summary(results(0.8, seed))
        slower = [row for row in made.rows if row.cells["two"].verdict is Verdict.SLOWER]
        assert len(slower) >= 3
        assert made.overall["two"].high < 1


def test_the_module_that_brought_the_gil_back_is_named() -> None:
    gil = {"kind": "gil", "side": "two", "enabled": True, "module": "needy"}
    made = summary(f"{results()}{json.dumps(gil)}\n")
    note = "Two: the GIL was in force at the end, brought back by the extension module needy."
    assert note in findings.notes(made)
    assert summary_json.document(made)["gil_modules"] == {"two": "needy"}


def test_near_the_ceiling_both_are_generator_bound() -> None:
    low = re.sub(r'("kind": "ceiling".*"rate": )[0-9.]+', r"\g<1>20000", results(0.8))
    assert verdicts(low) == {Verdict.GENERATOR_BOUND}


def test_a_busy_machine_is_inconclusive() -> None:
    made = summary(results(0.8).replace('"other_cpu": 0.02', '"other_cpu": 0.5'))
    assert {row.cells["two"].verdict for row in made.rows} == {Verdict.INCONCLUSIVE}
    assert made.overall["two"].high < 1
    assert made.overall_verdict("two") is Verdict.INCONCLUSIVE
    assert "Over all workloads no difference between Two and One is proven" in made.findings[0]


def test_memory_does_not_depend_on_who_else_computes() -> None:
    made = summary(results(0.5, chosen=ALL).replace('"other_cpu": 0.02', '"other_cpu": 0.5'))
    verdicts = {row.cells["two"].verdict for row in made.rows if row.family == "idle"}
    assert verdicts == {Verdict.SLOWER}


def test_a_side_that_is_named_twice_has_two_titles() -> None:
    this = sys.executable
    made, _ = sides.interpreter_sides(f"{this},{this},{this}", "thread-subclass", None)
    assert len({side.name for side in made}) == len({side.info["title"] for side in made}) == 3
    commands = [side.command(BY_NAME["ping-pong-1"], "127.0.0.1") for side in made]
    assert commands[0]
    assert commands[0][0] == this
    assert commands == [commands[0]] * 3


def test_one_round_proves_nothing() -> None:
    assert verdicts(results(0.5, rounds=1)) == {Verdict.INCONCLUSIVE}


def test_a_file_that_was_cut_off_still_counts() -> None:
    made = summary(results(0.8)[:-60])
    assert made.run.torn == 1
    assert made.notes[0] == "The run is not complete (interrupted)."
    assert Verdict.SLOWER in {row.cells["two"].verdict for row in made.rows}


def test_no_results_are_reported_in_one_line() -> None:
    with pytest.raises(Problem, match="has no results"):
        records.parse("{}\n")


def damaged(thing: Any, random: Random) -> None:
    """Something in it is missing, or is something else."""
    key = random.choice(list(thing) if isinstance(thing, dict) else range(len(thing)))
    if isinstance(thing[key], (dict, list)) and thing[key] and random.random() < 0.7:
        damaged(thing[key], random)
    elif random.random() < 0.5:
        del thing[key]
    else:
        thing[key] = random.choice([None, "x", [], {}, -1, 0, math.inf, math.nan, True, [1]])


def test_a_damaged_file_is_read_as_far_as_it_goes_or_refused_in_one_line() -> None:
    chosen = [next(workload for workload in ALL if workload["family"] == name) for name in FAMILIES]
    lines, random, read = results(rounds=1, chosen=chosen).splitlines(), Random(7), 0
    for _ in range(100):
        made = [json.loads(line) for line in lines]
        damaged(made[0] if random.random() < 0.5 else made, random)
        text = "\n".join(json.dumps(record) for record in made)
        with contextlib.suppress(Problem):
            found = summary(text)
            assert all(picture.alternative for picture in pictures(found))
            report.show(found, Console(file=StringIO()))
            json.dumps(summary_json.document(found), allow_nan=True)
            read += 1
    assert 30 < read < 100


def test_the_terminal_and_json_have_all() -> None:
    made, stream = summary(results(0.5)), StringIO()
    report.show(made, Console(file=stream, width=160))
    assert "Over all workloads Two serves 0." in stream.getvalue()
    assert stream.getvalue().count("slower") == 5
    text = json.dumps(summary_json.document(made), allow_nan=False)
    assert json.loads(text)["reference"] == "one"
