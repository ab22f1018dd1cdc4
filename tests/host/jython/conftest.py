"""The system's Jython, and a cache of one's own for a whole module: an archive takes seconds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from portable_harness.interpreters import Absent, Interpreter, select


@pytest.fixture(scope="module")
def jython(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Interpreter]:
    """Absent is a visible skip. The cache is this module's alone from here on."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        chosen = select("jython")[0]
        if isinstance(chosen, Absent):
            pytest.skip(f"jython is absent: {chosen.reason}")
        yield chosen


@pytest.fixture
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache for one test."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache"
