"""Answers of probes, remembered by what the asked file is: path, time of change, size.

A start of Jython takes seconds; the same file gives the same answer. What else the answer depends
on (the Java program, PYTHON_GIL, the question itself) is part of the key, so nothing has to be
invalidated: a changed file simply has another key.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from typing import Any

import filelock

from portable_harness.base import cache
from portable_harness.base.reading import decoded
from portable_harness.base.tree import portable_file
from portable_harness.interpreters import java
from portable_harness.interpreters.places import Candidate
from portable_harness.interpreters.probe import QUESTION, Facts

_LIMIT = 500  # remembered answers; the oldest go first


def key(candidate: Candidate) -> str:
    """The identity of a candidate as it is now; changes when the file does."""
    parts = [str(candidate.path), cache.stamp(candidate.path), _question()]
    parts.append(os.environ.get("PYTHON_GIL", ""))
    if candidate.is_jython:
        parts.append(cache.stamp(java.executable() or ""))
    return " ".join(parts)


def _question() -> str:
    """Another question has other answers: ours, and the module of compat that it reads."""
    text = QUESTION.encode() + portable_file("compat/platform.py").read_bytes()
    return hashlib.sha256(text).hexdigest()[:12]


class Answers:
    """The remembered answers: facts, or a lasting refusal as ``{"refused": reason}``."""

    def __init__(self) -> None:
        self._path = cache.directory("interpreters") / "probes.json"
        self._known = self._load()
        self._new: dict[str, Facts] = {}

    def get(self, key: str) -> Facts | None:
        """What was answered before, if it was."""
        answer = self._known.get(key)
        return answer if isinstance(answer, dict) else None

    def put(self, key: str, facts: Facts) -> None:
        """Remember; written by ``save``."""
        self._new[key] = facts

    def save(self) -> None:
        """Add what is new to the file; where the cache cannot be written, go without."""
        if not self._new:
            return
        with contextlib.suppress(OSError, filelock.Timeout):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with filelock.FileLock(str(self._path) + ".lock", timeout=10):
                merged = self._load() | self._new
                newest = dict(list(merged.items())[-_LIMIT:])
                cache.write_atomically(self._path, json.dumps(newest, indent=1))

    def _load(self) -> dict[str, Any]:
        try:
            known = decoded(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return known if isinstance(known, dict) else {}
