"""A guest: an interpreter with pytest in reach, ready to be started."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
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
        kept = {key: value for key, value in os.environ.items() if key not in NOT_FOR_GUESTS}
        kept.update(self.environment)
        kept.update(PYTHONIOENCODING="utf-8", PORTABLE_RECORD=str(record), NO_COLOR="1")
        kept.update(LC_ALL=_utf8_locale())
        ours = [str(project), str(RECORDER_FOLDER)]
        for name in ("PYTHONPATH", "JYTHONPATH"):  # Jython reads the second only
            before = [self.environment[name]] if self.environment.get(name) else []
            kept[name] = os.pathsep.join(ours + before)
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
