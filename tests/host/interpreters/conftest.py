"""A machine of one's own for each test: an empty cache, an empty home, interpreters made of sh."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

FACTS: dict[str, Any] = {
    "implementation": "CPython",
    "version": [3, 13, 5],
    "class": "G10",
    "free_threaded_build": False,
    "gil_enabled": True,
    "java": None,
    "java_vm": None,
    "platform": "linux",
    "executable": None,
}
MakeProgram = Callable[..., Path]


@pytest.fixture(autouse=True)
def own_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The cache and the home in the test's folder; none of the variables that name interpreters."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    for name in ("PORTABLE_INTERPRETERS", "JYTHON_HOME", "JYTHON_JAR", "PYENV_ROOT", "PYTHON_GIL"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture
def program(tmp_path: Path) -> MakeProgram:
    """Make an executable sh script: ``program("bin/python3.13", "exit 3")``."""

    def make(name: str, body: str) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
        path.chmod(0o755)
        return path

    return make


@pytest.fixture
def answering(program: MakeProgram) -> MakeProgram:
    """Make an interpreter that answers the probe: ``answering("bin/python3.13", version=...)``.

    Each call is noted, as a line of the file next to it whose name ends in ``.calls``.
    """

    def make(name: str, **changes: Any) -> Path:
        facts = {**FACTS, **changes}
        return program(name, f"echo x >> \"$0.calls\"\necho 'PORTABLE-FACTS {json.dumps(facts)}'")

    return make
