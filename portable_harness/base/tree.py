"""Where our own files are: in a checkout, or where pip put them.

A checkout has `compat/`, `litmus/`, `exercises/` and `docs/` next to `portable_harness/`.
Installed, the first two are inside `portable_server/` and the others inside `portable_harness/`.

A guest (an interpreter that the harness starts) imports portable code from one folder on its path.
In a checkout that is the checkout itself. It must never be `site-packages`: there, a guest would
also find the packages of the harness's own Python, which are not for it. So an installed harness
gives its guests a copy of its own two packages, made once for each content in the user's cache.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import importlib.util
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from portable_harness.base import cache
from portable_harness.base.errors import Problem

PACKAGE = Path(__file__).resolve().parents[1]
#: The folder that has the package `portable_harness` in it: a checkout or `site-packages`.
TREE = PACKAGE.parent


def is_checkout() -> bool:
    """Whether this code runs from a checkout or an unpacked source distribution."""
    return (TREE / "compat" / "platform.py").is_file()


def exercises() -> Path:
    """The folder with one folder for each exercise."""
    return (TREE if is_checkout() else PACKAGE) / "exercises"


def page(name: str) -> Path:
    """The page of the documentation called `name` (without `.md`)."""
    return (TREE if is_checkout() else PACKAGE) / "docs" / f"{name}.md"


def page_name(name: str) -> str:
    """How a message names that page: short in a checkout, else with its whole path."""
    return f"docs/{name}.md" if is_checkout() else str(page(name))


@functools.cache
def guest_tree() -> Path:
    """The folder from which guests import `portable_server` and `portable_harness`.

    Raises:
        Problem: the portable half is not installed, or no copy of it can be written.
    """
    if is_checkout():
        return TREE
    packages = {"portable_server": _portable_package(), "portable_harness": PACKAGE}
    digest = hashlib.sha256()
    for name, folder in packages.items():
        for path in _files(folder):
            digest.update(f"{name}/{path.relative_to(folder)}\0".encode() + path.read_bytes())
    wanted = cache.directory("tree") / digest.hexdigest()[:20]
    if not wanted.is_dir():
        try:
            _copy(packages, wanted)
        except OSError as error:
            raise Problem(
                f"cannot write {wanted}: {error.strerror or error}",
                "set XDG_CACHE_HOME to a folder that can be written",
            ) from error
    return wanted


def portable_file(name: str) -> Path:
    """A file of the portable half, by its name in `portable_server` (`compat/platform.py`)."""
    return TREE / name if is_checkout() else guest_tree() / "portable_server" / name


def _portable_package() -> Path:
    """Found by name, not by place: the two distributions may be in different folders."""
    found = importlib.util.find_spec("portable_server")
    if found is None or not found.submodule_search_locations:
        raise Problem(
            "the package portable_server is not installed", "pip install portable-server-core"
        )
    return Path(next(iter(found.submodule_search_locations)))


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            yield path


def _copy(packages: dict[str, Path], wanted: Path) -> None:
    """Complete or not at all: another process may be making the same copy."""
    wanted.parent.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(dir=wanted.parent, prefix="making-"))
    try:
        for name, folder in packages.items():
            for path in _files(folder):
                target = temporary / name / path.relative_to(folder)
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, target)
        temporary.chmod(0o755)
        with contextlib.suppress(OSError):  # the other process was faster: its copy is the same
            os.rename(temporary, wanted)
        if not wanted.is_dir():
            raise OSError(f"cannot rename {temporary}")
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
