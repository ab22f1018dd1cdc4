"""The options of ``race``, as the command line gives them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class RaceOptions:
    """One field for each option; the help of the command explains them."""

    target: str
    interpreters: str | None
    seconds: float
    seed: int
    replay: str | None
    jobs: int
    json_file: str | None
    html: Path | None
    junit: Path | None
    sarif: Path | None
