"""Distributions that bring the names that we had, installed next to ours and removed again."""

from __future__ import annotations

import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.host.release.foreign.conftest import make_environment, pip
from tests.host.release.foreign.project import NAMES
from tests.host.release.user import Distributions, User
from tests.host.tox_plugin.making import make_wheel

MODULES = {name: f"{name}/__init__.py" for name in NAMES[1:]} | {NAMES[0]: f"{NAMES[0]}.py"}


@pytest.fixture
def user(tmp_path: Path) -> User:
    return make_environment(tmp_path / "environment", sys.executable)


@pytest.fixture
def neighbours(tmp_path: Path) -> list[Path]:
    """Wheels, each with one of the names."""
    return [make_wheel(tmp_path, f"a_{name}", module=file) for name, file in MODULES.items()]


def install(user: User, wheels: Sequence[Path]) -> None:
    pip(user, "install", "--no-index", "--no-deps", "--no-compile", *map(str, wheels))


def there(user: User) -> dict[str, bytes]:
    """The modules and data in site-packages."""
    site = user.site_packages
    files = {path.relative_to(site): path for path in site.rglob("*") if path.is_file()}
    return {str(name): path.read_bytes() for name, path in files.items() if _is_content(str(name))}


def brought(wheels: Sequence[Path]) -> dict[str, bytes]:
    """The same of what wheels have."""
    found: dict[str, bytes] = {}
    for wheel in wheels:
        with zipfile.ZipFile(wheel) as archive:
            names = filter(_is_content, archive.namelist())
            found |= {name: archive.read(name) for name in names}
    return found


def _is_content(name: str) -> bool:
    return ".dist-info/" not in name and not name.endswith("/")


@pytest.mark.parametrize("ours_first", [True, False])
def test_each_comes_and_goes_without_harm_to_the_other(
    user: User, distributions: Distributions, neighbours: list[Path], ours_first: bool
) -> None:
    ours = [distributions.core, distributions.harness]
    first, second = (ours, neighbours) if ours_first else (neighbours, ours)
    install(user, first)
    install(user, second)
    assert there(user) == brought(first) | brought(second)
    names = [wheel.name.split("-")[0] for wheel in second]
    pip(user, "uninstall", "--yes", *names)
    assert there(user) == brought(first)


def test_the_check_above_sees_a_file_that_belongs_to_two(user: User, tmp_path: Path) -> None:
    """As our distribution was, when it brought a package `harness`."""
    first, second = (
        [make_wheel(tmp_path, name, module="harness/__init__.py")]
        for name in ("a_harness", "b_harness")
    )
    install(user, first)
    install(user, second)
    assert there(user).items() ^ brought(first).items()
    pip(user, "uninstall", "--yes", "b_harness")
    assert there(user) == {}
