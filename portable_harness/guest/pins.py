"""The versions preferred for old guests, with their hashes: the files `pins-*.txt` here.

A pin is a preference, not a command: a requirement that excludes it gets something else. But
where the pin is used, the file must have the pinned SHA-256.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from packaging.utils import canonicalize_name
from packaging.version import Version

FOLDER = Path(__file__).parent
_PIN = re.compile(
    r"^(?P<name>[\w.-]+)==(?P<version>\S+) \\\n\s+--hash=sha256:(?P<hash>[0-9a-f]{64})"
    r"(?:\s+# only: (?P<only>\S+))?$",
    re.MULTILINE,
)


@dataclass(frozen=True)
class Pin:
    """One pinned file. ``only`` names the one module to take out of a source archive, if any."""

    name: str
    version: Version
    sha256: str
    only: str | None

    @property
    def line(self) -> str:
        """The pin as a line of a requirements file that checks hashes."""
        return f"{self.name}=={self.version} --hash=sha256:{self.sha256}"


def pins_file(version: tuple[int, int]) -> Path | None:
    """The file for guests of this version, None where there is none (nothing is preferred)."""
    path = FOLDER / f"pins-{version[0]}.{version[1]}.txt"
    return path if path.exists() else None


def pins(version: tuple[int, int]) -> dict[str, Pin]:
    """Normalised project name -> pin, for guests of this version."""
    path = pins_file(version)
    if path is None:
        return {}
    return {str(canonicalize_name(m["name"])): _pin(m) for m in _PIN.finditer(path.read_text())}


def _pin(match: re.Match[str]) -> Pin:
    return Pin(match["name"], Version(match["version"]), match["hash"], match["only"])
