"""What a list of names stands for on a machine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from portable_harness.base.errors import Problem
from portable_harness.base.options import command_name
from portable_harness.interpreters import Absent, Found, Interpreter, Rejected, select

from .conftest import MakeProgram


def interpreter(
    path: str,
    version: tuple[int, int, int],
    implementation: str = "CPython",
    free_threaded: bool = False,
    source: str = "PATH",
    **more: Any,
) -> Interpreter:
    return Interpreter(
        name=path,
        command=(path,),
        path=Path(path),
        implementation=implementation,
        version=version,
        klass="",
        free_threaded_build=free_threaded,
        gil_enabled=not free_threaded,
        java=None,
        source=source,
        **more,
    )


OLD = interpreter("py27", (2, 7, 18))
MINE = interpreter("py313", (3, 13, 0))
FREE = interpreter("py313t", (3, 13, 5), free_threaded=True, source="cache")
FUTURE = interpreter("py314t", (3, 14, 1), free_threaded=True)
ALPHA = interpreter("py316", (3, 16, 0), prerelease="a2")
ALPHA_FREE = interpreter("py316t", (3, 16, 0), free_threaded=True, prerelease="a2")
PYPY = interpreter("pypy39", (3, 9, 16), "PyPy", release=(7, 3, 11))
JYTHON = interpreter("jython", (2, 7, 3), "Jython")
TWIN = interpreter("twin", (3, 13, 5), source="cache")
OTHER_TWIN = interpreter("other", (3, 13, 5), source="uv")
MACHINE = Found(
    [OLD, MINE, FREE, FUTURE, ALPHA, ALPHA_FREE, PYPY, JYTHON],
    [OTHER_TWIN, TWIN],
    [Rejected("/x/python3.8", "broken (exit status 1): x")],
)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("cpython", MINE),
        ("3", MINE),
        ("3.13", MINE),
        ("3.13.5", OTHER_TWIN),
        ("3.13gil", TWIN),
        ("py27", OLD),
        ("3.13t", FREE),
        ("py314t", FUTURE),
        ("3t", FUTURE),
        ("3.13t+gil", FREE.with_gil()),
        ("py314t+gil", FUTURE.with_gil()),
        ("cpythont", FUTURE),
        ("3.16", ALPHA),
        ("3.16t", ALPHA_FREE),
        ("pypy7", PYPY),
        ("pypy", PYPY),
        ("jython", JYTHON),
        ("jython2.7", JYTHON),
    ],
)
def test_a_name_stands_for(name: str, expected: Interpreter) -> None:
    assert select(name, MACHINE) == [expected]


def test_the_order_is_the_one_asked_for_and_doubles_go() -> None:
    assert select("jython, cpython,py313,3.13", MACHINE) == [JYTHON, MINE]


@pytest.mark.parametrize(
    "name", ["3.12", "pypy3.10", "pypy8", "graalpy", "graalpy25", "jython2.7.4", "3.15t", "3.14gil"]
)
def test_what_is_not_here_is_absent_with_a_remedy(name: str) -> None:
    [absent] = select(name, MACHINE)
    assert isinstance(absent, Absent)
    assert absent.name == name
    assert absent.remedy == f"{command_name()} interpreters install {name}"


def test_a_rejected_one_says_why_it_is_absent() -> None:
    [absent] = select("3.8", MACHINE)
    assert isinstance(absent, Absent)
    assert absent.reason == "/x/python3.8: broken (exit status 1): x"


def test_a_path_is_asked_itself(answering: MakeProgram, program: MakeProgram) -> None:
    good = answering("bin/anything", version=[3, 10, 2])
    bad = program("bin/bad", "exit 1")
    one, other, nothing = select(f"{good},{bad},/nowhere/python")
    assert isinstance(one, Interpreter)
    assert one.name == "py310"
    assert isinstance(other, Absent)
    assert other.reason.startswith("broken")
    assert isinstance(nothing, Absent)
    assert nothing.reason == "no such file"


@pytest.mark.parametrize("names", ["", " , ", "cpython,foo"])
def test_bad_names_are_a_problem(names: str) -> None:
    with pytest.raises(Problem):
        select(names, MACHINE)
