"""The options of ``matrix``, as the command line gives them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from portable_harness.base.options import pip_words


@dataclass(frozen=True)
class MatrixOptions:
    """One field for each option; the help of the command explains them."""

    interpreters: str | None
    only: tuple[str, ...]
    all: bool
    jobs: int
    time_limit: float | None
    test_time_limit: float
    keep_going: bool
    skip_absent: bool
    verbose: bool
    install: bool
    allow_debian: bool
    json_file: str | None
    html: Path | None
    junit: Path | None
    project: Path
    packages: tuple[str, ...]
    requirement_files: tuple[Path, ...]
    on: str | None
    ssh_config: Path | None

    @property
    def requirements(self) -> tuple[str, ...]:
        """What the project's tests need, as words of pip."""
        return pip_words(self.packages, self.requirement_files)
