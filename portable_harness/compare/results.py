"""Where results go: the terminal, JSON on standard output, a page, files of plots."""

from __future__ import annotations

import json
from collections.abc import Sequence
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
        for path in filter(None, (self.html, self.pyperf)):
            outputs.demand_writable(path)
        if self.plots:
            with outputs.writing(self.plots):
                self.plots.mkdir(parents=True, exist_ok=True)
            outputs.demand_writable(self.plots / "ratios.svg")

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

            with outputs.writing(self.html):
                page.write(self.html, made)
        if self.plots:
            from portable_harness.compare import drawing, pictures

            with outputs.writing(self.plots):
                drawing.write(self.plots, pictures.pictures(made))
        if self.pyperf:
            from portable_harness.compare import pyperf_file

            with outputs.writing(self.pyperf):
                pyperf_file.write(self.pyperf, made)

    def _print(self, made: Summary) -> None:
        if self.json_file is not None:
            text = json.dumps(summary_json.document(made), indent=1, allow_nan=False)
            outputs.write(self.json_file, text)
        if self.json_file != outputs.STDOUT:
            report.show(made, table_console())
