"""Both distributions as a user gets them: built, installed with pip, and used in an empty folder.

No package index is asked. They are built with the backend of the running environment, and the
environment that they are installed in sees the running one's packages, but for our own.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.host.house import TREE, tracked
from tests.host.release.records import Records
from tests.host.release.user import OF_THE_USER, Distributions, User

OURS = ("portable_server", "portable_harness", "__editable__", "__pycache__")
BUILD_LIMIT = 400  # seconds


@pytest.fixture(scope="session")
def distributions(tmp_path_factory: pytest.TempPathFactory) -> Distributions:
    """Wheels from source distributions from a copy of the tree, with tracked files alone."""
    tree, out = tmp_path_factory.mktemp("tree"), tmp_path_factory.mktemp("dist")
    for path in tracked():
        target = tree / path.relative_to(TREE)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    before = {path for path in tree.rglob("*") if ".egg-info" not in str(path)}
    for project in (
        tree / "distributions" / "core",
        tree,
    ):  # what the first leaves is not in the other
        _build(project, out)
    after = {path for path in tree.rglob("*") if ".egg-info" not in str(path)}
    assert after == before, "the build has written into the tree"
    return Distributions(
        harness=next(out.glob("portable_server-*.whl")),
        core=next(out.glob("portable_server_core-*.whl")),
        harness_source=next(out.glob("portable[_-]server-[0-9]*.tar.gz")),
        core_source=next(out.glob("portable[_-]server[_-]core-*.tar.gz")),
    )


def _build(project: Path, out: Path) -> None:
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(out), str(project)]
    _checked(command)


def _checked(command: Sequence[str]) -> None:
    done = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=BUILD_LIMIT
    )
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout[-4000:]}"


@pytest.fixture(scope="session")
def environment(distributions: Distributions, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A virtual environment with both wheels."""
    folder = tmp_path_factory.mktemp("installed") / "environment"
    _checked([sys.executable, "-m", "venv", "--without-pip", str(folder)])
    pip = [sys.executable, "-m", "pip", "--python", str(folder / "bin" / "python")]
    wheels = [str(distributions.core), str(distributions.harness)]
    _checked([*pip, "install", "--quiet", "--no-index", "--no-deps", *wheels])
    site_packages = next((folder / "lib").glob("python3*/site-packages"))
    (site_packages / "borrowed.pth").write_text(f"{_borrowed(folder / 'borrowed')}\n")
    return folder


def _borrowed(folder: Path) -> Path:
    """A folder with links to the packages of the running environment, without ours."""
    folder.mkdir()
    for place in {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}:
        for entry in Path(place).iterdir():
            if not entry.name.startswith(OURS) and entry.suffix not in (".pth", ".egg-link"):
                (folder / entry.name).symlink_to(entry)
    return folder


@pytest.fixture(scope="session")
def user(environment: Path, tmp_path_factory: pytest.TempPathFactory) -> User:
    return User(environment, tmp_path_factory.mktemp("home"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the user is: no checkout, but a few files of their own."""
    folder = tmp_path / "folder"
    for name, text in OF_THE_USER.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


@pytest.fixture
def records(user: User, tmp_path: Path) -> Records:
    records = Records(tmp_path / "records")
    records.folder.mkdir()
    records.begin(user.home)
    return records
