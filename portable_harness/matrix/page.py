"""The matrix as one page: no scripts, styles or fonts from anywhere else, light and dark."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from portable_harness.base.outputs import write_file
from portable_harness.base.templates import template
from portable_harness.interpreters.model import lock_and_compiler

TEMPLATE = "matrix.html"
BAD = ("fail", "crash", "hang", "unreached", "lost")
ORDER = (*BAD, "absent", "skip", "not applicable", "pass")
SYMBOLS = {
    "pass": "✓",
    "fail": "✗",
    "crash": "C",
    "hang": "H",
    "unreached": "…",
    "lost": "L",
    "absent": "a",
    "not applicable": "–",
    "skip": "s",
}


def write(path: Path, document: dict[str, Any]) -> None:
    """Render :func:`portable_harness.matrix.document.document` into ``path``.

    :raises Problem: when it cannot be written
    """
    write_file(path, page(document))


def page(document: dict[str, Any]) -> str:
    """The page as text; everything measured is escaped."""
    return template(TEMPLATE).render(
        lock_and_compiler=lock_and_compiler,
        run=document,
        names=[column["name"] for column in document["interpreters"]],
        files=_files(document),
        different=set(document["differences"]),
        alike=_bad_alike(document),
        explained=_explained(document),
        seen=[outcome for outcome in ORDER if _is_seen(document, outcome)],
        bad=BAD,
        symbols=SYMBOLS,
    )


def _bad_alike(document: dict[str, Any]) -> list[Any]:
    """Tests that are bad (and were run) and no difference: they have tracebacks too."""
    different = set(document["differences"])
    return [
        test
        for test in document["tests"]
        if test["id"] not in different
        and any(cell["outcome"] in BAD[:-2] for cell in test["cells"].values())
    ]


def _explained(document: dict[str, Any]) -> dict[str, Any]:
    """Where the ledger says why a test does not apply: interpreters and tests by its record."""
    found: dict[str, Any] = {}
    for test in document["tests"]:
        for name, cell in test["cells"].items():
            if "ledger" in cell:
                reason = cell["message"].split(":", 2)[-1].strip()
                empty = {"names": set(), "tests": set(), "reason": reason}
                entry = found.setdefault(cell["ledger"], empty)
                entry["names"].add(name)
                entry["tests"].add(test["id"])
    return dict(sorted(found.items()))


def _is_seen(document: dict[str, Any], outcome: str) -> bool:
    return any(column["totals"].get(outcome) for column in document["interpreters"])


def _files(document: dict[str, Any]) -> list[dict[str, Any]]:
    """Tests by file, with each interpreter's totals in the file."""
    found: dict[str, list[Any]] = {}
    for test in document["tests"]:
        found.setdefault(test["file"], []).append(test)
    names = [column["name"] for column in document["interpreters"]]
    return [
        {"name": file, "tests": tests, "totals": {name: _count(tests, name) for name in names}}
        for file, tests in found.items()
    ]


def _count(tests: list[Any], name: str) -> list[tuple[str, int]]:
    """Outcomes with their numbers, the bad ones first."""
    counted = Counter(test["cells"][name]["outcome"] for test in tests)
    return [(outcome, counted[outcome]) for outcome in ORDER if counted[outcome]]
