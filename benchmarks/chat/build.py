"""Where the C yardstick and the C load generator are; `harness.load.build` compiles them."""

from __future__ import annotations

from pathlib import Path

from harness.load.build import compiled, compiler

__all__ = ["GENERATOR", "YARDSTICK", "compiled", "compiler"]

BENCHMARKS = Path(__file__).resolve().parent.parent
GENERATOR = BENCHMARKS / "generator" / "chat_load.c"
YARDSTICK = BENCHMARKS / "peers" / "epoll_chat.c"
