"""What a run says: for each workload a cell for each side, with ratios and a verdict.

The ratio of a cell is to the first side, of what counts in that workload: requests a second, or
latency where the rate is given (``rate``), or memory for a connection (``idle``).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from statistics import median

from portable_harness.compare.ratios import Basis
from portable_harness.compare.records import Record, Run
from portable_harness.compare.statistics import Spread
from portable_harness.compare.verdicts import Verdict, judge


@dataclass
class Cell:
    """A workload on a side. ``ratios`` by metric; the verdict is about ``metric``."""

    side: str
    metric: str
    values: dict[str, Spread] = field(default_factory=dict)
    ratios: dict[str, Spread] = field(default_factory=dict)
    rounds: int = 0
    busy: float = 0.0
    near_ceiling: bool = False
    verdict: Verdict = Verdict.ABSENT
    remarks: list[str] = field(default_factory=list)

    @property
    def ratio(self) -> Spread | None:
        return self.ratios.get(self.metric)


@dataclass
class Row:
    """A workload with its cells, and what the generator reached against its reference."""

    record: Record
    cells: dict[str, Cell]
    ceiling: float | None

    @property
    def name(self) -> str:
        return str(self.record["name"])

    @property
    def title(self) -> str:
        return printable(str(self.record.get("title", self.name)))

    @property
    def family(self) -> str:
        return str(self.record.get("family", ""))


@dataclass
class Within:
    """A ratio of two workloads on one side: scaling with connections, or a computing thread."""

    side: str
    kind: str
    workload: str
    against: str
    work_us: int | None
    connections: int
    base: int
    ratio: Spread


@dataclass
class Summary:
    """All of it; ``answer`` is a paragraph, ``findings`` and ``notes`` are sentences."""

    run: Run
    basis: Basis
    sides: list[Record]
    rows: list[Row]
    starts: dict[str, Spread]
    start_ratios: dict[str, Spread]
    within: list[Within]
    overall: dict[str, Spread]
    answer: str = ""
    findings: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def reference(self, side: str) -> str:
        """What a side is compared with."""
        return self.basis.references[side]

    def overall_verdict(self, side: str) -> Verdict:
        """Of all workloads together, as busy as the machine was in most of them."""
        cells = [
            row.cells[name]
            for row in self.rows
            for name in (side, self.reference(side))
            if row.cells[name].rounds
        ]
        busy = median([cell.busy for cell in cells]) if cells else 0.0
        return judge(self.overall.get(side), less_is_better=False, busy=busy, bound=False)

    @property
    def others(self) -> list[Record]:
        """The sides that are compared with another."""
        return [side for side in self.sides if self.reference(side["name"]) != side["name"]]

    @property
    def to_what(self) -> str:
        """The title of the one reference; in general, where there are several."""
        used = list(dict.fromkeys(self.reference(side["name"]) for side in self.others))
        return self.title(used[0]) if len(used) == 1 else "the first file's"

    def title(self, side: str) -> str:
        record = next(record for record in self.sides if record["name"] == side)
        return printable(str(record.get("title") or side))


def printable(text: str) -> str:
    """As one line that a terminal, a page and a drawing can show."""
    return "".join(character if character.isprintable() else "?" for character in text)
