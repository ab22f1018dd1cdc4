"""Implementations that are not CPython: stand-ins that answer the real probe."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from portable_harness.interpreters import Interpreter, select
from portable_harness.interpreters.classes import CLASSES
from portable_harness.interpreters.model import Found, lock_and_compiler
from portable_harness.interpreters.names import parse

VERSION = ".".join(map(str, sys.version_info[:3]))
DIGITS = "".join(map(str, sys.version_info[:2]))


def stand_in(path: Path, said: str, own: str = "cpython", more: str = "") -> Interpreter:
    """A program that runs code as our Python does, under another name; what the search says."""
    path.write_text(
        f"#!{sys.executable} -I\n"
        "import platform, sys, types\n"
        f"platform.python_implementation = lambda: {said!r}\n"
        "facts = dict(vars(sys.implementation), version=(25, 0, 1, 'final', 0))\n"
        f"sys.implementation = types.SimpleNamespace(**dict(facts, name={own!r}))\n"
        f"{more}\n"
        "sys.path.insert(0, '')\n"
        "code, sys.argv = sys.argv[2], ['-c', *sys.argv[3:]]\n"
        "exec(code)\n"
    )
    path.chmod(0o755)
    [found] = select(str(path))
    assert isinstance(found, Interpreter), found
    return found


@pytest.mark.parametrize(
    ("said", "own"), [("GraalVM", "graalpy"), ("GraalVM", "x"), ("x", "graalpy")]
)
def test_graalpy_is_a_class_of_its_own(tmp_path: Path, said: str, own: str) -> None:
    found = stand_in(tmp_path / "graalpy", said, own)
    assert (found.implementation, found.klass) == ("GraalPy", "GP")
    assert found.name == f"graalpy{DIGITS}"
    assert found.title == f"GraalPy {VERSION} (25.0.1)"
    assert lock_and_compiler(found.facts()) == "GIL"
    assert parse("graalpy25").matches(found)
    assert parse(f"graalpy{DIGITS}").matches(found)
    assert not parse("cpython").matches(found)


def test_an_unknown_implementation_is_named_and_never_cpython(tmp_path: Path) -> None:
    found = stand_in(tmp_path / "python3", "RustPython", "rustpython")
    assert (found.implementation, found.klass) == ("RustPython", "U")
    assert found.name == f"rustpython{DIGITS}"
    assert found.gil_enabled is None
    assert lock_and_compiler(found.facts()) == "GIL unknown"
    assert not parse("cpython").matches(found)
    machine = Found([found])
    assert select(found.name, machine) == [found]
    assert select("cpython", machine) != [found]


def test_a_jit_is_shown_where_there_is_one(tmp_path: Path) -> None:
    jit = "sys._jit = types.SimpleNamespace(is_available=lambda: True, is_enabled=lambda: {})"
    for state, text in ((True, "GIL, JIT"), (False, "GIL, JIT off")):
        found = stand_in(tmp_path / "python3", "CPython", more=jit.format(state))
        (tmp_path / "python3").unlink()
        assert found.jit_enabled is state
        assert lock_and_compiler(found.facts()) == text


def test_the_table_of_classes_is_read_from_the_source() -> None:
    assert {"G9", "G10", "FT", "J", "P", "GP", "U"} == set(CLASSES)
