"""Our folder in the user's cache: what can be made again, outside of every repository."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import platformdirs

from portable_harness.base.errors import Problem


def directory(name: str = "") -> Path:
    """The folder, or one in it; not created. XDG_CACHE_HOME moves it."""
    return platformdirs.user_cache_path("portable-server") / name


def is_at(filename: object) -> bool:
    """Whether the `filename` of an OSError is in our folder, or a folder that should have it."""
    return isinstance(filename, str) and (
        directory().is_relative_to(filename) or Path(filename).is_relative_to(directory())
    )


@contextlib.contextmanager
def demanded() -> Iterator[None]:
    """The body needs the folder.

    :raises Problem: one line with the remedy, when it cannot be written
    """
    try:
        yield
    except OSError as error:
        if not is_at(error.filename):
            raise
        what = f"cannot write {error.filename}: {error.strerror}"
        raise Problem(what, "set XDG_CACHE_HOME to a folder that can be written") from None


def programs() -> Path:
    """Where `interpreters install` puts links to what it made: python3.13t and the like."""
    return directory("bin")


COMPLETE = ".complete"  # a file in the prefix of a build that was installed to its end


def built_pythons() -> list[Path]:
    """The prefixes of the finished builds, newest version last."""
    return sorted(stamp.parent for stamp in directory("python").glob(f"*/{COMPLETE}"))


def write_atomically(path: Path, text: str, mode: int = 0o644) -> None:
    """Write a file so that a reader sees the old text or the new one, never a half.

    A device, a pipe and what a symbolic link leads to are written to; they are not replaced.

    :raises OSError: when the folder cannot be written.
    """
    if path.is_symlink() or (path.exists() and not path.is_file()):
        path.write_text(text, encoding="utf-8")
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            stream.write(text)
        os.chmod(temporary, mode)
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):  # Ctrl-C may come just after the move
            os.unlink(temporary)
        raise


def stamp(path: str | Path) -> str:
    """What a file is now: its real path, time of change and size; "" when there is none."""
    try:
        real = os.path.realpath(path)
        status = os.stat(real)
    except OSError:
        return ""
    return f"{real}:{status.st_mtime_ns}:{status.st_size}"
