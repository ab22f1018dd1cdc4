"""Where the C load generator of the chat is; `harness.load.build` compiles it."""

from __future__ import annotations

from pathlib import Path

from harness.load.build import compiled, compiler

__all__ = ["GENERATOR", "compiled", "compiler"]

BENCHMARKS = Path(__file__).resolve().parent.parent
GENERATOR = BENCHMARKS / "generator" / "chat_load.c"
