"""The cause in what a program wrote before it failed, in a few words.

Tools print their libraries' exceptions (jgo, uv), say the same thing in ten lines (Maven) or repeat
it up to the top (make, apt). A person who reads the first screen needs the cause; all of the output
is in the log.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_LONGEST = 100  # characters
_COLOURS = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
# The first complaint is the cause; what follows it (make's, apt's last words) is only the echo.
_COMPLAINT = re.compile(r"^E: |\[ERROR\]|\b(error|fatal)\b *:", re.IGNORECASE)
_CAUSES = (
    (r"unknown host|name resolution|name or service not known|could not resolve", "no such host"),
    (r"network is unreachable|no route to host", "no route"),
    (r"connection refused|could not connect", "connection refused"),
    (r"timed?[ -]?out", "no answer in time"),
    (r"certificate", "its certificate is not trusted"),
    (r"\b404\b|could not find artifact|not have a Release file", "it is not there"),
    (r"hash sum mismatch|unexpected size", "not what the signed index says"),
    (r"is not signed|signatures? (were|couldn't)|NO_PUBKEY|BADSIG", "no valid signature"),
    (r"no space left", "the disk is full"),
)


def plain(line: str) -> str:
    """A line without the codes that colour it on a terminal, and without space at its ends."""
    return _COLOURS.sub("", line).strip()


def is_complaint(line: str) -> bool:
    """Whether a program says in this line that something failed."""
    return _COMPLAINT.search(line) is not None


def cause(lines: Sequence[str]) -> str:
    """What went wrong, from the lines that a program wrote: one of the common causes, or else its
    first complaint, cut to a hundred characters."""
    complaints = [line for line in lines if is_complaint(line)] or list(lines[-1:])
    for pattern, words in _CAUSES:
        if any(re.search(pattern, line, re.IGNORECASE) for line in complaints):
            return words
    first = complaints[0] if complaints else "it printed nothing"
    return first if len(first) <= _LONGEST else f"{first[:_LONGEST].rstrip()} ..."
