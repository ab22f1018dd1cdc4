"""Mutants: plausible wrong answers to an exercise, each written as a diff of its solution.

`exercises/NN-name/mutants.py` has the list `MUTANTS` of them:

    Mutant(
        "close_wakes_one",
        "Wakes one of those that wait for an item, not all.",
        check="close-wakes",
        on="2.7",
        diff=\"\"\"
          self._closed = True
        - self._not_empty.notify_all()
        + self._not_empty.notify()
        \"\"\",
    )

As in a unified diff, `-` begins a line that is removed, `+` one that is added, a space one that
stays, and `@@` separates two changes. There are no line numbers, and how far a change is indented
is left out: it belongs where its removed and unchanged lines are, which must be one place only.
"""

from __future__ import annotations

import re
import runpy
import textwrap
from collections.abc import Iterator
from dataclasses import KW_ONLY, dataclass

from portable_harness.base.errors import Problem
from portable_harness.exercise.catalogue import Exercise

DOCSTRING = re.compile(r'\A"""(?s:.*?)"""\n')
DEEPEST = 32  # columns of indentation
SEPARATOR = "@@"


@dataclass(frozen=True)
class Change:
    """Lines of the solution, and those that replace them, without their common indentation."""

    old: list[str]
    new: list[str]


@dataclass(frozen=True)
class Mutant:
    """A plausible wrong answer, and the check that detects it."""

    name: str
    mistake: str  # a sentence; it becomes the program's docstring
    _: KW_ONLY
    check: str
    on: str  # an interpreter, as --interpreters has it
    diff: str
    one_sided: bool = False  # not portable, on purpose

    def program(self, solution: str) -> str:
        """The whole program: the solution's text with this mistake.

        Raises:
            Problem: lines of the diff are not in the solution, or in more than one place.
        """
        lines = solution.splitlines()
        for first, last, new in sorted(self._edits(lines), reverse=True):
            lines[first:last] = new
        text = "".join(f"{line}\n" for line in lines)
        return DOCSTRING.sub(lambda _: f'"""{self.mistake}"""\n', text)

    def _edits(self, lines: list[str]) -> Iterator[tuple[int, int, list[str]]]:
        """Where in the solution a change begins and ends, and the new lines."""
        for change in changes(self.diff):
            places = list(_places(change.old, lines))
            if len(places) != 1:
                found = f"{len(places)} times in solution.py, not once"
                remedy = "correct the diff, or add the lines next to them"
                raise Problem(f"mutant {self.name}: {change.old} is {found}", remedy)
            first, indentation = places[0]
            yield first, first + len(change.old), _indented(change.new, indentation)


def changes(diff: str) -> list[Change]:
    """What a diff consists of.

    Raises:
        Problem: a line of it begins with something else than `-`, `+`, a space or `@@`.
    """
    found = [Change([], [])]
    for line in textwrap.dedent(diff).strip("\n").splitlines():
        mark, text = line[:2].rstrip(), line[2:]
        if mark == SEPARATOR:
            found.append(Change([], []))
        elif mark not in ("", "-", "+"):
            raise Problem(f"a diff has the line {line!r}", "begin it with '- ', '+ ' or two spaces")
        if mark in ("", "-"):
            found[-1].old.append(text)
        if mark in ("", "+"):
            found[-1].new.append(text)
    return found


def _places(old: list[str], lines: list[str]) -> Iterator[tuple[int, int]]:
    """Every line where `old` begins, and how far it is indented there."""
    for indentation in range(DEEPEST):
        wanted = _indented(old, indentation)
        for first in range(len(lines)):
            if old and lines[first : first + len(old)] == wanted:
                yield first, indentation


def _indented(lines: list[str], columns: int) -> list[str]:
    return [" " * columns + line if line else "" for line in lines]


def mutants(exercise: Exercise) -> list[Mutant]:
    """The mutants of an exercise, from its mutants.py.

    Raises:
        Problem: it is missing, or it is not a list of `Mutant`.
    """
    path = exercise.folder / "mutants.py"
    try:
        found: list[Mutant] = runpy.run_path(str(path))["MUTANTS"]
    except OSError as error:
        raise Problem(f"cannot read {path}: {error.strerror}") from None
    except (SyntaxError, NameError, TypeError, KeyError) as error:
        why = f"no {error}" if isinstance(error, KeyError) else str(error)
        raise Problem(f"{path}: {why}", "exercises/README.md says what belongs there") from None
    return found


def find(exercise: Exercise, name: str) -> Mutant:
    """The mutant of that name. :raises Problem: when there is none."""
    known = mutants(exercise)
    for mutant in known:
        if mutant.name == name:
            return mutant
    names = ", ".join(mutant.name for mutant in known)
    raise Problem(f"exercise {exercise.number} has no mutant {name!r}", f"it has {names}")
