"""The environment of a guest: what it inherits from ours, and what would mislead it."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from portable_harness.base import cache

# What would make a guest import another interpreter's modules, or pytest read other people's
# options. HOME stays: tools that the tests call may need it.
NOT_FOR_GUESTS = frozenset(
    "PYTHONPATH JYTHONPATH PYTHONHOME PYTHONSTARTUP PYTHONUSERBASE PYTHONWARNINGS PYTEST_ADDOPTS "
    "PYTEST_PLUGINS PYTEST_CURRENT_TEST PYTEST_XDIST_WORKER COVERAGE_PROCESS_START "
    "VIRTUAL_ENV __PYVENV_LAUNCHER__".split()
)


def guest_variables(folders: Sequence[str], more: Mapping[str, str]) -> dict[str, str]:
    """The controller's environment without what misleads a guest, with ``more`` in it.

    :param folders: what the guest imports from, before what ``more`` has for that
    """
    kept = {key: value for key, value in os.environ.items() if key not in NOT_FOR_GUESTS}
    kept.update(more)
    kept.update(PYTHONIOENCODING="utf-8", NO_COLOR="1", LC_ALL=_utf8_locale())
    for name in ("PYTHONPATH", "JYTHONPATH"):  # Jython reads the second only
        before = [more[name]] if more.get(name) else []
        kept[name] = os.pathsep.join([*map(_in_ascii, folders), *before])
    return kept


def _in_ascii(folder: str) -> str:
    """The folder, by a symbolic link in the cache where its own path is not ASCII.

    Python 2's importlib_metadata makes a byte string of each folder that it imports from.
    """
    if folder.isascii():
        return folder
    links = cache.directory("links")
    links.mkdir(parents=True, exist_ok=True)
    link = links / hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]
    with contextlib.suppress(FileExistsError):
        link.symlink_to(folder)
    return str(link)


def _utf8_locale() -> str:
    """pytest on Jython writes non-ASCII text, which needs a locale that has it."""
    wanted = os.environ.get("LC_ALL") or os.environ.get("LANG") or ""
    return wanted if wanted.upper().replace("-", "").endswith("UTF8") else "C.UTF-8"


def clear(folder: Path) -> Path:
    """``folder``, new and empty."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder
