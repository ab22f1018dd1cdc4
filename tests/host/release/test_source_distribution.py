"""An unpacked source distribution, without git: the launcher starts, tests find their files."""

from __future__ import annotations

import subprocess
import sys
import tarfile
import zipfile
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


def test_the_zip_for_gradescope_is_the_same_from_a_wheel(
    unpacked: Path, user: User, folder: Path
) -> None:
    make = ["-m", "portable_harness", "exercise", "gradescope-zip", "1"]
    _run([sys.executable, *make, str(folder / "from_tree.zip")], unpacked, user, 60)
    done = user.run(["python", *make, "from_wheel.zip"], folder)
    assert done.status == 0, done
    ours, theirs = (zipfile.ZipFile(folder / f"from_{form}.zip") for form in ("tree", "wheel"))
    with ours, theirs:
        assert ours.namelist() == theirs.namelist()
        assert [name for name in ours.namelist() if ours.read(name) != theirs.read(name)] == []


PARTS = """\
from portable_harness.remote import payload
print(*sorted(payload.tree().files), sep=chr(10))
"""


def test_what_is_sent_to_a_host_is_our_packages_alone(user: User, folder: Path) -> None:
    """Even where Jython has left its classes next to ours."""
    before = user.run(["python", "-c", PARTS], folder)
    sent = before.out.splitlines()
    assert {name.partition("/")[0] for name in sent} == {"portable_harness", "portable_server"}
    assert "portable_server/compat/platform.py" in sent, before
    for left in (user.home / ".cache/portable-server/tree").glob("*/portable_server"):
        (left / "cli$py.class").write_text("")
    assert user.run(["python", "-c", PARTS], folder).out == before.out


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
