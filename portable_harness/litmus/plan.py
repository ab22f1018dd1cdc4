"""How the time is spent, and what a child is started with.

``--time`` is racing time: what one interpreter spends on all stressed cases together, so that the
same option means the same work whatever is selected: one case alone gets all of it. Half goes, in
equal shares, to the cases in whose tables something is interesting: a race is met by chance, and
these are few. The other half goes to those that have one outcome by promise: many, and each quick.
Schedules, servers and an interpreter's start come on top and take what they take.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from portable_harness.litmus.results import INTERESTING, STRESSED, Case

DEFAULT_TIME = 40.0  # seconds
PATIENCE = 60.0  # seconds without an actor's end, after which the child itself reports a hang
LEAST_SHARE = 0.02  # seconds of a case, however many there are


@dataclass(frozen=True)
class Plan:
    """What is run on each interpreter.

    ``wanted`` are cases as the child's command line has them, ``seconds`` is the racing time of one
    case that may race, ``quiet_seconds`` of one that must not, ``repeats`` how often all of it is
    done, with seeds from ``seed`` on; ``folders`` are where ``package`` is imported from besides
    the tree. ``start_limit`` and ``silence`` are seconds until the first line, and between two
    lines, of a child that is well.
    """

    wanted: tuple[str, ...] = ()
    package: str = "portable_server.litmus.cases"
    folders: tuple[str, ...] = ()
    seconds: float = 1.0
    quiet_seconds: float = 1.0
    seed: int = 0
    repeats: int = 1
    patience: float = PATIENCE
    start_limit: float = 120.0
    margin: float = 30.0

    @property
    def silence(self) -> float:
        """Beyond this the child can no longer be expected to say itself that it hangs."""
        return max(self.seconds, self.quiet_seconds) + self.patience + self.margin

    def arguments(self, repetition: int, after: str | None) -> list[str]:
        """The child's arguments after ``python``; ``after``: go on after this case."""
        options = {
            "--package": self.package,
            "--seconds": f"{self.seconds:.3f}",
            "--quiet-seconds": f"{self.quiet_seconds:.3f}",
            "--seed": str(self.seed + repetition),
            "--patience": f"{self.patience:g}",
        }
        if after is not None:
            options["--after"] = after
        flat = [word for pair in options.items() for word in pair]
        return ["-m", "portable_server.litmus", *flat, *self.wanted]


def shares(time: float, cases: Sequence[Case]) -> tuple[float, float]:
    """The seconds of a case that may race and of one that must not, when all have ``time``."""
    stressed = [case for case in cases if case.kind == STRESSED]
    racy = sum(_may_race(case) for case in stressed)
    quiet = len(stressed) - racy
    half = time / 2 if racy and quiet else time
    return max(half / max(racy, 1), LEAST_SHARE), max(half / max(quiet, 1), LEAST_SHARE)


def _may_race(case: Case) -> bool:
    """Whether something is interesting, on whatever interpreter."""
    return any(INTERESTING in expectation["grades"].values() for expectation in case.expectations)
