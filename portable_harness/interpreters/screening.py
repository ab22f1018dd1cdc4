"""What is told from a file before it is started: doubles, version managers' shims, environments.

A shim (pyenv, asdf, mise) starts whichever version its settings name today, so it is not *an*
interpreter; the versions behind it are looked up where they are. A virtual environment is its base
interpreter under another name.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from portable_harness.interpreters import places
from portable_harness.interpreters.model import Rejected
from portable_harness.interpreters.places import Candidate

_MANAGERS = ("pyenv", "asdf", "mise", "rtx")


def screen(candidates: Iterable[Candidate]) -> tuple[list[Candidate], list[Rejected]]:
    """The candidates worth starting, each real file once, and the refused with a reason.

    Of a folder full of shims, or of one environment, a single line is reported.
    """
    chosen: dict[str, Candidate] = {}
    rejected: dict[str, Rejected] = {}
    for candidate in candidates:
        refusal = _refusal(candidate)
        if refusal is not None:
            rejected.setdefault(refusal.path, refusal)
        else:
            chosen.setdefault(_real(candidate.path), candidate)
    return list(chosen.values()), list(rejected.values())


def _real(path: Path) -> str:
    """The file behind links, unless it is a program that goes by the name it was called by."""
    real = os.path.realpath(path)
    return real if places.looks_like_interpreter(os.path.basename(real)) else str(path)


def _refusal(candidate: Candidate) -> Rejected | None:
    path = candidate.path
    if not path.exists():
        reason = "a link to nothing" if path.is_symlink() else "no such file"
        return Rejected(str(path), f"{reason} (named by {candidate.source})")
    if path.is_dir():
        return Rejected(str(path), "a folder, not a program")
    manager = _manager(path)
    if manager:
        reason = f"{manager} shims: they start what its settings say; its versions are used instead"
        return Rejected(str(path.parent), reason)
    if (path.parent.parent / "pyvenv.cfg").exists():
        return Rejected(str(path.parent.parent), "a virtual environment, not an interpreter")
    if not candidate.is_jar and not os.access(path, os.X_OK):
        return Rejected(str(path), "not executable")
    return None


def _manager(path: Path) -> str | None:
    """The version manager that a file is a shim of: by its folder, its target, or its text."""
    target = Path(os.path.realpath(path)).name
    if target in _MANAGERS:
        return target
    if path.parent.name == "shims":
        return next((name for name in _MANAGERS if name in str(path.parent)), "a manager's")
    return next((name for name in _MANAGERS if f"/{name}" in _script(path)), None)


def _script(path: Path) -> str:
    """The text of a small script, else ""."""
    try:
        with path.open("rb") as stream:
            start = stream.read(2048)
    except OSError:
        return ""
    text = start.decode("utf-8", "replace")
    return text if text.startswith("#!") and " exec " in text else ""
