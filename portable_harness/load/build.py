"""The programs, and where those in C they are compiled to: the user's cache, once for each text."""

from __future__ import annotations

from pathlib import Path

from portable_harness.base import cache
from portable_harness.base.errors import Problem
from portable_harness.load import agent
from portable_harness.load.agent import compiler

__all__ = ["CHAT", "HTTP", "LOAD", "PYTHON", "REFERENCE", "compiled", "compiler", "folder", "texts"]

HERE = Path(__file__).parent
LOAD = tuple(
    HERE / f"{name}.c"
    for name in ("load", "lines", "connections", "workloads", "histogram", "control")
)
HTTP = tuple(HERE / "http.c" if part.stem == "lines" else part for part in LOAD)
CHAT = tuple(HERE / f"{name}.c" for name in ("chat", "histogram", "control"))
REFERENCE = (HERE / "reference.c",)
PYTHON = {"load": HERE / "python_load.py", "reference": HERE / "python_reference.py"}


def folder() -> Path:
    """Where the programs are."""
    return cache.directory("benchmarks")


def texts(first: Path, *others: Path) -> dict[str, str]:
    """The sources by name, and the headers next to the first."""
    parts = [first, *others, *sorted(first.parent.glob("*.h"))]
    return {part.name: part.read_text(encoding="utf-8") for part in parts}


def compiled(first: Path, *others: Path) -> Path:
    """The program that is made of these sources, on this machine.

    :raises Problem: where there is no C compiler, or it fails
    """
    try:
        return Path(agent.compiled(first.stem, texts(first, *others), str(folder())))
    except agent.NotCompiledError as error:
        raise Problem(f"{first.name} cannot be compiled: {error}", "install gcc or clang") from None
