"""What is to be raced and what came of it, as it goes over the line, and back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from portable_harness.litmus.plan import Plan
from portable_harness.litmus.results import Case, Column, Result
from portable_harness.litmus.run import Work

Told = dict[str, Any]


def result_to(result: Result) -> Told:
    return dict(vars(result))


def results_from(told: Mapping[str, Told]) -> dict[str, Result]:
    return {name: _result_from(found) for name, found in told.items()}


def _result_from(told: Told) -> Result:
    failed = {int(number): failed for number, failed in told["failed"].items()}
    return Result(**{**told, "outcomes": Counter(told["outcomes"]), "failed": failed})


def column_to(column: Column) -> Told:
    results = {name: result_to(result) for name, result in column.results.items()}
    return {**vars(column), "facts": dict(column.facts), "results": results}


def column_from(told: Told) -> Column:
    return Column(**{**told, "results": results_from(told["results"])})


def case_from(told: Told) -> Case:
    tuples = {name: tuple(told[name]) for name in ("rows", "expectations")}
    return Case(**{**told, **tuples})


def cases_to(cases: Mapping[str, Case]) -> dict[str, Told]:
    return {name: asdict(case) for name, case in cases.items()}


def cases_from(told: Mapping[str, Told]) -> dict[str, Case]:
    return {name: case_from(found) for name, found in told.items()}


def work_to(work: Work) -> Told:
    return asdict(work)


def work_from(told: Told, folders: tuple[str, ...]) -> Work:
    """``folders``: where the package is found on this host."""
    plan = Plan(**{**told["plan"], "wanted": tuple(told["plan"]["wanted"])})
    cases, recorded = (list(map(case_from, told[name])) for name in ("cases", "recorded"))
    return Work(replace(plan, folders=folders), cases, recorded)
