"""Pairs of environments with pytest, one of each with our distributions, for all tests."""

from __future__ import annotations

import functools
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from portable_harness.guest import environment, suite_requirements
from portable_harness.guest.fetch import run_pip
from portable_harness.interpreters import Interpreter, select
from tests.host.release.foreign.both import Both
from tests.host.release.user import Distributions, User

#: A major version of pytest, and the Python on which it is tried; else the running one.
PYTESTS = {"7": "3.10", "8": "3.12", "9": "3.13"}
#: The portable half is installable there, and pytest is what still runs there.
GUESTS = ("2.7", "3.6", "jython")


@pytest.fixture(scope="session")
def make_both(
    index: None, distributions: Distributions, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], Both]:
    """Makes them when they are first wanted, in whatever order the tests run."""

    @functools.cache
    def make(name: str) -> Both:
        folder = tmp_path_factory.mktemp("both")
        kind, _, major = name.partition(" ")
        if not major:
            return on_guest(folder, kind, distributions)
        return on_host(folder, PYTESTS[major], f"pytest=={major}.*", distributions)

    return make


@pytest.fixture
def both(request: pytest.FixtureRequest, make_both: Callable[[str], Both]) -> Both:
    """Indirect: "pytest 7" and so on, or a guest."""
    return make_both(request.param)


def on_host(folder: Path, wanted: str, requirement: str, distributions: Distributions) -> Both:
    """Virtual environments of a Python of the host's; the second begins as a copy of the first."""
    python = host_python(wanted)
    without, with_ours = (
        make_environment(folder / name, python) for name in ("without", "with-ours")
    )
    pip(without, "install", requirement)
    _copy_packages(without, with_ours)
    ours = [str(distributions.core), str(distributions.harness)]
    pip(with_ours, "install", "--no-index", "--no-deps", *ours)
    return Both(without, with_ours)


def host_python(wanted: str) -> str:
    """The path of that Python, or of the running one where it is absent."""
    (found,) = select(wanted)
    return found.command[0] if isinstance(found, Interpreter) else sys.executable


def make_environment(folder: Path, python: str) -> User:
    """An empty virtual environment, and somebody with a home of their own who uses it."""
    command = [python, "-m", "venv", "--without-pip", str(folder)]
    subprocess.run(command, check=True, timeout=120)
    home = folder.with_name(f"home-{folder.name}")
    home.mkdir()
    return User(folder, home)


def pip(user: User, *words: str) -> None:
    """Run the host's pip for an environment."""
    status, output = run_pip(["--python", str(user.python), *words])
    assert status == 0, output


def _copy_packages(of: User, to: User) -> None:
    shutil.copytree(of.site_packages, to.site_packages, dirs_exist_ok=True)
    script = (of.environment / "bin" / "pytest").read_text(encoding="utf-8")
    copy = to.environment / "bin" / "pytest"
    copy.write_text(script.replace(str(of.environment), str(to.environment)), encoding="utf-8")
    copy.chmod(0o755)


def on_guest(folder: Path, wanted: str, distributions: Distributions) -> Both:
    """Environments of an interpreter that only the portable half is for."""
    (found,) = select(wanted)
    if not isinstance(found, Interpreter):
        pytest.skip(f"absent: {wanted}: {found.reason}; {found.remedy}")
    needed = suite_requirements(found)
    users = []
    for name, more in ("without", ()), ("with-ours", (str(distributions.core),)):
        made = environment(found, [*needed, *more], folder / name)
        made.create()
        users.append(User(made.where, folder))
    return Both(*users)
