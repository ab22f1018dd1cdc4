"""Whether a submission could read here what it must not: asked before anything of it runs."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from collections.abc import Iterable
from pathlib import Path

from portable_harness.exercise.catalogue import Limits
from portable_harness.exercise.sandbox import END_LIMIT, Child, own_user


def probe() -> set[str]:
    """What a program could not be kept from on this system."""
    with tempfile.TemporaryDirectory(prefix="exercise-") as folder:
        command = [shutil.which("true") or "/bin/true"]
        child = Child(command, Path(folder), {}, Limits(), own_user())
        try:
            child.wait(END_LIMIT)
        finally:
            child.end()
            for stream in (child.supervisor.stdout, child.supervisor.stderr):
                assert stream is not None
                stream.close()
        return set(child.lacks)


def exposed(lacks: set[str], secrets: Iterable[Path]) -> bool:
    """Whether a program could read one of these, which are folders or files of ours."""
    if "files" not in lacks:
        return False
    is_other = os.geteuid() == 0 and "user" not in lacks
    return not is_other or any(is_open(path.resolve()) for path in secrets if path.exists())


def is_open(path: Path) -> bool:
    """Whether any user may read it, by its mode and those of the folders around it."""
    modes = [one.stat().st_mode for one in path.parents]
    return all(mode & stat.S_IXOTH for mode in modes) and bool(path.stat().st_mode & stat.S_IROTH)
