"""From a name to an interpreter that is here and works, or to the commands that would bring it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from portable_harness.base.errors import Problem
from portable_harness.interpreters import search, selection
from portable_harness.interpreters.install import journal
from portable_harness.interpreters.install.methods import (
    Attempt,
    Method,
    Request,
    methods_for,
    try_methods,
)
from portable_harness.interpreters.install.progress import Progress
from portable_harness.interpreters.model import Absent, Found, Interpreter, Rejected
from portable_harness.interpreters.names import Wanted
from portable_harness.interpreters.places import Candidate


@dataclass
class Installation:
    """The result for one name: whether it is here now, what to report, which methods failed."""

    ok: bool
    lines: list[str] = field(default_factory=list)
    attempts: list[Attempt] = field(default_factory=list)


def install_one(
    request: Request,
    methods: Sequence[Method],
    forced: str | None,
    dry_run: bool,
    progress: Progress,
    found: Found | None = None,
) -> Installation:
    """Get one interpreter by the first method that works.

    :param forced: the name of the only method to use; then one that is already here is no reason
        to stop
    :param found: an earlier search; without it one is made
    :raises Problem: when no method, or not the forced one, serves that name
    """
    found = found or search.find()
    here = _already_here(request.wanted, found)
    if here is not None and forced is None:
        return Installation(True, [f"{request.wanted.name}: already here: {_describe(here)}"])
    request = replace(request, wanted=_exact_twin(request.wanted, found))
    serving = methods_for(request.wanted, methods, forced)
    if not serving:
        by = f" by {forced}" if forced else ""
        raise Problem(f"{request.wanted.name} cannot be had{by}", "see install --help")
    if dry_run:
        return _plan(request, serving)
    return _go(request, serving, progress)


def _already_here(wanted: Wanted, found: Found) -> Interpreter | None:
    here = selection.select(wanted.name, found)[0]
    return None if isinstance(here, Absent) else here


def _exact_twin(wanted: Wanted, found: Found) -> Wanted:
    """The GIL twin of a free-threaded CPython that uv brought is uv's, of the same version."""
    if not wanted.gil_twin:
        return wanted
    free = replace(wanted, free_threaded=True, gil_twin=False)
    side = next((one for one in found.all if free.matches(one)), None)
    if side is None or side.source != "uv":
        return wanted
    return replace(wanted, version=side.version, gil_twin=False)


def _plan(request: Request, methods: Sequence[Method]) -> Installation:
    lines = [f"{request.wanted.name}: would try, in this order"]
    for number, method in enumerate(methods, start=1):
        obstacle = method.obstacle(request)
        why_not = f"  [not now: {obstacle}]" if obstacle else ""
        lines.append(f"  {number}. {method.name}: {method.command(request.wanted)}{why_not}")
    return Installation(True, lines)


def _go(request: Request, methods: Sequence[Method], progress: Progress) -> Installation:
    method, made, attempts = try_methods(request, methods, progress)
    if method is None:
        return Installation(False, _advice(request.wanted, attempts), attempts)
    outcome = _look_at(request.wanted, made)
    if isinstance(outcome, Interpreter):
        return Installation(
            True, [f"{request.wanted.name}: {_describe(outcome)}, by {method.name}"]
        )
    line = f"{request.wanted.name}: {method.name} said it was done, but: {outcome}"
    return Installation(False, [line])


def _look_at(wanted: Wanted, made: Path | None) -> Interpreter | str:
    """Believe no tool: the interpreter itself has to answer."""
    if made is None:
        chosen = selection.select(wanted.name, search.find())[0]
        return chosen.reason if isinstance(chosen, Absent) else chosen
    outcome = search.probe_all([Candidate(made, "cache")], refresh=True)[0]
    return outcome.reason if isinstance(outcome, Rejected) else outcome


def _advice(wanted: Wanted, attempts: list[Attempt]) -> list[str]:
    """One line for each method, and nothing of what tools printed: that is in the log."""
    heading = (
        f"{wanted.name}: not installed, details in {journal.path()}; the commands for it, and what "
        "kept each from working here:"
    )
    return [heading] + [f"  {one.command}   [{one.method.name}: {one.reason}]" for one in attempts]


def _describe(one: Interpreter) -> str:
    return f"{one.title} ({one.klass}) at {one.path}"
