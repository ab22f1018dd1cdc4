"""A guest: an interpreter with pytest in reach, ready to be started."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from portable_harness.base.guests import guest_variables
from portable_harness.base.tree import on_guest, portable_file


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
        ours = {
            "PORTABLE_RECORD": str(record),
            "PORTABLE_PLATFORM": str(portable_file("compat/platform.py")),
        }
        sources = project / "src"  # the layout of projects that keep their tests from the tree
        folders = [*([str(sources)] if sources.is_dir() else []), str(project)]
        folders.append(str(on_guest("matrix")))
        return guest_variables(folders, {**self.environment, **ours})
