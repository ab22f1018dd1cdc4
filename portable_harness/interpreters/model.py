"""What is known of an interpreter: facts measured inside it, and why one is not there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple

Version = tuple[int, int, int]
WITH_GIL = ("env", "PYTHON_GIL=1")  # the beginning of a command; as -X gil=1, but inherited


@dataclass(frozen=True)
class Interpreter:
    """One interpreter that answered the probe.

    ``name`` is what tox calls it (py27, py313t, pypy39, jython). ``command`` starts it. ``klass``
    is one of the classes of ``compat.platform``. ``gil_enabled`` was measured at the probe, not
    deduced from the build; None where the implementation does not say. ``jit_enabled`` is None
    where there is no JIT that can be switched.
    ``java`` and ``java_vm`` are the version and the name of the virtual machine, on Jython only.
    ``prerelease`` is "a2", "b1" or "rc1" of a version that is not final.
    ``release`` is the implementation's own version, where that is not Python's: (8, 0, 1) of PyPy.
    ``source`` says where it was found: variable, PATH, JYTHON_HOME, pyenv, uv, debian, cache, ...
    """

    name: str
    command: tuple[str, ...]
    path: Path
    implementation: str
    version: Version
    klass: str
    free_threaded_build: bool
    gil_enabled: bool | None
    java: str | None
    source: str
    executable: str = ""
    platform: str = ""
    java_vm: str | None = None
    release: tuple[int, ...] = ()
    prerelease: str = ""
    jit_enabled: bool | None = None

    @property
    def version_text(self) -> str:
        """The version as people write it: "3.13.0", "3.16.0a2"."""
        return ".".join(str(part) for part in self.version) + self.prerelease

    def with_gil(self) -> Interpreter:
        """A free-threaded build with its GIL switched on, for all its children too."""
        command = (*WITH_GIL, *self.command)
        return replace(self, name=f"{self.name}+gil", command=command, gil_enabled=True)

    @property
    def variables(self) -> dict[str, str]:
        """What must be set where it is started in another way than by ``command``."""
        return {"PYTHON_GIL": "1"} if self.command[: len(WITH_GIL)] == WITH_GIL else {}

    @property
    def title(self) -> str:
        """ "CPython 3.13.0", "PyPy 3.11.17 (8.0.1)": with its own version, where it has one."""
        own = f" ({'.'.join(map(str, self.release))})" if self.release else ""
        return f"{self.implementation} {self.version_text}{own}"

    @property
    def is_jython(self) -> bool:
        """Whether it runs on a Java virtual machine."""
        return self.implementation == "Jython"

    def as_json(self) -> dict[str, Any]:
        """For people who read JSON: the facts, with the version as text."""
        return {**self.facts(), "version": self.version_text}

    @classmethod
    def from_facts(cls, facts: dict[str, Any]) -> Interpreter:
        """The interpreter that gave these facts, without a search."""
        names = {**facts, "klass": facts["class"], "version": tuple(facts["version"])}
        names.update(command=tuple(facts["command"]), path=Path(facts["path"]))
        names["release"] = tuple(facts.get("release") or ())
        del names["class"]
        return cls(**names)

    def facts(self) -> dict[str, Any]:
        """All fields as plain JSON values, named as ``compat`` names what it measures."""
        return {
            "name": self.name,
            "implementation": self.implementation,
            "version": list(self.version),
            "prerelease": self.prerelease,
            "release": list(self.release),
            "class": self.klass,
            "free_threaded_build": self.free_threaded_build,
            "gil_enabled": self.gil_enabled,
            "jit_enabled": self.jit_enabled,
            "java": self.java,
            "java_vm": self.java_vm,
            "platform": self.platform,
            "path": str(self.path),
            "executable": self.executable,
            "command": list(self.command),
            "source": self.source,
        }


def lock_and_compiler(facts: Mapping[str, Any]) -> str:
    """What to write over a column of the state of GIL and JIT:  "GIL", "no GIL, JIT off", "GIL by
    MODULE" where an extension module brought it back."""
    gil = {True: "GIL", False: "no GIL", None: "GIL unknown"}
    module = f" by {facts['gil_module']}" if facts.get("gil_module") else ""
    jit = {True: ", JIT", False: ", JIT off", None: ""}
    return gil[facts.get("gil_enabled")] + module + jit[facts.get("jit_enabled")]


class Rejected(NamedTuple):
    """A file that looked like an interpreter and is not used; ``reason`` is one line."""

    path: str
    reason: str


@dataclass(frozen=True)
class Absent:
    """A name that was asked for and not found; ``remedy`` is a command or what to do."""

    name: str
    reason: str
    remedy: str


@dataclass
class Found:
    """Everything a search turned up.

    ``interpreters`` has one per name, in a fixed order; ``others`` the ones whose name was taken
    by a preferred one (a second 3.13, say): reachable by full version or by path.
    """

    interpreters: list[Interpreter] = field(default_factory=list)
    others: list[Interpreter] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)

    @property
    def all(self) -> list[Interpreter]:
        """The preferred ones first, then the others."""
        return self.interpreters + self.others

    def gil_twin(self, interpreter: Interpreter) -> Interpreter | None:
        """The CPython of exactly the same version that has the GIL: the other side of a fair
        comparison. One that came from the same source is preferred."""
        same = [
            other
            for other in self.all
            if other.implementation == "CPython"
            and other.version == interpreter.version
            and not other.free_threaded_build
        ]
        return min(same, key=lambda other: other.source != interpreter.source, default=None)

    def as_json(self) -> dict[str, Any]:
        """The whole search as plain JSON values."""
        return {
            "interpreters": [one.as_json() for one in self.interpreters],
            "others": [one.as_json() for one in self.others],
            "rejected": [one._asdict() for one in self.rejected],
        }


def sort_key(interpreter: Interpreter) -> tuple[int, Version, bool, str]:
    """CPython by version, free-threaded behind its GIL twin, PyPy, GraalPy, Jython, the rest."""
    kinds = ["CPython", "PyPy", "GraalPy", "Jython"]
    kind = interpreter.implementation
    rank = kinds.index(kind) if kind in kinds else len(kinds)
    return rank, interpreter.version, interpreter.free_threaded_build, str(interpreter.path)
