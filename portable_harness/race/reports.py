"""What ``race`` found, for programs: JUnit XML, and SARIF for what shows findings in the source.

A result of SARIF 2.1.0 has the place of the last step before the fault, and as its code flow the
interleaving: a thread flow for each thread, whose locations have their turn in `executionOrder`.
(OASIS, Static Analysis Results Interchange Format 2.1.0, sections 3.27, 3.36 and 3.38.11.)
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from portable_harness.base import junit
from portable_harness.base.outputs import write
from portable_harness.race.run import ABSENT, OK, Cell

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
RULES = {
    "not linearizable": "Threads get what no order of the same calls gives.",
    "deadlock": "Threads wait for each other, and none goes on.",
    "livelock": "Threads run without end, and none comes any further.",
    "fails": "A test fails under a schedule that is possible.",
}


def write_junit(path: Path, target: str, cells: Iterable[Cell]) -> None:
    """A suite with a case for each interpreter.

    :raises Problem: when the file cannot be written
    """
    cases = [
        junit.Case(target, cell.interpreter, float(cell.report.get("seconds", 0)), _remark(cell))
        for cell in cells
    ]
    junit.write(path, junit.Suite(f"race {target}", cases))


def _remark(cell: Cell) -> junit.Remark | None:
    if cell.kind == OK:
        return None
    kind = junit.Kind.FAILURE if cell.is_found else junit.Kind.ERROR
    if cell.kind == ABSENT:
        kind = junit.Kind.SKIPPED
    return junit.Remark(kind, cell.title, str(cell.report.get("text", "")))


def write_sarif(path: Path, target: str, cells: Sequence[Cell]) -> None:
    """A run with a result for each interpreter that found something.

    :raises Problem: when the file cannot be written
    """
    found = [cell for cell in cells if cell.is_found]
    rules = [
        {"id": _rule(kind), "shortDescription": {"text": text}} for kind, text in RULES.items()
    ]
    driver = {"name": "portable-server race", "rules": rules}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(target, cell) for cell in found],
    }
    document = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    write(str(path), json.dumps(document, indent=1))


def _rule(kind: str) -> str:
    return kind.replace(" ", "-")


def _result(target: str, cell: Cell) -> dict[str, Any]:
    text = f"{target} on {cell.interpreter}: {cell.title}"
    result: dict[str, Any] = {
        "ruleId": _rule(cell.kind),
        "level": "error",
        "message": {"text": text},
        "partialFingerprints": {"schedule/v1": str(cell.report["token"])},
    }
    steps = cell.report.get("steps", [])
    if steps:
        result["locations"] = [_location(steps[-1])]
        result["codeFlows"] = [{"threadFlows": _flows(steps)}]
    return result


def _flows(steps: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    flows: dict[str, list[dict[str, Any]]] = {}
    for order, step in enumerate(steps, 1):
        place = {"location": _location(step), "executionOrder": order}
        flows.setdefault(step["thread"], []).append(place)
    return [{"id": thread, "locations": places} for thread, places in flows.items()]


def _location(step: dict[str, Any]) -> dict[str, Any]:
    file = Path(step["file"])
    if file.is_relative_to(Path.cwd()):  # as viewers want it: relative to the project
        file = file.relative_to(Path.cwd())
    uri = file.as_uri() if file.is_absolute() else file.as_posix()
    waits = [f"waits: {step['waits']}"] if step["waits"] else []
    words = [step["source"], *step["values"], *waits]
    return {
        "physicalLocation": {
            "artifactLocation": {"uri": uri},
            "region": {"startLine": step["line"]},
        },
        "message": {"text": "; ".join(words)},
    }
