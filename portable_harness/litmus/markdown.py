"""A run as a page of Markdown: ``litmus --markdown``."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from portable_harness.base import outputs
from portable_harness.base.tree import TREE, page_name
from portable_harness.interpreters.model import lock_and_compiler
from portable_harness.litmus import view
from portable_harness.litmus.results import FORBIDDEN

INTRODUCTION = f"""\
# Outcomes on every interpreter

This page is a measurement, written by the command below. {page_name("litmus")} explains what such a
run proves. A cell has the grade of an outcome (**A** acceptable, **I** interesting: a race, never
required, **F** forbidden), how often it was seen, and the rounds per second of the case. An outcome
with 0 may still happen where its grade is I. Outcomes that are forbidden everywhere and were never
seen are left out.
"""


def write(where: str, run: Mapping[str, Any]) -> None:
    """Write the page; its links are relative to its folder, or for "-" to this one."""
    outputs.write(where, "\n".join(_page(run, Path(where).absolute().parent)))


def _page(run: Mapping[str, Any], folder: Path) -> Iterator[str]:
    yield INTRODUCTION
    yield f"- command: `{run['command']}`"
    yield f"- date: {run['started']}, {run['seconds'] / 60:.1f} minutes"
    options = run["options"]
    yield f"- racing time of a case with interesting outcomes: {options['seconds_of_a_case']:.2g} s"
    yield f"- of a case with one promised outcome: {options['quiet_seconds_of_a_case']:.2g} s"
    yield f"- seed: {options['seed']}"
    for sentence in view.verdicts(run) or ["Nothing forbidden was seen."]:
        yield f"- {sentence}"
    yield ""
    yield from _interpreters(run)
    for row in run["rows"]:
        yield from _row(run, row, folder)


def _interpreters(run: Mapping[str, Any]) -> Iterator[str]:
    yield "| interpreter | version | class | cases | interesting in | forbidden in | seconds |"
    yield "|---|---|---|---:|---:|---:|---:|"
    for column in run["interpreters"]:
        facts = column["facts"]
        if not facts:
            yield f"| {column['name']} | {_escaped(view.missing(column))} | | | | | |"
            continue
        java = f", Java {facts['java']}" if facts.get("java") else ""
        build = f"{facts.get('implementation', '')} {view.version(facts)}"
        name = f"{column['name']} | {build}{java}, {lock_and_compiler(facts)} | {column['class']}"
        counts = f"{column['cases']} | {column['interesting']} | {column['forbidden']}"
        yield f"| {name} | {counts} | {column['seconds']:.0f} |"


def _row(run: Mapping[str, Any], row: int, folder: Path) -> Iterator[str]:
    """A row of the catalogue: the cases that have it first among theirs; the others are named."""
    cases = [case for case in run["cases"] if row in case["rows"]]
    own = [case for case in cases if case["rows"][0] == row]
    yield f"\n## Row {row}\n"
    for case in cases:
        if case not in own:
            yield f"- {_link(case, folder)} shows it too, under row {case['rows'][0]}."
    if own:
        yield from _table(run, own, folder)


def _table(run: Mapping[str, Any], cases: list[Mapping[str, Any]], folder: Path) -> Iterator[str]:
    names = [column["name"] for column in run["interpreters"]]
    for case in cases:
        kind = "" if case["kind"] == "stressed" else f" ({case['kind']})"
        mends = f", mends {case['mends'].rpartition('.')[2]}" if case["mends"] else ""
        yield f"- {_link(case, folder)}{kind}{mends}: {_escaped(case['title'])}"
    yield ""
    yield f"| case | outcome | {' | '.join(names)} |"
    yield f"|---|---|{'---:|' * len(names)}"
    for case in cases:
        name = view.label(case)
        for line in view.lines(run, case):
            if line.is_telling:
                cells = " | ".join(_cell(cell) for cell in line.cells)
                yield f"| {name} | {_escaped(line.outcome)} | {cells} |"
                name = ""


def _cell(cell: view.Cell) -> str:
    text = f"**{cell.text}**" if cell.kind == FORBIDDEN and cell.times else cell.text
    return f"{text} · {cell.rate_text}" if cell.rate_text else text


def _link(case: Mapping[str, Any], folder: Path) -> str:
    name = case["name"].rpartition(".")[2]
    file = TREE / case["file"]
    if not file.is_file():  # a case of the user's own, or no checkout
        return f"`{name}`"
    target = os.path.relpath(file, folder)
    return f"[{name}]({target})"


def _escaped(text: str) -> str:
    """Text that cannot be a table's end, a tag, or emphasis."""
    for special in "\\|<>*_`[]":
        text = text.replace(special, f"\\{special}" if special not in "<>" else special)
    return " ".join(text.replace("<", "&lt;").replace(">", "&gt;").split())
