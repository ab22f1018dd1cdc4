"""What the installer must know of a guest: its environment markers and what wheels it takes."""

from __future__ import annotations

import hashlib
import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packaging import tags
from packaging.markers import Environment, Marker
from packaging.specifiers import SpecifierSet

from portable_harness.base import cache, children
from portable_harness.base.errors import Problem
from portable_harness.base.reading import decoded
from portable_harness.base.tree import on_guest
from portable_harness.guest.metadata import Metadata
from portable_harness.interpreters.model import Interpreter

TIME_LIMIT = 120.0  # seconds; Jython alone may take ten on a busy machine


@dataclass(frozen=True)
class Facts:
    """``markers`` as PEP 508 names them; ``abi`` as PEP 425 does, "none" where none is usable.

    ``places`` are the folders executable, stdlib, platstdlib and include of the interpreter.
    """

    markers: dict[str, str]
    abi: str
    places: dict[str, str]

    @property
    def version(self) -> tuple[int, int]:
        """Major and minor version."""
        major, minor = self.markers["python_version"].split(".")
        return int(major), int(minor)

    @property
    def is_jython(self) -> bool:
        """Whether it runs on a Java virtual machine."""
        return self.markers["platform_python_implementation"] == "Jython"

    def allows(self, marker: Marker | None, extras: frozenset[str] = frozenset()) -> bool:
        """Whether a requirement with this marker counts here, asked for with these extras."""
        if marker is None:
            return True
        return any(marker.evaluate(self._with(extra)) for extra in (extras or {""}))

    def demand(self, metadata: Metadata) -> None:
        """Nothing, if a distribution is for this Python.

        :raises Problem: when it says by Requires-Python that it is not
        """
        version = self.markers["python_full_version"].rstrip("+")
        if not SpecifierSet(metadata.requires_python).contains(version, prereleases=True):
            raise Problem(
                f"{metadata.name} {metadata.version} is for Python {metadata.requires_python}, and "
                f"this is {version}"
            )

    def _with(self, extra: str) -> dict[str, str | Any]:
        environment: Environment | dict[str, str] = {**self.markers, "extra": extra}
        return dict(environment)

    def pip_options(self) -> list[str]:
        """The options that make the host's pip choose files for this guest."""
        options = ["--python-version", self.markers["python_full_version"].rstrip("+")]
        if self.abi == "none":
            return [*options, "--implementation", "py", "--abi", "none", "--platform", "any"]
        options += ["--implementation", "cp", "--abi", self.abi, "--abi", "none"]
        if self.version[0] == 3:
            options += ["--abi", "abi3"]
        return options + [f"--platform={platform}" for platform in tags.platform_tags()]


def facts(interpreter: Interpreter) -> Facts:
    """The facts of an interpreter, measured in it once and then remembered.

    :raises Problem: when it does not answer.
    """
    answer = _cache_file(interpreter)
    if not answer.exists():
        cache.write_atomically(answer, json.dumps(_ask(interpreter)))
    found = decoded(answer.read_text(encoding="utf-8"))
    return Facts(found["markers"], found["abi"], found["places"])


def identity(interpreter: Interpreter) -> list[Any]:
    """What tells this interpreter from another, or from itself after an upgrade (JSON values)."""
    path = interpreter.path.resolve()
    try:
        status = path.stat()
        file = [status.st_mtime_ns, status.st_size]
    except OSError:
        file = []
    command = list(interpreter.command)
    return [command, str(path), file, list(interpreter.version), interpreter.java or ""]


def _script() -> Path:
    return on_guest("guest") / "markers.py"


def _cache_file(interpreter: Interpreter) -> Path:
    key = json.dumps([identity(interpreter), _script().read_text(encoding="utf-8")])
    return cache.directory("guest-facts") / (
        hashlib.sha256(key.encode()).hexdigest()[:32] + ".json"
    )


def _ask(interpreter: Interpreter) -> Any:
    command = [*interpreter.command, str(_script())]
    try:
        done = children.run(command, TIME_LIMIT)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Problem(f"{interpreter.path} does not run: {error}") from None
    for line in done.stdout.splitlines():
        if line.startswith("FACTS "):
            return decoded(line.removeprefix("FACTS "))
    raise Problem(f"{interpreter.path} does not answer", f"try: {' '.join(interpreter.command)} -V")
