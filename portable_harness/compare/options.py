"""The options of ``compare``, as the command line gives them."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from portable_harness.remote.addresses import Address


@dataclass(frozen=True)
class RunOptions:
    """What is measured, and how: the same on another host, to which it is sent."""

    interpreters: str | None
    service: str | None
    model: str
    design: str | None
    profile_name: str
    names: list[str]
    rounds: int | None
    seconds: float | None
    switch_interval: float | None
    generator: str

    def as_json(self) -> dict[str, Any]:
        """What another host needs, for ``RunOptions(**values)``."""
        return {option.name: getattr(self, option.name) for option in fields(RunOptions)}


@dataclass(frozen=True)
class CompareOptions(RunOptions):
    """One field for each option; the help of the command explains them."""

    listing: bool
    command: str | None
    packages: tuple[str, ...]
    requirement_files: tuple[Path, ...]
    http: str | None
    body: str | None
    close: bool
    rate: float | None
    peers: list[str]
    hosts: list[Address]
    save: Path | None
    resume: Path | None
    sources: tuple[Path, ...]
    more: tuple[Path, ...]
    html: Path | None
    plots: Path | None
    pyperf: Path | None
    json_file: str | None
    on: str | None
    ssh_config: Path | None

    @property
    def application(self) -> dict[str, Any] | None:
        """What a record says of somebody's own server and what it is asked."""
        if self.command is None:
            return None
        files = [str(file) for file in self.requirement_files]
        return {
            "command": self.command, "with": list(self.packages), "requirements": files,
            "http": self.http, "body": self.body, "close": self.close, "rate": self.rate,
        }  # fmt: skip
