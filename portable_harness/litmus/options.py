"""The options of ``litmus``, as the command line gives them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class LitmusOptions:
    """One field for each option; the help of the command explains them."""

    wanted: tuple[str, ...]
    interpreters: str | None
    seconds: float
    repeat: int
    seed: int
    jobs: int
    package: str | None
    json_file: str | None
    html: Path | None
    markdown_file: str | None
    listed: bool
    on: str | None
    ssh_config: Path | None
