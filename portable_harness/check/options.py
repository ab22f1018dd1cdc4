"""The options of ``check``, as the command line gives them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class CheckOptions:
    """One field for each option; the help of the command explains them."""

    command: tuple[str, ...]
    address: tuple[str, int] | None
    file: Path | None
    interpreters: str | None
    port: int | None
    start_limit: float
    only: str | None
    level: str | None
    listing: bool
    verbose: bool
    transcripts: bool
    profile: str
    kinds: str | None
    repeat: int
    seed: int
    patience: float
    time_limit: float
    folder: Path | None
    recorded: Path | None
    junit: Path | None
    json_file: str | None
    on: str | None
    ssh_config: Path | None
