"""JSON that somebody else wrote: a user's file, a guest's line, a host's message."""

from __future__ import annotations

import json
from typing import Any


def decoded(text: str | bytes) -> Any:
    """What ``json.loads`` gives.

    :raises ValueError: for whatever is no JSON, and for what is nested too deeply to be read, for
        which ``json.loads`` raises RecursionError, past everybody who expects a ValueError
    """
    try:
        return json.loads(text)
    except RecursionError:
        raise ValueError("nested too deeply") from None
