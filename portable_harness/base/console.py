"""The console that a command prints its tables on."""

from __future__ import annotations

import sys

from rich.console import Console

PLAIN_WIDTH = 140  # columns of a table that is written to a file or a pipe


def table_console(to_stderr: bool = False, plain_width: int = PLAIN_WIDTH) -> Console:
    """Standard output, or standard error while the output is JSON.

    :param plain_width: columns where it is not a terminal
    """
    stream = sys.stderr if to_stderr else sys.stdout
    width = None if stream.isatty() else plain_width
    return Console(file=stream, width=width, highlight=False)
