"""Where results go: the terminal, JSON on standard output, a page, files of plots."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from portable_harness.base import outputs
from portable_harness.base.console import table_console
from portable_harness.base.errors import Problem
from portable_harness.compare import records, report, summary_json, two_files
from portable_harness.compare.recorder import Record
from portable_harness.compare.summarise import summarise
from portable_harness.compare.summary import Summary


@dataclass(frozen=True)
class Output:
    """What was asked for."""

    json_file: str | None
    html: Path | None = None
    plots: Path | None = None
    pyperf: Path | None = None

    def check(self) -> None:
        """Before minutes are spent: can all of it be written?

        :raises Problem: when a file cannot
        """
        for path in (self.html, self.pyperf):
            if path:
                _written(path, _try)
        if self.plots:
            _written(self.plots, _try_folder)

    def show(self, made: list[Record]) -> None:
        """The results of a run that has just ended."""
        if any(record["kind"] == "measurement" for record in made):
            text = "".join(json.dumps(record) + "\n" for record in made)
            self._show(summarise(records.parse(text)))

    def show_files(self, paths: Sequence[Path]) -> None:
        """The results in a file, or of two: the second with the first.

        :raises Problem: when there are more, or they cannot be compared
        """
        if len(paths) > 2:
            raise Problem(f"{len(paths)} files were given", "--input takes one, or two")
        if len(paths) == 2:
            self._show(two_files.compare(*paths))
        else:
            self._show(summarise(records.load(paths[0])))

    def _show(self, made: Summary) -> None:
        self._print(made)
        if self.html:
            from portable_harness.compare import page

            _written(self.html, lambda path: page.write(path, made))
        if self.plots:
            from portable_harness.compare import drawing, pictures

            _written(self.plots, lambda path: drawing.write(path, pictures.pictures(made)))

        if self.pyperf:
            from portable_harness.compare import pyperf_file

            _written(self.pyperf, lambda path: pyperf_file.write(path, made))

    def _print(self, made: Summary) -> None:
        if self.json_file is not None:
            text = json.dumps(summary_json.document(made), indent=1, allow_nan=False)
            outputs.write(self.json_file, text)
        if self.json_file != outputs.STDOUT:
            report.show(made, table_console())


def _written(path: Path, write: Callable[[Path], object]) -> None:
    try:
        write(path)
    except OSError as error:
        raise Problem(
            f"cannot write {error.filename or path}: {error.strerror}", "name another file"
        ) from None


def _try(path: Path) -> None:
    """Opened for writing, and as it was before."""
    was_there = path.exists()
    with path.open("a", encoding="utf-8"):
        pass
    if not was_there:
        path.unlink()


def _try_folder(path: Path) -> None:
    path.mkdir(parents=True, exist_ok=True)
    _try(path / "ratios.svg")
