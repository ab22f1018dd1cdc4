"""Somebody who has installed the project with pip, and what was installed."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from portable_harness.interpreters import Interpreter, select

COMMAND_LIMIT = 200  # seconds


@dataclass(frozen=True)
class Distributions:
    """The four files of a release."""

    harness: Path
    core: Path
    harness_source: Path
    core_source: Path

    def all(self) -> list[str]:
        return [str(self.harness), str(self.core), str(self.harness_source), str(self.core_source)]


@dataclass(frozen=True)
class Done:
    """A command that has ended."""

    words: Sequence[str]
    status: int
    out: str
    err: str

    def __str__(self) -> str:
        return f"{' '.join(map(str, self.words))}: {self.status}\n{self.out[-3000:]}{self.err[-3000:]}"


@dataclass(frozen=True)
class User:
    """Somebody with a new home, who has installed the wheels with pip."""

    environment: Path
    home: Path

    @property
    def python(self) -> Path:
        return self.environment / "bin" / "python"

    @property
    def site_packages(self) -> Path:
        return next((self.environment / "lib").glob("python3*/site-packages"))

    def variables(self) -> dict[str, str]:
        """As after a login: nothing that the tests' own environment has set."""
        path = f"{self.environment / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
        kept = {name: os.environ[name] for name in ("LANG", "LC_ALL", "JAVA_HOME") if name in os.environ}
        return {"HOME": str(self.home), "PATH": path, **kept}

    def run(self, words: Sequence[str | Path], folder: Path, **more: str) -> Done:
        """Run a command of the environment: `portable-server` or `python`."""
        program, *rest = map(str, words)
        done = subprocess.run(
            [str(self.environment / "bin" / program), *rest],
            cwd=folder,
            env=self.variables() | more,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=COMMAND_LIMIT,
        )
        return Done([program, *rest], done.returncode, done.stdout, done.stderr)


def command_of(wanted: str) -> str:
    """The path of an interpreter of this machine, as a user with another home would name it."""
    (found,) = select(wanted)
    if not isinstance(found, Interpreter):
        pytest.skip(f"absent: {wanted}: {found.reason}; {found.remedy}")
    return found.command[0]
