"""Where results go: the terminal, or JSON on standard output; by the reading side."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import click
from rich.console import Console

from harness.compare import records, report, summary_json
from harness.compare.recorder import Record
from harness.compare.summary import summarise

PLAIN_WIDTH = 140  # columns of a table that is written to a file or a pipe


@dataclass(frozen=True)
class Output:
    """What was asked for."""

    as_json: bool

    def show(self, made: list[Record]) -> None:
        """The results of a run that has just ended."""
        if any(record["kind"] == "measurement" for record in made):
            self._show(records.parse("".join(json.dumps(one) + "\n" for one in made)))

    def show_file(self, path: Path) -> None:
        """The results in a file."""
        self._show(records.load(path))

    def _show(self, run: records.Run) -> None:
        made = summarise(run)
        if self.as_json:
            click.echo(json.dumps(summary_json.document(made), indent=1, allow_nan=False))
            return
        console = Console(highlight=False)
        if not console.is_terminal:
            console = Console(highlight=False, width=PLAIN_WIDTH)
        report.show(made, console)
