"""A file of results, read back: JSON Lines, one record a line (docs/compare.md has the format).

A run that was interrupted is a shorter file and one that was resumed a longer one. Unknown kinds
and keys are passed over, so that an older reader reads newer files. A line that was torn when the
disk was full or the power went is counted and left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from portable_harness.base.errors import Problem
from portable_harness.base.reading import decoded

FORMAT = "portable-server compare 1"
STATES = ("complete", "interrupted", "failed")
Record = dict[str, Any]


@dataclass
class Run:
    """All records of one file, by kind; ``measurements`` by workload and side, then by round."""

    name: str
    environment: Record
    sides: list[Record] = field(default_factory=list)
    workloads: list[Record] = field(default_factory=list)
    ceilings: list[Record] = field(default_factory=list)
    starts: list[Record] = field(default_factory=list)
    warmups: list[Record] = field(default_factory=list)
    measurements: dict[tuple[str, str], dict[int, Record]] = field(default_factory=dict)
    gil: dict[str, bool] = field(default_factory=dict)
    gil_modules: dict[str, str] = field(default_factory=dict)
    end: Record | None = None
    torn: int = 0
    text: str = ""

    def rounds(self, workload: str, side: str) -> dict[int, Record]:
        """What was measured of a workload on a side, failures among it, in the order of rounds."""
        return dict(sorted(self.measurements.get((workload, side), {}).items()))

    def ceiling(self, workload: str, side: str | None = None) -> float | None:
        """What the generator reached at most, in the run of a side where there are two."""
        rates = [
            float(ceiling["rate"])
            for ceiling in self.ceilings
            if ceiling["workload"] == workload
            and (side is None or side in ceiling.get("sides", [side]))
        ]
        return median(rates) if rates else None

    def started(self, side: str) -> list[Record]:
        return [record for record in self.starts if record["side"] == side]

    @property
    def status(self) -> str:
        """complete, interrupted or failed; a file without an end was cut off: interrupted."""
        return str(self.end["status"]) if self.end else "interrupted"


def load(path: Path | str) -> Run:
    """Read a file of results.

    :raises Problem: when it cannot be read, or is no such file
    """
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise Problem(
            f"{path}: {error.strerror}", "give a file that `compare --save FILE` wrote"
        ) from error
    except UnicodeDecodeError as error:
        raise Problem(f"{path} is not text", "give a file of results of compare") from error
    return parse(text, path.name)


def parse(text: str, name: str = "results") -> Run:
    """The same from text."""
    records, torn = _decoded(text)
    environments = [record for record in records if record.get("kind") == "environment"]
    if not environments:
        raise Problem(f"{name} has no results of compare", "its first line is the environment")
    made_as = environments[0].get("format")
    if made_as != FORMAT:
        raise Problem(f"{name} has the format {made_as!r}", f"this version reads {FORMAT!r}")
    run = Run(name, environments[0], torn=torn, text=text)
    for record in records:
        run.torn += not _is_added(run, record)
    if not run.sides or not run.workloads:
        raise Problem(f"{name} names no sides or no workloads", "its first line is not whole")
    return run


def _decoded(text: str) -> tuple[list[Record], int]:
    records, torn = [], 0
    for line in text.splitlines():
        try:
            record = decoded(line) if line.strip() else None
        except ValueError:
            torn += 1
            continue
        if isinstance(record, dict):
            records.append(record)
    return records, torn


def _is_added(run: Run, record: Record) -> bool:
    """False for a known kind without what it must have."""
    add = ADDERS.get(str(record.get("kind")))
    try:
        if add:
            add(run, record)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError):
        return False
    return True


def _environment(run: Run, record: Record) -> None:
    """Names are text and counts are numbers from here on."""
    _merge(run.sides, [{**side, "name": str(side["name"])} for side in record["sides"]])
    _merge(run.workloads, [_workload(workload) for workload in record["workloads"]])


def _workload(record: Record) -> Record:
    work, offered = record.get("work_us"), record.get("offered_rate")
    return {
        **record,
        "name": str(record["name"]),
        "connections": int(record.get("connections") or 0),
        "work_us": None if work is None else int(work),
        "offered_rate": None if offered is None else float(offered),
    }


def _ceiling(run: Run, record: Record) -> None:
    workload, rate = str(record["workload"]), float(record["rate"])
    run.ceilings.append({**record, "workload": workload, "rate": rate})


def _start(run: Run, record: Record) -> None:
    run.starts.append({**record, "side": str(record["side"]), "seconds": float(record["seconds"])})


def _warmup(run: Run, record: Record) -> None:
    run.warmups.append({**record, "side": str(record["side"])})


def _measurement(run: Run, record: Record) -> None:
    """Measured again after a resume: the last counts."""
    if not record.get("error"):
        float(record["rate"])
    shares = {name: float(record.get(name) or 0) for name in ("other_cpu", "steal")}
    rounds = run.measurements.setdefault((str(record["workload"]), str(record["side"])), {})
    rounds[int(record["round"])] = {**record, **shares}


def _gil(run: Run, record: Record) -> None:
    run.gil[str(record["side"])] = bool(record["enabled"])
    if record.get("module"):
        run.gil_modules[str(record["side"])] = str(record["module"])


def _end(run: Run, record: Record) -> None:
    if record["status"] not in STATES:
        raise ValueError(record["status"])
    run.end = record


def _merge(known: list[Record], more: Iterable[Record]) -> None:
    """Add what is not there yet: a resumed run states its environment again."""
    names = {workload["name"] for workload in known}
    known += [workload for workload in more if workload["name"] not in names]


ADDERS: dict[str, Callable[[Run, Record], None]] = {
    "environment": _environment,
    "ceiling": _ceiling,
    "start": _start,
    "warmup": _warmup,
    "measurement": _measurement,
    "gil": _gil,
    "end": _end,
}
