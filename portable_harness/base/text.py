"""Text that a guest wrote, made fit for a terminal, for XML 1.0, for HTML and for UTF-8."""

from __future__ import annotations

import re

ESCAPE_SEQUENCE = re.compile(r"\x1b(\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(\x07|\x1b\\)?|.)")
UNFIT = re.compile("[^\t\n -~\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def clean(text: str) -> str:
    """``text`` without escape sequences; other control characters and lone surrogates replaced."""
    plain = ESCAPE_SEQUENCE.sub("", text).replace("\r\n", "\n")
    return UNFIT.sub("\N{REPLACEMENT CHARACTER}", plain)
