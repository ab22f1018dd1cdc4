"""Compile a Java source into the user's cache, once for each text of it."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import tempfile
from pathlib import Path

from portable_harness.base import cache
from portable_harness.base.errors import Problem

LIMIT = 120  # seconds for the compiler


def classes(source: Path) -> Path:
    """The folder with the classes of `source`.

    :raises Problem: where there is no Java compiler, or it fails
    """
    digest = hashlib.sha256(source.read_bytes()).hexdigest()[:16]
    folder = cache.directory("benchmarks") / f"{source.stem}-{digest}"
    if not folder.is_dir():
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent) as new:
            made = Path(new, "classes")
            _compile(source, made)
            _publish(made, folder)
    return folder


def _publish(made: Path, folder: Path) -> None:
    """In one step; somebody else may have been quicker."""
    try:
        made.rename(folder)
    except OSError:
        if not folder.is_dir():
            raise


def _compile(source: Path, folder: Path) -> None:
    javac = shutil.which("javac")
    if javac is None or shutil.which("java") is None:
        raise Problem("no Java compiler", "install a JDK, version 11 or later")
    command = [javac, "-d", str(folder), str(source)]
    made = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT, check=False)
    if made.returncode:
        said = (made.stderr.strip().splitlines() or ["it says nothing"])[0]
        raise Problem(f"javac cannot compile {source.name}: {said}")
