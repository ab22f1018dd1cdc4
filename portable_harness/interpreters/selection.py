"""From names to interpreters: what ``--interpreters cpython,jython,3.13t`` means here."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from portable_harness.base.errors import Problem
from portable_harness.base.options import command_name
from portable_harness.interpreters import names, search
from portable_harness.interpreters.model import Absent, Found, Interpreter, Rejected
from portable_harness.interpreters.names import Wanted
from portable_harness.interpreters.places import Candidate

_OF_UNKNOWN = re.compile(r"[a-z]+\d{2,}")  # the grammar of names has no word for these


def select(wanted: str, found: Found | None = None) -> list[Interpreter | Absent]:
    """What each of the names, separated by commas, stands for on this machine, in that order.

    "cpython" is the newest final CPython with the GIL, "3t" the newest without, "pypy" and "jython"
    the preferred ones; "3.13", "3.13.0", "py313", "313t" say a version; "3.13gil" the GIL twin of
    the free-threaded 3.13, "3.13t+gil" that one with its GIL on; a name with a slash
    is a path. One that is not here becomes an ``Absent`` with the remedy.

    :param found: an earlier search; without it one is made
    :raises Problem: when a name cannot be understood, or none is given
    """
    parts = [part.strip() for part in wanted.split(",") if part.strip()]
    if not parts:
        raise Problem("no interpreter was named", f"for example {names.EXAMPLES}")
    parsed = [_parsed(part) for part in parts]  # a bad name is refused before a search
    if found is None:
        found = Found() if all("/" in part for part in parts) else search.find()
    return list(dict.fromkeys(_chosen(one, found) for one in parsed))


def _parsed(part: str) -> Wanted | str:
    """A name taken apart; a path, or what may be the exact name of an unknown one, as it is."""
    if "/" in part or _OF_UNKNOWN.fullmatch(part):
        return part
    return names.parse(part)


def _chosen(one: Wanted | str, found: Found) -> Interpreter | Absent:
    if isinstance(one, Wanted):
        return _by_name(one, found)
    if "/" in one:
        return _by_path(one)
    unknown = [found for found in found.interpreters if found.klass == "U" and found.name == one]
    return unknown[0] if unknown else _by_name(names.parse(one), found)


def _by_path(text: str) -> Interpreter | Absent:
    path = Path(text).expanduser().absolute()
    if not path.is_file():
        return Absent(text, "no such file", "give the path of an interpreter")
    outcome = search.probe_all([Candidate(path, "named")])[0]
    if isinstance(outcome, Rejected):
        return Absent(text, outcome.reason, "give the path of a working interpreter")
    return outcome


def _by_name(wanted: Wanted, found: Found) -> Interpreter | Absent:
    if wanted.with_gil:
        build = _by_name(replace(wanted, with_gil=False), found)
        return build if isinstance(build, Absent) else build.with_gil()
    if wanted.gil_twin:
        return _gil_twin(wanted, found) or _absent(wanted, found)
    matching = [one for one in found.all if wanted.matches(one)]
    if not matching:
        return _absent(wanted, found)
    if len(wanted.version) < 2 and wanted.implementation != "Jython":
        # The newest that is final; max keeps the preferred of equals.
        return max(matching, key=lambda one: (not one.prerelease, one.version[:2]))
    return matching[0]


def _gil_twin(wanted: Wanted, found: Found) -> Interpreter | None:
    free = Wanted(wanted.name, wanted.implementation, wanted.version, free_threaded=True)
    twins = [found.gil_twin(one) for one in found.all if free.matches(one)]
    return next((twin for twin in twins if twin is not None), None)


def _absent(wanted: Wanted, found: Found) -> Absent:
    """Why it is not here: a rejected file of that kind explains more than "not found"."""
    kind = "python" if wanted.implementation == "CPython" else wanted.implementation.lower()
    name = f"{kind}{wanted.version_text}"
    reasons = [
        f"{one.path}: {one.reason}"
        for one in found.rejected
        if Path(one.path).name.startswith(name) and (wanted.version or kind != "python")
    ]
    plain = wanted.version and not wanted.gil_twin
    argument = wanted.version_text if plain else wanted.name
    if kind != "python":
        argument = f"{kind}{wanted.version_text}"
    remedy = f"{command_name()} interpreters install {argument}"
    return Absent(wanted.name, reasons[0] if reasons else "not found on this machine", remedy)
