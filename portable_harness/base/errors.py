"""What the commands say when they cannot go on: one line, with the remedy in it."""

from __future__ import annotations

import click

BAD_USAGE = 2
INTERRUPTED = 130  # 128 + SIGINT, as a shell reports a program ended by Ctrl-C


class Problem(click.ClickException):
    """Bad input or a missing part: printed as one line without a traceback, exit status 2."""

    exit_code = BAD_USAGE

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(f"{message} ({remedy})" if remedy else message)
