"""A road: one way to get an interpreter that is missing.

A road says what it would do (``command``, a line for people), what is in the way before anything
is started (``obstacle``), and does it (``take``). ``travel`` tries the roads for a name in a fixed
order; one that turns out to be closed (no network, a wrong hash) lets the next one try.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from portable_harness.interpreters.install.progress import Progress
from portable_harness.interpreters.names import Wanted


class ClosedError(Exception):
    """This road cannot be taken, or broke off; the message is one line, with the remedy."""


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
    """A road that did not lead there: its name, the reason, the command by hand."""

    road: str
    reason: str
    command: str


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
        reason = road.obstacle(request)
        if reason is None:
            try:
                return road, road.take(request, progress), attempts
            except ClosedError as closed:
                reason = str(closed)
        attempts.append(Attempt(road.name, reason, road.command(request.wanted)))
        progress.note(f"{road.name}: {reason}")
    return None, None, attempts
