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
import importlib.metadata
import importlib.util
from pathlib import Path

from portable_harness.base.errors import Problem
from portable_harness.base.guest_copy import copy_of

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
    """How a message names that page: by its path where it is installed, else as in a checkout."""
    short = is_checkout() or not page(name).is_file()
    return f"docs/{name}.md" if short else str(page(name))


@functools.cache
def guest_tree() -> Path:
    """The folder from which guests import `portable_server` and `portable_harness`.

    Raises:
        Problem: the portable half is not installed, or no copy of it can be written.
    """
    return TREE if is_checkout() or _is_ours_alone() else copy_of(packages())


def packages() -> dict[str, Path]:
    """Our two packages by name, as they are installed, with the folders that have their files.

    The second is found by name, not by place: the distributions may be in different folders.

    Raises:
        Problem: the portable half is not installed.
    """
    if is_checkout():
        inside = {f"portable_server/{name}": TREE / name for name in ("compat", "litmus")}
        return {name: TREE / name for name in ("portable_harness", "portable_server")} | inside
    found = importlib.util.find_spec("portable_server")
    if found is None or not found.submodule_search_locations:
        raise Problem(
            "the package portable_server is not installed", "pip install portable-server-core"
        )
    portable = Path(next(iter(found.submodule_search_locations)))
    return {"portable_harness": PACKAGE, "portable_server": portable}


def _is_ours_alone() -> bool:
    """Whether nothing else can be imported from TREE: a copy on another host, or in a zip."""
    importable = {path.name for path in TREE.iterdir() if path.is_dir() or path.suffix == ".py"}
    return importable - {"__pycache__"} == {"portable_harness", "portable_server"}


def on_guest(room: str) -> Path:
    """The modules of a room of the harness (`exercise`) that guests import by their own names.

    An old Python and Jython write compiled modules next to them, which must not be in
    `site-packages`: pip would not remove those.
    """
    return guest_tree() / "portable_harness" / room / "on_guest"


def license_text() -> str:
    """The licence, for a copy of our files that is given to others.

    Raises:
        Problem: it is neither in a checkout nor in the metadata of an installed distribution.
    """
    if is_checkout():
        return (TREE / "LICENSE").read_text(encoding="utf-8")
    with contextlib.suppress(importlib.metadata.PackageNotFoundError):
        metadata = importlib.metadata.distribution("portable-server")
        for name in ("licenses/LICENSE", "LICENSE"):  # by the version of setuptools
            text = metadata.read_text(name)
            if text:
                return text
    raise Problem("the licence of portable-server is not here", "pip install portable-server")


def portable_file(name: str) -> Path:
    """A file of the portable half, by its name in `portable_server` (`compat/platform.py`)."""
    return TREE / name if is_checkout() else guest_tree() / "portable_server" / name
