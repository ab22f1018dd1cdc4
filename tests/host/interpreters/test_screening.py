"""What is refused without being started, and why."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from portable_harness.interpreters.places import Candidate
from portable_harness.interpreters.screening import screen

from .conftest import MakeProgram


def screened(*paths: Path) -> tuple[list[Path], list[tuple[str, str]]]:
    chosen, rejected = screen(Candidate(path, "PATH") for path in paths)
    return [one.path for one in chosen], [(path, reason) for path, reason in rejected]


def test_a_pyenv_shim_is_refused_once_per_folder(program: MakeProgram) -> None:
    text = 'program="${0##*/}"\nexport PYENV_ROOT="/x"\nexec "/x/pyenv" exec "$program" "$@"'
    shims = [program(f"shims/{name}", text) for name in ("python3", "python3.13")]
    chosen, rejected = screened(*shims)
    assert chosen == []
    [(path, reason)] = rejected
    assert path == str(shims[0].parent)
    assert reason.startswith("pyenv shims:")


def test_a_shim_that_is_a_link_to_its_manager_is_refused(
    program: MakeProgram, tmp_path: Path
) -> None:
    link = tmp_path / "tools" / "python3"
    link.parent.mkdir()
    link.symlink_to(program("mise", "exit 0"))
    chosen, [(_, reason)] = screened(link)
    assert chosen == []
    assert reason.startswith("mise shims:")


def test_a_virtual_environment_is_not_an_interpreter(
    answering: MakeProgram, tmp_path: Path
) -> None:
    python = answering("venv/bin/python3")
    (tmp_path / "venv" / "pyvenv.cfg").touch()
    assert screened(python) == (
        [],
        [(str(tmp_path / "venv"), "a virtual environment, not an interpreter")],
    )


def test_two_names_of_one_file_are_one_candidate(answering: MakeProgram) -> None:
    python = answering("bin/python3.13")
    python.with_name("python3").symlink_to(python)
    assert screened(python, python.with_name("python3")) == ([python], [])


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda path: None, "no such file (named by PATH)"),
        (lambda path: path.symlink_to("/nowhere"), "a link to nothing (named by PATH)"),
        (lambda path: path.mkdir(), "a folder, not a program"),
        (lambda path: path.write_text("x"), "not executable"),
    ],
)
def test_what_cannot_be_run_is_refused(
    make: Callable[[Path], object], reason: str, tmp_path: Path
) -> None:
    path = tmp_path / "python3"
    make(path)
    assert screened(path) == ([], [(str(path), reason)])
