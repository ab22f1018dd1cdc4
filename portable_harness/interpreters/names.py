"""The names people give interpreters: "3.13t", "py313t", "cpython", "pypy", "jython2.7.4"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from portable_harness.base.errors import Problem
from portable_harness.interpreters.model import Interpreter

_GRAMMAR = re.compile(
    r"(?P<kind>cpython|python|cp|py|pypy|graalpy|jython)?[-@]?(?P<version>\d+(?:\.\d+)*)?"
    r"(?P<build>t(?:\+gil)?|gil)?",
    re.IGNORECASE,
)
_KINDS = {"pypy": "PyPy", "graalpy": "GraalPy", "jython": "Jython"}
NEWEST_FINAL = (3, 15)  # of CPython, for tools that cannot be asked for "the newest"
EXAMPLES = "cpython, jython, pypy, graalpy, 2.7, 3.15, 3.15t, py315t, pypy8, pypy3.11, a path"


@dataclass(frozen=True)
class Wanted:
    """A name taken apart. ``version`` has as many numbers as were given; () means the newest.

    ``release`` is PyPy's or GraalPy's own version (pypy8), where that was given instead.
    ``gil_twin`` (written 3.13gil) asks for the GIL build of the free-threaded one's very source,
    ``with_gil`` (3.13t+gil) for the free-threaded build with its GIL switched on.
    """

    name: str
    implementation: str
    version: tuple[int, ...]
    free_threaded: bool = False
    gil_twin: bool = False
    with_gil: bool = False
    release: tuple[int, ...] = ()

    def matches(self, interpreter: Interpreter) -> bool:
        """Whether the interpreter is of this kind, version (as far as given) and build."""
        return (
            interpreter.implementation == self.implementation
            and interpreter.version[: len(self.version)] == self.version
            and interpreter.free_threaded_build == self.free_threaded
            and interpreter.release[: len(self.release)] == self.release
        )

    @property
    def version_text(self) -> str:
        """ "3.13t", "2.7", "8" of pypy8, or "" when any version will do."""
        numbers = ".".join(str(part) for part in self.version or self.release)
        return numbers + ("t" if self.free_threaded else "")


def parse(name: str) -> Wanted:
    """Take a name apart.

    :raises Problem: when nothing of it is understood; the message has examples.
    """
    match = _GRAMMAR.fullmatch(name.strip())
    if match is None or not (match["kind"] or match["version"]):
        raise Problem(f"not a name of an interpreter: {name!r}", f"for example {EXAMPLES}")
    build = (match["build"] or "").lower()
    implementation = _KINDS.get((match["kind"] or "").lower(), "CPython")
    version, release = _versions(match["version"] or "", implementation)
    return Wanted(
        name=name.strip(),
        implementation=implementation,
        version=version,
        release=release,
        free_threaded=build.startswith("t"),
        with_gil=build == "t+gil",
        gil_twin=build == "gil",
    )


def _versions(text: str, implementation: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The version of Python, or that of an implementation which numbers itself: pypy8, graalpy25.

    Python's begin with 2 or 3, theirs are above; of GraalPy's two digits are one number.
    """
    if implementation == "GraalPy" and len(text) == 2:
        return (), (int(text),)
    version = _version(text)
    if implementation in {"PyPy", "GraalPy"} and version[:1] > (3,):
        return (), version
    return version, ()


def _version(text: str) -> tuple[int, ...]:
    """(3, 13) from "3.13" and from tox's "313"."""
    if "." not in text and len(text) > 1:
        text = f"{text[0]}.{text[1:]}"
    return tuple(int(part) for part in text.split(".") if part)


def tox_name(implementation: str, version: tuple[int, ...], free_threaded: bool) -> str:
    """py27, py313t, pypy39, jython: the environment names that tox users know."""
    if implementation == "Jython":
        return "jython"
    prefix = "py" if implementation == "CPython" else implementation.lower()
    return f"{prefix}{version[0]}{version[1]}{'t' if free_threaded else ''}"
