"""The copy that an installed harness gives its guests: made once, repaired, removed when old."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from portable_harness.base import cache, guest_copy
from portable_harness.base.errors import Problem
from portable_harness.base.guest_copy import IN_USE, KEPT, copy_of

Packages = dict[str, Path]
HOUR = 3600.0


@pytest.fixture(autouse=True)
def cache_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return cache.directory("tree")


@pytest.fixture
def packages(tmp_path: Path) -> Packages:
    package = tmp_path / "installed" / "ours"
    (package / "inner" / "__pycache__").mkdir(parents=True)
    (package / "__init__.py").write_text("first")
    (package / "inner" / "data.txt").write_text("data")
    (package / "inner" / "__pycache__" / "a.cpython-311.pyc").write_text("compiled")
    (package / "a.pyc").write_text("compiled by 2.7")
    (package / "a$py.class").write_text("compiled by Jython")
    return {"ours": package}


def names(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_it_has_the_files_and_nothing_compiled(packages: Packages) -> None:
    copy = copy_of(packages)
    assert names(copy) == {"ours/__init__.py", "ours/inner/data.txt"}
    assert (copy / "ours" / "__init__.py").read_text() == "first"
    assert copy.stat().st_mode & 0o555 == 0o555  # other users read it: students' programs


def test_the_same_content_is_copied_once(packages: Packages) -> None:
    first = copy_of(packages)
    before = (first / "ours" / "__init__.py").stat().st_ino
    assert copy_of(packages) == first
    assert (first / "ours" / "__init__.py").stat().st_ino == before


def test_another_content_is_another_copy(packages: Packages) -> None:
    first = copy_of(packages)
    (packages["ours"] / "__init__.py").write_text("other")
    assert copy_of(packages) != first
    assert (first / "ours" / "__init__.py").read_text() == "first"


@pytest.mark.parametrize("damage", [Path.unlink, lambda path: path.write_text("")])
def test_a_damaged_copy_is_made_again(packages: Packages, damage: object) -> None:
    assert callable(damage)
    copy = copy_of(packages)
    damage(copy / "ours" / "inner" / "data.txt")
    assert copy_of(packages) == copy
    assert (copy / "ours" / "inner" / "data.txt").read_text() == "data"


def older(folder: Path, seconds: float) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    os.utime(folder, (time.time() - seconds,) * 2)
    return folder


def test_old_copies_are_removed_and_the_newest_are_kept(
    packages: Packages, cache_folder: Path
) -> None:
    aged = [older(cache_folder / f"v{age}", IN_USE + age * HOUR) for age in (1, 2, 3)]
    copy = copy_of(packages)
    kept = [copy, *aged[: KEPT - 1]]
    assert sorted(cache_folder.iterdir()) == sorted(kept)


def test_a_copy_that_may_be_in_use_is_kept(packages: Packages, cache_folder: Path) -> None:
    used = [older(cache_folder / f"v{age}", IN_USE - age * HOUR) for age in (1, 2, 3)]
    copy = copy_of(packages)
    assert sorted(cache_folder.iterdir()) == sorted([copy, *used])


def test_asking_for_a_copy_keeps_it(packages: Packages, cache_folder: Path) -> None:
    copy = older(copy_of(packages), 3 * IN_USE)
    copy_of(packages)
    assert time.time() - copy.stat().st_mtime < HOUR


ASK = """
import sys
from pathlib import Path
from portable_harness.base.guest_copy import copy_of
print(copy_of({"ours": Path(sys.argv[1])}))
"""


def asking(packages: Packages, **more: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", ASK, str(packages["ours"])]
    return subprocess.Popen(command, env=os.environ | more, stdout=subprocess.PIPE, text=True)


def test_several_processes_at_once_have_the_same_copy(packages: Packages) -> None:
    for number in range(300):
        (packages["ours"] / f"module{number}.py").write_text(str(number))
    running = [asking(packages) for _ in range(4)]
    found = {process.communicate(timeout=60)[0].strip() for process in running}
    assert [process.returncode for process in running] == [0] * 4
    (copy,) = (Path(path) for path in found)
    assert len(names(copy)) == 302
    assert list(copy.parent.iterdir()) == [copy]


def test_two_that_make_the_same_copy(packages: Packages, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other process is faster by the moment between our look and our rename."""
    fill = guest_copy._fill

    def fill_twice(folder: Path, files: guest_copy.Files) -> None:
        fill(folder, files)
        monkeypatch.setattr(guest_copy, "_fill", fill)
        copy_of(packages)

    monkeypatch.setattr(guest_copy, "_fill", fill_twice)
    copy = copy_of(packages)
    assert names(copy) == {"ours/__init__.py", "ours/inner/data.txt"}
    assert list(copy.parent.iterdir()) == [copy]


def test_where_the_cache_cannot_be_written_the_copy_goes_with_the_process(
    packages: Packages, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()  # root may write any folder, but into no file
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    process = asking(packages, XDG_CACHE_HOME=str(tmp_path / "file"), TMPDIR=str(temporary))
    copy = Path(process.communicate(timeout=60)[0].strip())
    assert process.returncode == 0
    assert copy.parent == temporary
    assert list(temporary.iterdir()) == []


def test_where_nothing_can_be_written_it_says_so(
    packages: Packages, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "nowhere"))
    with pytest.raises(Problem, match=r"nor a temporary folder.*set XDG_CACHE_HOME"):
        copy_of(packages)
