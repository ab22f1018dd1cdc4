"""What is to be raced and what came of it, as it goes over the line, and back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from portable_harness.litmus.plan import Plan
from portable_harness.litmus.results import Case, Column, Result
from portable_harness.litmus.run import Work

Values = dict[str, Any]


def result_to(result: Result) -> Values:
    return dict(vars(result))


def results_from(values: Mapping[str, Values]) -> dict[str, Result]:
    return {name: _result_from(found) for name, found in values.items()}


def _result_from(values: Values) -> Result:
    failed = {int(number): failed for number, failed in values["failed"].items()}
    return Result(**{**values, "outcomes": Counter(values["outcomes"]), "failed": failed})


def column_to(column: Column) -> Values:
    results = {name: result_to(result) for name, result in column.results.items()}
    return {**vars(column), "facts": dict(column.facts), "results": results}


def column_from(values: Values) -> Column:
    return Column(**{**values, "results": results_from(values["results"])})


def case_from(values: Values) -> Case:
    tuples = {name: tuple(values[name]) for name in ("rows", "expectations")}
    return Case(**{**values, **tuples})


def cases_to(cases: Mapping[str, Case]) -> dict[str, Values]:
    return {name: asdict(case) for name, case in cases.items()}


def cases_from(values: Mapping[str, Values]) -> dict[str, Case]:
    return {name: case_from(found) for name, found in values.items()}


def work_to(work: Work) -> Values:
    return asdict(work)


def work_from(values: Values, folders: tuple[str, ...]) -> Work:
    """``folders``: where the package is found on this host."""
    plan = Plan(**{**values["plan"], "wanted": tuple(values["plan"]["wanted"])})
    cases, recorded = (list(map(case_from, values[name])) for name in ("cases", "recorded"))
    return Work(replace(plan, folders=folders), cases, recorded)
