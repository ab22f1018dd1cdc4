"""The sides of a comparison: our server on each interpreter, and what people would use instead."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from portable_harness.base.servers import ServerProcess
from portable_harness.compare import calibration
from portable_harness.compare.workloads import Workload
from portable_harness.interpreters import Absent, Found, Interpreter, find, select
from portable_harness.jython.launcher import Profile, fast_command

Command = Callable[[Workload, str], Sequence[str] | None]
JIT = ("Jython", "PyPy")
DESCRIPTORS = 20_000  # connections that a server may be asked to serve at once


@dataclass(frozen=True)
class Side:
    """A server that can be started. ``command(workload, host)`` is None where it cannot serve
    that; ``info`` is what the record of the environment says about it. ``process`` makes what runs
    the command; None: as our servers are run."""

    name: str
    info: dict[str, Any]
    command: Command = field(compare=False)
    process: Callable[[Sequence[str]], ServerProcess] | None = field(default=None, compare=False)

    @property
    def has_jit(self) -> bool:
        return self.info.get("implementation") in (*JIT, "Java")

    def as_json(self) -> dict[str, Any]:
        return {"name": self.name, **self.info}


def our_command(words: Sequence[str], model: str, more: Sequence[str] = ()) -> Command:
    """How portable_server is started, with an interpreter's command."""

    def command(workload: Workload, host: str) -> list[str]:
        options = ["--host", host, "--port", "0", "--stop-on-stdin-eof", "--log-level", "error"]
        options += ["--max-connections", str(DESCRIPTORS), "--backlog", "4096", "--model", model]
        if workload.service == "work":
            options += calibration.options(tuple(words))
        server = [*words, "-m", "portable_server", workload.service]
        return [*server, *options, *workload.server_options, *more]

    return command


def interpreter_side(
    interpreter: Interpreter,
    model: str,
    switch_interval: float | None = None,
    name: str = "",
    profile: Profile = "throughput",
    more: Sequence[str] = (),
) -> Side:
    """Our server on an interpreter; a JIT's with what is meant for throughput."""
    words = fast_command(interpreter, profile)
    if switch_interval is not None:
        more = (*more, "--switch-interval", f"{switch_interval:g}")
    suffix = "" if switch_interval is None else f"-si{switch_interval:g}"
    title = title_of(interpreter)
    if switch_interval is not None:
        title += f", switch interval {switch_interval:g} s"
    info = {
        "title": title, "class": interpreter.klass,
        "gil_build": not interpreter.free_threaded_build and not interpreter.is_jython,
        "version": interpreter.version_text, "implementation": interpreter.implementation,
        "peer": False, "host": None, "command": list(words),
    }  # fmt: skip
    label = (name or interpreter.name) + suffix
    return Side(label, info, our_command(words, model, more))


def title_of(interpreter: Interpreter) -> str:
    """CPython 3.13.0, CPython 3.13.15t, CPython 3.13.15t+gil, Jython 2.7.3, ..."""
    build = "t" if interpreter.free_threaded_build else ""
    lock = "+gil" if interpreter.variables else ""
    return f"{interpreter.implementation} {interpreter.version_text}{build}{lock}"


def interpreter_sides(
    wanted: str | None,
    model: str,
    switch_interval: float | None,
    more: Sequence[str] = (),
    run: Callable[[Interpreter, Side], Side] | None = None,
) -> tuple[list[Side], list[Absent]]:
    """The sides for ``--interpreters``, and what is not here.

    One that is named twice is compared with itself: that shows what noise there is. With a switch
    interval each interpreter that has a GIL stands there twice, so that its effect
    is seen.

    :param run: puts another server in the place of ours
    """
    found = find()
    parts = [part for part in (wanted or "").split(",") if part.strip()]
    chosen = (
        [interpreter for part in parts for interpreter in select(part, found)]
        if wanted
        else default(found)
    )
    sides: list[Side] = []
    for interpreter in chosen:
        if isinstance(interpreter, Absent):
            continue
        name = _unlike(
            [interpreter.name, f"{interpreter.name}-{interpreter.version_text}"],
            {side.name for side in sides},
        )
        side = interpreter_side(interpreter, model, name=name, more=more)
        sides.append(run(interpreter, side) if run else side)
        if switch_interval is not None and interpreter.gil_enabled:
            sides.append(interpreter_side(interpreter, model, switch_interval, name, more=more))
    return _with_own_titles(sides), [
        interpreter for interpreter in chosen if isinstance(interpreter, Absent)
    ]


def _unlike(names: list[str], taken: set[str]) -> str:
    """The first that is not taken yet; with a number, when all are."""
    numbered = (f"{names[-1]}-{number}" for number in itertools.count(2))
    return next(name for name in itertools.chain(names, numbered) if name not in taken)


def _with_own_titles(sides: list[Side]) -> list[Side]:
    """Sides whose titles are the same get their names into them: a sentence has the title alone."""
    titles = [side.info["title"] for side in sides]
    return [
        side
        if titles.count(side.info["title"]) == 1
        else replace(side, info={**side.info, "title": f"{side.info['title']} ({side.name})"})
        for side in sides
    ]


def default(found: Found) -> list[Interpreter | Absent]:
    """CPython; the free-threaded build with its GIL twin; PyPy; Jython: what of these is here."""
    free = [interpreter for interpreter in found.interpreters if interpreter.free_threaded_build]
    newest = max(
        free, key=lambda candidate: (not candidate.prerelease, candidate.version), default=None
    )
    twin = found.gil_twin(newest) if newest else None
    kinds = select("cpython,pypy,jython", found)
    chosen = [kinds[0], *([twin] if twin else []), *([newest] if newest else []), *kinds[1:]]
    here = [
        interpreter for interpreter in dict.fromkeys(chosen) if isinstance(interpreter, Interpreter)
    ]
    return list(here) or kinds
