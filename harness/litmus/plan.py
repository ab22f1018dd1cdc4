"""How the time is spent, and what a child is started with.

``--time`` is racing time: what one interpreter spends on all stressed cases together, divided
evenly, so that the same option means the same work whatever is selected: one case alone gets all of
it. Schedules, servers and an interpreter's start come on top; they take what they take (measured on
two cores: about 15 s of an interpreter's share, 40 s on Jython). The default leaves six
interpreters, two at a time, within six minutes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from harness.litmus.results import STRESSED, Case

DEFAULT_TIME = 45.0  # seconds
PATIENCE = 20.0  # seconds without an actor's end, after which the child itself reports a hang
LEAST_SHARE = 0.02  # seconds of a case, however many there are


@dataclass(frozen=True)
class Plan:
    """What is run on each interpreter.

    ``wanted`` are cases as the child's command line has them, ``seconds`` is the racing time of one
    case, ``repeats`` how often all of it is done, with seeds from ``seed`` on; ``folders`` are
    where ``package`` is imported from besides the tree. ``start_limit`` and ``silence`` are seconds
    until the first line, and between two lines, of a child that is well.
    """

    wanted: tuple[str, ...] = ()
    package: str = "litmus.cases"
    folders: tuple[str, ...] = ()
    seconds: float = 1.0
    seed: int = 0
    repeats: int = 1
    patience: float = PATIENCE
    start_limit: float = 120.0
    margin: float = 30.0

    @property
    def silence(self) -> float:
        """Beyond this the child can no longer be expected to say itself that it hangs."""
        return self.seconds + self.patience + self.margin

    def arguments(self, repetition: int, after: str | None) -> list[str]:
        """The child's arguments behind ``python``; ``after``: go on behind this case."""
        options = {
            "--package": self.package,
            "--seconds": f"{self.seconds:.3f}",
            "--seed": str(self.seed + repetition),
            "--patience": f"{self.patience:g}",
        }
        if after is not None:
            options["--after"] = after
        flat = [word for pair in options.items() for word in pair]
        return ["-m", "litmus", *flat, *self.wanted]


def share(time: float, cases: Sequence[Case]) -> float:
    """The racing seconds of each case when an interpreter has ``time`` for all."""
    stressed = sum(case.kind == STRESSED for case in cases)
    return max(time / max(stressed, 1), LEAST_SHARE)
