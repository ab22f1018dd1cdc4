"""What several commands share: types of options, and by which name they were called."""

from __future__ import annotations

import math
import os
from typing import Any

import click

COMMAND_VARIABLE = "PORTABLE_COMMAND"


def command_name() -> str:
    """What the user has to type: the launcher of a checkout says how it was called."""
    return os.environ.get(COMMAND_VARIABLE, "portable-server")


class Seconds(click.FloatRange):
    """A duration of at least one second; "nan" is no number of seconds, nor is "inf"."""

    name = "seconds"

    def __init__(self, least: float = 1.0) -> None:
        super().__init__(min=least)

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        seconds = float(super().convert(value, param, ctx))
        if not math.isfinite(seconds):
            self.fail(f"{value} is not a number of seconds", param, ctx)
        return seconds
