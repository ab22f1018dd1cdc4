"""The summary as data, for ``--json``."""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import Any

from portable_harness.compare.statistics import Spread
from portable_harness.compare.summary import Cell, Summary


def document(summary: Summary) -> dict[str, Any]:
    """Plain data; an interval is {"middle", "low", "high"}, without an end where it has none."""
    return {
        "environment": summary.run.environment,
        "status": summary.run.status,
        "reference": next(iter(summary.basis.references.values()), ""),
        "references": dict(summary.basis.references),
        "answer": summary.answer,
        "findings": summary.findings,
        "notes": summary.notes,
        "gil_at_end": summary.run.gil,
        "gil_modules": summary.run.gil_modules,
        "starts": {side: _interval(start) for side, start in summary.starts.items()},
        "start_ratios": {side: _interval(ratio) for side, ratio in summary.start_ratios.items()},
        "overall": {
            side: {**_interval(ratio), "verdict": summary.overall_verdict(side).value}
            for side, ratio in summary.overall.items()
        },
        "within": [
            {**asdict(scaling), "ratio": _interval(scaling.ratio)} for scaling in summary.within
        ],
        "workloads": [
            {
                **row.record,
                "ceiling": row.ceiling,
                "sides": {name: _cell(cell) for name, cell in row.cells.items()},
            }
            for row in summary.rows
        ],
    }


def _cell(cell: Cell) -> dict[str, Any]:
    return {
        "metric": cell.metric,
        "verdict": cell.verdict.value,
        "rounds": cell.rounds,
        "values": {name: _interval(value) for name, value in cell.values.items()},
        "ratios": {name: _interval(ratio) for name, ratio in cell.ratios.items()},
        "remarks": cell.remarks,
    }


def _interval(spread: Spread) -> dict[str, float | None]:
    return {name: x if math.isfinite(x) else None for name, x in spread._asdict().items()}
