"""A guest: an interpreter with pytest in reach, ready to be started."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

PACKAGE = Path(__file__).parent
TREE = PACKAGE.parent.parent
RECORDER_FOLDER = PACKAGE / "on_guest"

# What would make a guest import another interpreter's modules, or pytest read other people's
# options. HOME stays: tools that the tests call may need it.
NOT_FOR_GUESTS = frozenset(
    "PYTHONPATH JYTHONPATH PYTHONHOME PYTHONSTARTUP PYTHONUSERBASE PYTHONWARNINGS PYTEST_ADDOPTS "
    "PYTEST_PLUGINS PYTEST_CURRENT_TEST PYTEST_XDIST_WORKER COVERAGE_PROCESS_START "
    "VIRTUAL_ENV __PYVENV_LAUNCHER__".split()
)


@dataclass(frozen=True)
class Guest:
    """How to start Python on one interpreter: ``argv`` then Python's own arguments.

    ``environment`` is added to the cleaned environment of the controller.
    """

    name: str
    argv: tuple[str, ...]
    environment: Mapping[str, str]

    def variables(self, project: Path, record: Path) -> dict[str, str]:
        """The whole environment of a test process that writes its record to ``record``."""
        ours = {"PORTABLE_RECORD": str(record)}
        folders = [str(project), str(RECORDER_FOLDER)]
        return guest_variables(folders, {**self.environment, **ours})


def guest_variables(folders: Sequence[str], more: Mapping[str, str]) -> dict[str, str]:
    """The controller's environment without what misleads a guest, with ``more`` in it.

    :param folders: what the guest imports from, before what ``more`` has for that
    """
    kept = {key: value for key, value in os.environ.items() if key not in NOT_FOR_GUESTS}
    kept.update(more)
    kept.update(PYTHONIOENCODING="utf-8", NO_COLOR="1", LC_ALL=_utf8_locale())
    for name in ("PYTHONPATH", "JYTHONPATH"):  # Jython reads the second only
        before = [more[name]] if more.get(name) else []
        kept[name] = os.pathsep.join([*folders, *before])
    return kept


def _utf8_locale() -> str:
    """pytest on Jython writes non-ASCII text, which needs a locale that has it."""
    wanted = os.environ.get("LC_ALL") or os.environ.get("LANG") or ""
    return wanted if wanted.upper().replace("-", "").endswith("UTF8") else "C.UTF-8"


def clear(folder: Path) -> Path:
    """``folder``, new and empty."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder
