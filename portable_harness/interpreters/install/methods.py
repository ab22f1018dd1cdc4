"""A method: one way to get an interpreter that is missing.

A method says what it would do (``command``, a line for people), what is in the way before anything
is started (``obstacle``), and does it (``install``). ``try_methods`` tries the methods for a name
in a fixed order; one that turns out to be closed (no network, a wrong hash) lets the next one try,
unless that asks the same source: nothing is tried twice. What was tried is in a log, not on the
screen.
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
    """This method cannot be used, or failed; the message is one short line.

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


class Method(Protocol):
    """One way to get an interpreter."""

    @property
    def name(self) -> str:
        """What `--method` calls it."""

    @property
    def source(self) -> str:
        """Where it gets the interpreter; a source that failed is asked by no other method."""

    def serves(self, wanted: Wanted) -> bool:
        """Whether such an interpreter can be had by this method at all."""

    def command(self, wanted: Wanted) -> str:
        """The command a person would type for it."""

    def obstacle(self, request: Request, /) -> str | None:
        """Why it cannot be used here and now; None when it can be tried."""

    def install(self, request: Request, progress: Progress) -> Path | None:
        """Get it.

        :returns: the interpreter's file, or None when it is now where the search looks anyway
        :raises ClosedError: when that failed; nothing half-made is left
        """


@dataclass(frozen=True)
class Attempt:
    """A method that failed."""

    method: Method
    reason: str  # one line
    command: str  # what a person would type
    tried: bool = False  # it was tried, and failed


def methods_for(wanted: Wanted, methods: Sequence[Method], forced: str | None) -> list[Method]:
    """The methods that serve a name, in order; only the forced one when one is forced."""
    return [method for method in methods if method.serves(wanted) and forced in (None, method.name)]


def try_methods(
    request: Request, methods: Sequence[Method], progress: Progress
) -> tuple[Method | None, Path | None, list[Attempt]]:
    """Use the first method that works.

    :returns: that method (None when none did) with the file it made, and those tried before it
    """
    attempts: list[Attempt] = []
    for method in methods:
        reason, log, tried = _tried(method, attempts), None, False
        try:
            reason = reason or method.obstacle(request)
            if reason is None:
                tried = True
                return method, method.install(request, progress), attempts
        except ClosedError as closed:
            reason, log = str(closed), closed.log
        attempts.append(Attempt(method, reason, method.command(request.wanted), tried))
        output = f"; what it printed is in {log}" if log else ""
        journal.add(f"{request.wanted.name}: {method.name}: {reason}{output}")
    return None, None, attempts


def _tried(method: Method, attempts: Sequence[Attempt]) -> str | None:
    """Why a source need not be asked again, by another client."""
    failed = {attempt.method.source for attempt in attempts if attempt.tried}
    return f"{method.source} was tried already" if method.source in failed else None
