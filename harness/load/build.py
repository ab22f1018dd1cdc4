"""Compile C programs into the user's cache, once for each text of their sources."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from harness.errors import Problem
from harness.interpreters import cache

HERE = Path(__file__).parent
LOAD = tuple(
    HERE / f"{name}.c" for name in ("load", "lines", "connections", "workloads", "histogram")
)
REFERENCE = (HERE / "reference.c",)
LIMIT = 120  # seconds for a compiler


def compiler() -> str | None:
    """The path of a C compiler, or None."""
    return next((path for name in ("cc", "gcc", "clang") if (path := shutil.which(name))), None)


def compiled(first: Path, *others: Path) -> Path:
    """The program that is made of these sources, and of the headers next to the first.

    :raises Problem: where there is no C compiler, or it fails
    """
    sources = [first, *others]
    parts = [*sources, *sorted(first.parent.glob("*.h"))]
    digest = hashlib.sha256(b"\0".join(part.read_bytes() for part in parts)).hexdigest()[:16]
    program = cache.directory("benchmarks") / f"{first.stem}-{digest}"
    if not program.exists():
        program.parent.mkdir(parents=True, exist_ok=True)
        _compile(sources, program)
    return program


def _compile(sources: Sequence[Path], program: Path) -> None:
    cc = compiler()
    if cc is None:
        raise Problem("the load generator needs a C compiler", "install gcc or clang")
    fresh = program.with_suffix(f".{os.getpid()}")
    command = [cc, "-O2", "-pthread", "-o", str(fresh), *map(str, sources)]
    made = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT, check=False)
    if made.returncode:
        said = (made.stderr.strip().splitlines() or ["it says nothing"])[0]
        raise Problem(f"{cc} cannot compile {sources[0].name}: {said}")
    fresh.rename(program)
