"""Two files of results as one comparison: sides of the second with those of the first.

A side is compared with that of the same name in the first file (a server before and after, or on
two machines); where there is none, with the first file's first. Only workloads that are the same in
both are compared; other differences are reported: they may be what makes the difference.
"""

from __future__ import annotations

import math
from pathlib import Path
from statistics import fmean

from portable_harness.base.errors import Problem
from portable_harness.compare import records
from portable_harness.compare.findings import OTHER_MACHINES
from portable_harness.compare.ratios import Basis, apart
from portable_harness.compare.records import Record, Run
from portable_harness.compare.summarise import summarise
from portable_harness.compare.summary import Summary

# What is reported when it differs: of the machine, the load, the run.
MACHINE = ("cpu", "cores", "kernel")
OTHERS = (
    "load_hosts", "compiler", "load_generator", "model", "seconds", "rounds", "profile", "python",
)  # fmt: skip
LEAST = 3  # ceilings that tell what differs from run to run


def compare(one: Path, two: Path) -> Summary:
    """The second file's sides, with the first's.

    :raises Problem: when a file is no results, or they have no workload in common
    """
    runs = [records.load(one), records.load(two)]
    if one.resolve() == two.resolve():
        raise Problem(f"{one} is given twice", "name two files")
    labels = [path.stem for path in (one, two)]
    if labels[0] == labels[1]:
        labels = [str(path) for path in (one, two)]
    return summary(runs, labels)


def summary(runs: list[Run], labels: list[str]) -> Summary:
    """The same of two runs that have been read."""
    alike = _alike(*runs)
    if not alike:
        raise Problem(f"{labels[0]} and {labels[1]} have no workload in common",
                      "measure both with the same --workloads and --seconds")  # fmt: skip
    sides = [[side["name"] for side in run.sides] for run in runs]
    pairs = {f"{labels[0]}: {name}": f"{labels[0]}: {name}" for name in sides[0]}
    for name in sides[1]:
        pairs[f"{labels[1]}: {name}"] = f"{labels[0]}: {name if name in sides[0] else sides[0][0]}"
    noise, freedom = _between(runs, alike)
    both = _together(runs, labels, alike)
    both.sides.sort(key=lambda side: list(pairs).index(pairs[side["name"]]))  # each by its own
    made = summarise(both, Basis(pairs, apart, noise, freedom))
    made.notes = [*_warnings(runs, labels, alike, freedom), *made.notes]
    return made


def _alike(one: Run, two: Run) -> list[str]:
    """Workloads that both have, defined alike."""
    known = {work["name"]: _definition(work) for work in one.workloads}
    return [work["name"] for work in two.workloads if known.get(work["name"]) == _definition(work)]


def _definition(workload: Record) -> Record:
    return {key: value for key, value in workload.items() if key not in ("title", "family")}


def _is_one_machine(runs: list[Run]) -> bool:
    one, two = ([run.environment.get(name) for name in MACHINE] for run in runs)
    return one == two


def _between(runs: list[Run], alike: list[str]) -> tuple[float, int]:
    """How much the server in C differed: a standard deviation, and of how many figures.

    Of two machines one is faster; only differences besides that are noise.
    """
    logs = []
    for name in alike:
        one, two = (run.ceiling(name) for run in runs)
        if one and two:
            logs.append(math.log(two / one))
    if len(logs) < LEAST:
        return 0.0, 0
    middle = 0.0 if _is_one_machine(runs) else fmean(logs)
    freedom = len(logs) - (middle != 0.0)
    return math.sqrt(sum((log - middle) ** 2 for log in logs) / freedom), freedom


def _together(runs: list[Run], labels: list[str], alike: list[str]) -> Run:
    """One run whose sides are named by their files."""
    environment = {"files": labels, **_environments(runs, labels)}
    made = Run(" and ".join(labels), environment, torn=sum(run.torn for run in runs))
    made.workloads = [work for work in runs[0].workloads if work["name"] in alike]
    worst = max((run.status for run in runs), key=records.STATES.index)
    messages = [(run.end or {}).get("message") for run in runs]
    made.end = {"status": worst, "message": next(filter(None, messages), None)}
    for run, label in zip(runs, labels, strict=True):
        _add(made, run, label)
    return made


def _add(made: Run, run: Run, label: str) -> None:
    def named(record: Record) -> Record:
        return {**record, "side": f"{label}: {record['side']}"}

    made.sides += [
        {**side, "name": f"{label}: {side['name']}",
         "title": f"{label}: {side.get('title') or side['name']}"}
        for side in run.sides
    ]  # fmt: skip
    names = [f"{label}: {side['name']}" for side in run.sides]
    made.ceilings += [{**ceiling, "sides": names} for ceiling in run.ceilings]
    made.starts += map(named, run.starts)
    made.warmups += map(named, run.warmups)
    made.gil |= {f"{label}: {side}": enabled for side, enabled in run.gil.items()}
    made.gil_modules |= {f"{label}: {side}": name for side, name in run.gil_modules.items()}
    for (workload, side), rounds in run.measurements.items():
        made.measurements[workload, f"{label}: {side}"] = rounds


def _environments(runs: list[Run], labels: list[str]) -> Record:
    """Where both say the same, that; else both."""
    first, second = (run.environment for run in runs)
    made = {}
    for name in dict.fromkeys([*first, *second]):
        one, two = first.get(name), second.get(name)
        made[name] = one if one == two else f"{labels[0]}: {one}; {labels[1]}: {two}"
    return made


def _warnings(runs: list[Run], labels: list[str], alike: list[str], freedom: int) -> list[str]:
    """What may make a difference besides the servers."""
    sentences = []
    if not _is_one_machine(runs):
        sentences.append(OTHER_MACHINES)
    first, second = (run.environment for run in runs)
    for name in (*MACHINE, *OTHERS):
        one, two = first.get(name), second.get(name)
        if one != two:
            both = f"{labels[0]} has {_text(one)}, {labels[1]} has {_text(two)}"
            sentences.append(f"Warning: {name.replace('_', ' ')} differs: {both}.")
    sentences += _versions(runs, labels)
    names = [work["name"] for run in runs for work in run.workloads if work["name"] not in alike]
    if names:
        sentences.append(
            f"Not the same in both files, left out: {', '.join(dict.fromkeys(names))}."
        )
    if not freedom:
        sentences.append(
            "Warning: too few ceilings of the generator in common to tell what differs from"
            " run to run: the intervals are too narrow."
        )
    return sentences


def _versions(runs: list[Run], labels: list[str]) -> list[str]:
    known = {side["name"]: side.get("version") for side in runs[0].sides}
    return [
        f"Warning: {side['name']} is {known[side['name']]} in {labels[0]}"
        f" and {side.get('version')} in {labels[1]}."
        for side in runs[1].sides
        if side["name"] in known and side.get("version") != known[side["name"]]
    ]


def _text(value: object) -> str:
    return " ".join(map(str, value)) if isinstance(value, list) else str(value)
