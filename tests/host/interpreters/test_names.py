"""Names of interpreters: what people type, and what tox calls them."""

from __future__ import annotations

import pytest

from portable_harness.base.errors import Problem
from portable_harness.interpreters.names import parse, tox_name


@pytest.mark.parametrize(
    ("name", "implementation", "version", "free_threaded"),
    [
        ("cpython", "CPython", (), False),
        ("2.7", "CPython", (2, 7), False),
        ("py27", "CPython", (2, 7), False),
        ("py313t", "CPython", (3, 13), True),
        ("3.13t", "CPython", (3, 13), True),
        ("python3.13.5", "CPython", (3, 13, 5), False),
        ("3.14T", "CPython", (3, 14), True),
        ("3t", "CPython", (3,), True),
        ("py315", "CPython", (3, 15), False),
        ("py316t", "CPython", (3, 16), True),
        ("pypy", "PyPy", (), False),
        ("pypy311", "PyPy", (3, 11), False),
        ("graalpy", "GraalPy", (), False),
        ("graalpy3.12", "GraalPy", (3, 12), False),
        ("graalpy312", "GraalPy", (3, 12), False),
        ("pypy39", "PyPy", (3, 9), False),
        ("pypy3.10", "PyPy", (3, 10), False),
        ("jython", "Jython", (), False),
        ("jython2.7.4", "Jython", (2, 7, 4), False),
        ("Jython", "Jython", (), False),
    ],
)
def test_a_name_is_taken_apart(
    name: str, implementation: str, version: tuple[int, ...], free_threaded: bool
) -> None:
    wanted = parse(name)
    assert (wanted.implementation, wanted.version) == (implementation, version)
    assert wanted.free_threaded is free_threaded
    assert not wanted.gil_twin


@pytest.mark.parametrize(
    ("name", "release"),
    [
        ("pypy8", (8,)),
        ("pypy7.3.11", (7, 3, 11)),
        ("graalpy25", (25,)),
        ("graalpy25.0.1", (25, 0, 1)),
    ],
)
def test_an_implementations_own_version_is_a_name(name: str, release: tuple[int, ...]) -> None:
    wanted = parse(name)
    assert (wanted.version, wanted.release) == ((), release)
    assert name.endswith(wanted.version_text)


def test_the_gil_twin_is_a_name() -> None:
    wanted = parse("3.13gil")
    assert wanted.gil_twin
    assert not wanted.free_threaded
    assert wanted.version == (3, 13)


@pytest.mark.parametrize("name", ["", "t", "foo", "3..13", "ironpython", "3.13x", "-", "gil"])
def test_what_is_no_name_is_refused_with_examples(name: str) -> None:
    with pytest.raises(Problem, match="for example"):
        parse(name)


@pytest.mark.parametrize(
    ("implementation", "version", "free_threaded", "name"),
    [
        ("CPython", (2, 7, 18), False, "py27"),
        ("CPython", (3, 13, 5), True, "py313t"),
        ("PyPy", (3, 9, 16), False, "pypy39"),
        ("Jython", (2, 7, 3), False, "jython"),
    ],
)
def test_the_name_is_the_one_of_tox(
    implementation: str, version: tuple[int, ...], free_threaded: bool, name: str
) -> None:
    assert tox_name(implementation, version, free_threaded) == name
