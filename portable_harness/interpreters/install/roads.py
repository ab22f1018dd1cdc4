"""A road: one way to get an interpreter that is missing.

A road says what it would do (``command``, a line for people), what is in the way before anything
is started (``obstacle``), and does it (``take``). ``travel`` tries the roads for a name in a fixed
order; one that turns out to be closed (no network, a wrong hash) lets the next one try, unless that
asks the same source: nothing is tried twice. What was tried is in a log, not on the screen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from portable_harness.interpreters.install import journal
from portable_harness.interpreters.install.progress import Progress
from portable_harness.interpreters.names import Wanted


class ClosedError(Exception):
    """This road cannot be taken, or broke off; the message is one short line.

    :param log: the file with everything that the program printed
    """

    def __init__(self, message: str, log: Path | None = None) -> None:
        super().__init__(message)
        self.log = log


@dataclass(frozen=True)
class Request:
    """What is asked for, and what the user allows: Debian's packages change the whole machine."""

    wanted: Wanted
    allow_debian: bool = False
    sha256: str | None = None  # in place of the pinned hash of a download


class Road(Protocol):
    """One way to get an interpreter."""

    @property
    def name(self) -> str:
        """What `--method` calls it."""

    @property
    def source(self) -> str:
        """Where it gets the interpreter; a source that failed is asked by no other road."""

    def serves(self, wanted: Wanted) -> bool:
        """Whether such an interpreter can be had by this road at all."""

    def command(self, wanted: Wanted) -> str:
        """The command a person would type for it."""

    def obstacle(self, request: Request, /) -> str | None:
        """Why it cannot be taken here and now; None when it can be tried."""

    def take(self, request: Request, progress: Progress) -> Path | None:
        """Get it.

        :returns: the interpreter's file, or None when it is now where the search looks anyway
        :raises ClosedError: when that failed; nothing half-made is left
        """


@dataclass(frozen=True)
class Attempt:
    """A road that did not lead there."""

    road: Road
    reason: str  # one line
    command: str  # what a person would type
    taken: bool = False  # it was tried, and failed


def roads_for(wanted: Wanted, roads: Sequence[Road], forced: str | None) -> list[Road]:
    """The roads that serve a name, in order; only the forced one when one is forced."""
    return [road for road in roads if road.serves(wanted) and forced in (None, road.name)]


def travel(
    request: Request, roads: Sequence[Road], progress: Progress
) -> tuple[Road | None, Path | None, list[Attempt]]:
    """Take the first road that gets there.

    :returns: that road (None when none did) with the file it made, and those tried before it
    """
    attempts: list[Attempt] = []
    for road in roads:
        reason, log, taken = _tried(road, attempts), None, False
        try:
            reason = reason or road.obstacle(request)
            if reason is None:
                taken = True
                return road, road.take(request, progress), attempts
        except ClosedError as closed:
            reason, log = str(closed), closed.log
        attempts.append(Attempt(road, reason, road.command(request.wanted), taken))
        output = f"; what it printed is in {log}" if log else ""
        journal.add(f"{request.wanted.name}: {road.name}: {reason}{output}")
    return None, None, attempts


def _tried(road: Road, attempts: Sequence[Attempt]) -> str | None:
    """Why a source need not be asked again, by another client."""
    failed = {attempt.road.source for attempt in attempts if attempt.taken}
    return f"{road.source} was tried already" if road.source in failed else None
