"""An unpacked source distribution, without git: the launcher starts, and the tests find their files."""

from __future__ import annotations

import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from tests.host.release.user import Distributions, User

pytestmark = [pytest.mark.xdist_group("release"), pytest.mark.time_limit(900)]


@pytest.fixture(scope="module")
def unpacked(distributions: Distributions, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("unpacked")
    with tarfile.open(distributions.harness_source) as archive:
        archive.extractall(folder)
    (tree,) = folder.iterdir()
    return tree


def _run(words: list[str], tree: Path, user: User, limit: float) -> str:
    done = subprocess.run(
        words, cwd=tree, env=user.variables(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, timeout=limit,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-4000:]
    return done.stdout


def test_the_launcher_says_what_it_does(unpacked: Path, user: User) -> None:
    assert "usage: ./portable" in _run([sys.executable, "portable", "--help"], unpacked, user, 60)


def test_its_tests_find_the_files_that_git_names(unpacked: Path, user: User) -> None:
    """The rules of the house are about the same files with and without git."""
    ask = "from tests.host.house import *; print(*sorted(map(name, tracked())), sep=chr(10))"
    theirs = _run([sys.executable, "-c", ask], unpacked, user, 60).splitlines()
    ours = subprocess.run(
        [sys.executable, "-c", ask],
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        timeout=60,
    ).stdout.splitlines()
    assert theirs == ours
    assert len(theirs) > 500
