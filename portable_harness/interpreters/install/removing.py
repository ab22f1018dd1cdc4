"""Delete what `interpreters install` put into the cache; the rest belongs to other programs."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from portable_harness.base import cache
from portable_harness.base.errors import Problem
from portable_harness.interpreters.model import Found, Interpreter
from portable_harness.interpreters.names import Wanted


def remove(wanted: Wanted, found: Found) -> list[Path]:
    """Delete every interpreter in the cache that has this name.

    :returns: the deleted folders
    :raises Problem: when there is none
    :raises OSError: when a folder cannot be deleted
    """
    homes = {home for one in found.all if wanted.matches(one) and (home := _home(one))}
    if not homes:
        remedy = "what uv, pyenv or apt-get installed is removed by the same program"
        raise Problem(f"{wanted.name}: `install` made none that is here", remedy)
    for home in homes:
        (home / cache.COMPLETE).unlink(missing_ok=True)  # first: half of it is not believed
        shutil.rmtree(home)
    for link in cache.programs().glob("*"):
        if not link.exists():
            link.unlink()
    return sorted(homes)


def _home(interpreter: Interpreter) -> Path | None:
    """The folder of the cache that an interpreter fills; None for one from elsewhere."""
    real = Path(os.path.realpath(interpreter.path))
    for kind in ("python", "jython"):
        root = Path(os.path.realpath(cache.directory(kind)))
        if real.is_relative_to(root):
            return root / real.relative_to(root).parts[0]
    return None
