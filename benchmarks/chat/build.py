"""Compile the C yardstick and the C load generator into the cache, once for each source text."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from pathlib import Path

import platformdirs

from harness.errors import Problem

BENCHMARKS = Path(__file__).resolve().parent.parent
GENERATOR = BENCHMARKS / "generator" / "chat_load.c"
YARDSTICK = BENCHMARKS / "peers" / "epoll_chat.c"


def compiler() -> str | None:
    return next((path for name in ("cc", "gcc", "clang") if (path := shutil.which(name))), None)


def compiled(source: Path) -> Path:
    """The program of `source`; raises Problem where there is no C compiler or it fails."""
    parts = [source, *sorted(source.parent.glob("*.h"))]
    digest = hashlib.sha256(b"".join(part.read_bytes() for part in parts)).hexdigest()[:16]
    where = platformdirs.user_cache_path("portable-server") / "benchmarks"
    program = where / f"{source.stem}-{digest}"
    if not program.exists():
        where.mkdir(parents=True, exist_ok=True)
        _compile(source, program)
    return program


def _compile(source: Path, program: Path) -> None:
    cc = compiler()
    if cc is None:
        raise Problem("the load generator needs a C compiler", "install gcc or clang")
    fresh = program.with_suffix(".new")
    made = subprocess.run(
        [cc, "-O2", "-pthread", "-o", str(fresh), str(source)],
        capture_output=True,
        text=True,
        timeout=120,
    )
    if made.returncode:
        raise Problem(f"{cc} cannot compile {source.name}: {made.stderr.strip().splitlines()[:1]}")
    fresh.rename(program)
