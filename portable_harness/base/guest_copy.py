"""A copy of our two packages in the user's cache, one for each content, for guests to import from.

Several commands may look for the same copy, make it and remove old ones, all at once and without a
lock: a copy appears by one rename, complete, and its time of change is when it was last asked for.
What a tool that tidies caches has removed of it is put back.
The copies of other versions are removed once they have not been asked for in two days; a run does
not last that long. Where the cache cannot be written the copy is temporary and goes with us.
"""

from __future__ import annotations

import atexit
import contextlib
import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from portable_harness.base import cache
from portable_harness.base.errors import Problem

KEPT = 2  # copies: somebody may go to and fro between two versions
COMPILED = (".pyc", "$py.class")
IN_USE = 2 * 24 * 3600.0  # seconds since a copy was asked for, within which it is not removed

Files = Mapping[str, Path]  # by the name that each has in the copy


def copy_of(packages: Mapping[str, Path]) -> Path:
    """The folder with a copy of these packages, made where there is none yet.

    Raises:
        Problem: it cannot be written, neither to the cache nor to a temporary folder.
    """
    content = {
        f"{package}/{name}": path
        for package, folder in packages.items()
        for name, path in files(folder)
    }
    copies = cache.directory("tree")
    wanted = copies / _name(content)
    try:
        if not all(_is_there(wanted / name, path) for name, path in content.items()):
            _make(content, wanted)
    except OSError:
        return _temporary(content)
    with contextlib.suppress(OSError):  # made by another user, or before the disk became read-only
        os.utime(wanted)
    _remove_old(copies)
    return wanted


def files(folder: Path) -> Iterator[tuple[str, Path]]:
    """The files of a package with their names in it, without what interpreters write there."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.name.endswith(COMPILED):
            yield path.relative_to(folder).as_posix(), path


def _name(files: Files) -> str:
    digest = hashlib.sha256()
    for name, path in files.items():
        content = path.read_bytes()
        digest.update(f"{name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()[:20]


def _is_there(copy: Path, original: Path) -> bool:
    try:
        return copy.stat().st_size == original.stat().st_size
    except FileNotFoundError:
        return False


def _make(files: Files, wanted: Path) -> None:
    wanted.parent.mkdir(parents=True, exist_ok=True)
    being_made = Path(tempfile.mkdtemp(dir=wanted.parent, prefix="making-"))
    try:
        _fill(being_made, files)
        try:
            being_made.rename(wanted)
        except OSError:  # there is one: of another process that was faster, or incomplete
            _add_missing(files, being_made, wanted)
    finally:
        shutil.rmtree(being_made, ignore_errors=True)


def _add_missing(files: Files, source: Path, folder: Path) -> None:
    """File by file and never by removing it all: somebody may be reading the others."""
    for name, original in files.items():
        if not _is_there(folder / name, original):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (source / name).replace(folder / name)


def _fill(folder: Path, files: Files) -> None:
    for name, path in files.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    folder.chmod(0o755)  # a student's program runs as another user


def _temporary(files: Files) -> Path:
    try:
        folder = Path(tempfile.mkdtemp(prefix="portable-server-"))
        atexit.register(_remove_at_exit, folder, os.getpid())
        _fill(folder, files)
    except OSError as error:
        raise Problem(
            f"cannot write {cache.directory('tree')}, nor a temporary folder: {error}",
            "set XDG_CACHE_HOME to a folder that can be written",
        ) from error
    return folder


def _remove_at_exit(folder: Path, owner: int) -> None:
    if os.getpid() == owner:  # and not a forked child of ours
        shutil.rmtree(folder, ignore_errors=True)


def _remove_old(copies: Path) -> None:
    """All but the newest few; those that were asked for lately stay, however many they are."""
    aged = []
    for folder in copies.iterdir():
        with contextlib.suppress(FileNotFoundError):  # another process removes them too
            aged.append((folder.stat().st_mtime, folder))
    for changed, folder in sorted(aged, reverse=True)[KEPT:]:
        if time.time() - changed > IN_USE:
            shutil.rmtree(folder, ignore_errors=True)
