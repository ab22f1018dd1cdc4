"""Which files are portable code, and which are the host's."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Sequence
from fnmatch import fnmatch
from pathlib import Path

from portable_harness.exercise.catalogue import all_exercises
from portable_harness.exercise.mutant import mutants

TREE = Path(__file__).resolve().parents[2]
PORTABLE_PACKAGES = ("compat", "portable_server", "litmus")


def tracked(*patterns: str) -> list[Path]:
    """Files that git knows or would add, as they are in the work tree."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *patterns]
    done = subprocess.run(command, cwd=TREE, capture_output=True, text=True, check=False)
    if done.returncode:  # an unpacked source distribution
        return sorted(path for path in _not_ignored(TREE) if _matches(path, patterns or ("*",)))
    files = [TREE / line for line in done.stdout.splitlines()]
    return sorted(path for path in files if path.is_file())


def _matches(path: Path, patterns: Sequence[str]) -> bool:
    """As git has it: `*` stands for any characters, "/" too."""
    return any(fnmatch(name(path), pattern) for pattern in patterns)


def _not_ignored(folder: Path) -> Iterator[Path]:
    """The files in it but those that .gitignore names; all its lines are names without a "/"."""
    lines = (TREE / ".gitignore").read_text(encoding="utf-8").splitlines()
    ignored = [".git", "PKG-INFO", *(line.rstrip("/") for line in lines)]
    for path in folder.iterdir():
        if any(fnmatch(path.name, pattern) for pattern in ignored):
            continue
        if path.is_dir():
            yield from _not_ignored(path)
        else:
            yield path


def portable_packages() -> list[Path]:
    return [
        path for path in tracked("*.py") if path.relative_to(TREE).parts[0] in PORTABLE_PACKAGES
    ]


def portable_files() -> list[Path]:
    """The packages, the tests that run on guests, and what host packages send to guests."""
    others = [
        path
        for path in tracked("tests/*.py", "portable_harness/*.py")
        if ("host" not in path.relative_to(TREE).parts and "on_guest" in path.parts)
        or (
            path.relative_to(TREE).parts[:1] == ("tests",)
            and path.relative_to(TREE).parts[:2] != ("tests", "host")
        )
    ]
    return portable_packages() + others + exercise_files() + tracked("distributions/*.py")


def exercise_files() -> list[Path]:
    """What a student's interpreter runs; the tests of a program run on the host, a module's do not.

    A porting exercise begins with a file for some interpreters only: it is named as ``one_sided``.
    """
    found = []
    for description in tracked("exercises/*/exercise.json"):
        about = json.loads(description.read_text(encoding="utf-8"))
        not_portable = {"mutants.py"} | ({"tests.py"} if about["kind"] == "program" else set())
        not_portable |= set(about.get("one_sided", []))
        folder = description.parent
        files = tracked(f"{name(folder)}/*.py")
        found += [path for path in files if str(path.relative_to(folder)) not in not_portable]
    return found


def mutant_files(folder: Path) -> list[Path]:
    """The portable mutants of all exercises, written to a folder as whole programs."""
    portable = [
        (exercise, mutant)
        for exercise in all_exercises()
        for mutant in mutants(exercise)
        if not mutant.one_sided
    ]
    found = []
    for exercise, mutant in portable:
        file = folder / f"{exercise.number:02}_{mutant.name}.py"
        program = mutant.program(exercise.solution.read_text(encoding="utf-8"))
        file.write_text(program, encoding="utf-8")
        found.append(file)
    return found


def one_sided_files() -> set[Path]:
    """What only some interpreters can read, on purpose."""
    return {
        description.parent / name
        for description in tracked("exercises/*/exercise.json")
        for name in json.loads(description.read_text(encoding="utf-8")).get("one_sided", [])
    }


def host_files() -> list[Path]:
    rest = set(tracked("*.py")) - set(portable_files()) - one_sided_files()
    return [*sorted(rest), TREE / "portable"]


def name(path: Path) -> str:
    return str(path.relative_to(TREE))
