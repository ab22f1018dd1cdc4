"""Mutants: the diffs of every mutants.py fit, and the command that prints a whole program.

test_sound.py proves that each is caught by its check; test_house.py, that they are portable.
"""

from __future__ import annotations

import ast
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from portable_harness.base.errors import Problem
from portable_harness.exercise.catalogue import Exercise, all_exercises, find
from portable_harness.exercise.command import exercise
from portable_harness.exercise.mutant import DOCSTRING, Mutant, mutants

SOLUTION = '''\
"""Adds and subtracts,
each with the lock."""
import threading


class Sum(object):
    def add(self, n):
        with self.lock:
            self.value += n

    def subtract(self, n):
        with self.lock:
            self.value -= n
'''
WITHOUT_LOCK = '''\
"""Adds without the lock."""
import threading
import time


class Sum(object):
    def add(self, n):
        self.value += n

    def subtract(self, n):
        with self.lock:
            self.value -= n
'''
ALL = [
    pytest.param(one, mutant, id=f"{one.number:02}-{mutant.name}")
    for one in all_exercises()
    for mutant in mutants(one)
]


@pytest.mark.parametrize(("solved", "mutant"), ALL)
def test_every_mutant_is_a_program_of_its_own(solved: Exercise, mutant: Mutant) -> None:
    solution = solved.solution.read_text(encoding="utf-8")
    program = mutant.program(solution)
    assert ast.get_docstring(ast.parse(program)) == mutant.mistake
    assert DOCSTRING.sub("", program) != DOCSTRING.sub("", solution)


@pytest.mark.parametrize("one", all_exercises(), ids=lambda one: one.name)
def test_every_exercise_has_mutants_with_different_names_and_programs(one: Exercise) -> None:
    solution = one.solution.read_text(encoding="utf-8")
    found = mutants(one)
    assert found
    assert len({mutant.name for mutant in found}) == len(found)
    programs = {DOCSTRING.sub("", mutant.program(solution)) for mutant in found}
    assert len(programs) == len(found)


def mutated(diff: str) -> str:
    mutant = Mutant("odd", "Adds without the lock.", check="adds", on="cpython", diff=diff)
    return mutant.program(SOLUTION)


def test_a_mutant_is_the_solution_with_its_changes_and_its_own_docstring() -> None:
    program = mutated("""
        - with self.lock:
        -     self.value += n
        + self.value += n
        @@
          import threading
        + import time
    """)
    assert program == WITHOUT_LOCK


def test_lines_that_stay_say_which_place_is_meant() -> None:
    program = mutated("""
          def subtract(self, n):
        -     with self.lock:
        +
        +     with threading.Lock():
    """)
    assert program.count("with self.lock:") == 1
    end = "(self, n):\n\n        with threading.Lock():\n            self.value -= n\n"
    assert program.endswith(end)


@pytest.mark.parametrize(
    ("diff", "times"),
    [("- with self.lock:", 2), ("- with self.key:", 0), ("+ import time", 0)],
)
def test_lines_that_are_not_there_once_are_a_mistake(diff: str, times: int) -> None:
    with pytest.raises(Problem, match=rf"mutant odd: .* is {times} times in solution.py, not once"):
        mutated(diff)


def test_a_line_without_a_sign_is_a_mistake() -> None:
    with pytest.raises(Problem, match="a diff has the line 'import threading'"):
        mutated("import threading")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (None, "cannot read .*mutants.py"),
        ("", "no 'MUTANTS'"),
        ("MUTANTS = [Mutant()]", "name 'Mutant' is not defined"),
        ("MUTANTS = [", "was never closed|unexpected EOF"),
        ("MUTANTS = [len(1)]", "has no len"),
    ],
)
def test_a_wrong_mutants_file_is_named(tmp_path: Path, text: str | None, why: str) -> None:
    if text is not None:
        (tmp_path / "mutants.py").write_text(text, encoding="utf-8")
    with pytest.raises(Problem, match=why) as caught:
        mutants(replace(find("1"), folder=tmp_path))
    assert "mutants.py" in caught.value.message


def run(*arguments: str) -> Result:
    return CliRunner().invoke(exercise, ["mutant", *arguments])


def test_the_command_prints_a_whole_program() -> None:
    done = run("10", "tells_the_sender")
    assert done.exit_code == 0, done.output
    solution = find("10").solution.read_text(encoding="utf-8")
    removed = "self._tell(b'[' + name + b'] ' + text + b'\\n', self.members[name])"
    added = "self._tell(b'[' + name + b'] ' + text + b'\\n')"
    mistake = '"""The line goes to every member, its sender among them."""\n'
    assert done.stdout == DOCSTRING.sub(mistake, solution).replace(removed, added)


def test_without_a_name_the_command_lists_the_mutants() -> None:
    lines = run("1").stdout.splitlines()
    assert len(lines) == len(mutants(find("1")))
    line = "The port of the command line is not used. (port, cpython)"
    assert f"any_port                   {line}" in lines


def test_an_unknown_mutant_is_named_with_those_that_there_are() -> None:
    done = run("10", "tells_nobody")
    assert done.exit_code == 2
    (line,) = done.output.splitlines()
    assert line.startswith("Error: exercise 10 has no mutant 'tells_nobody' (it has sends_under")
