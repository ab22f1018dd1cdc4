"""What projects do with environments for old interpreters, each once a fault of ours."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from portable_harness.interpreters import Interpreter

from .conftest import Project

pytestmark = [pytest.mark.slow, pytest.mark.time_limit(900)]

SETUP = """
from setuptools import setup
setup(name="toy", version="1.0", py_modules=["toy"], {more}
      entry_points={{"console_scripts": ["toy = toy:main"]}})
"""
TOY = "def main():\n    print('I am ' + __file__)\n"
NO_PACKAGE = "[tox]\nno_package = true\n"


@pytest.mark.network
def test_an_environment_has_what_it_always_had(
    index: None, project: Project, interpreter: Callable[[str], Interpreter]
) -> None:
    """setuptools is there; pip may be asked for; a pin is never answered by another wheel."""
    interpreter("py27")
    project.write(
        tox_ini=f"{NO_PACKAGE}[testenv]\ndeps =\n  pip\n  testtools\n  pytest\ncommands =\n"
        '  python -c "import pkg_resources, scandir, testtools"\n  pip freeze\n  pip list\n'
    )
    ran = project.tox("-e", "py27")
    assert ran.status == 0, ran.output
    frozen, _, listed = ran.output.partition("commands[1]> pip freeze")[2].partition("Package ")
    assert "setuptools==" not in frozen
    assert "setuptools" in listed


@pytest.mark.network
def test_what_a_setup_py_needs_is_given_to_it(
    index: None, project: Project, interpreter: Callable[[str], Interpreter]
) -> None:
    interpreter("py27")
    needs = 'setup_requires=["pytest-runner"],'
    project.write(
        setup_py=SETUP.format(more=needs), toy_py=TOY, tox_ini="[testenv]\ncommands = toy\n"
    )
    ran = project.tox("-e", "py27")
    assert ran.status == 0, ran.output
    assert "I am " in ran.output


def test_a_project_for_another_python_is_refused(
    index: None, project: Project, interpreter: Callable[[str], Interpreter]
) -> None:
    interpreter("py27")
    project.write(
        setup_py=SETUP.format(more='python_requires=">=3.8",'), toy_py=TOY,
        tox_ini="[testenv]\ncommands = toy\n",
    )  # fmt: skip
    ran = project.tox("-e", "py27")
    assert ran.status == 1, ran.output
    assert "toy 1.0 is for Python >=3.8, and this is 2.7" in ran.output


def test_a_development_environment_is_where_it_was_asked_for(
    index: None, project: Project, interpreter: Callable[[str], Interpreter]
) -> None:
    interpreter("py27")
    project.write(setup_py=SETUP.format(more=""), toy_py=TOY)
    ran = project.tox("devenv", "-e", "py27", "here")
    assert ran.status == 0, ran.output
    assert (project.root / "here" / "bin" / "toy").is_file()
    assert not (project.root / ".tox" / "py27" / "bin").exists()


def test_programs_run_in_a_folder_whose_name_is_not_ascii(
    index: None, project: Project, interpreter: Callable[[str], Interpreter]
) -> None:
    interpreter("py27")
    root = project.root / "\u00fc x"
    inner = Project(root)
    inner.write(
        setup_py=SETUP.format(more=""), toy_py=TOY, tox_ini="[testenv]\ncommands = toy\n",
        toxfile_py=(project.root / "toxfile.py").read_text(encoding="utf-8"),
    )  # fmt: skip
    ran = inner.tox("-e", "py27")
    assert ran.status == 0, ran.output
    assert "I am " in ran.output


def test_an_interpreter_is_given_by_name_path_or_list(
    project: Project, interpreter: Callable[[str], Interpreter]
) -> None:
    old, new = interpreter("py27"), interpreter("py313")
    project.write(
        tox_ini=f"{NO_PACKAGE}[testenv]\ncommands = python -V\n"
        f"[testenv:path]\nbase_python = {old.path}\n"
        f"[testenv:name]\nbase_python = python3.13\n"
        "[testenv:list]\nbase_python =\n  py35\n  py313\n"
    )
    ran = project.tox("-e", "path,name,list")
    assert ran.status == 0, ran.output
    assert f"Python {old.version_text}" in ran.output
    assert ran.output.count(f"Python {new.version_text}") == 2


def test_a_cache_that_cannot_be_written_is_one_line(
    project: Project, tmp_path: Path, interpreter: Callable[[str], Interpreter]
) -> None:
    interpreter("py27")
    (tmp_path / "file").touch()
    project.write(tox_ini=f"{NO_PACKAGE}[testenv]\ncommands = python -V\n")
    ran = project.tox("-e", "py27", XDG_CACHE_HOME=str(tmp_path / "file"))
    assert ran.status != 0
    assert "set XDG_CACHE_HOME to a folder that can be written" in ran.output
    assert "Traceback" not in ran.output
