"""Right chat servers in several languages, each with harmless habits of its own.

Whoever runs one needs its language on this machine; where that is absent `command` says so.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

SERVERS = Path(__file__).parent / "servers"
RIGHT = (
    "asyncio_chat.py",
    "selectors_chat.py",
    "chat.js",
    "chat.c",
    "Chat.java",
    "chat.rs",
    "chat.tcl",
)
BUILT: dict[str, tuple[str, ...]] = {
    ".c": ("gcc", "-O1", "-o", "{built}/chat", "{source}"),
    ".java": ("javac", "-d", "{built}", "{source}"),
    ".rs": ("rustc", "-O", "-o", "{built}/chat", "{source}"),
}
RUN: dict[str, tuple[str, ...]] = {
    ".py": (sys.executable, "{source}", "{port}"),
    ".js": ("node", "{source}", "{port}"),
    ".c": ("{built}/chat", "{port}"),
    ".java": ("java", "-cp", "{built}", "Chat", "{port}"),
    ".rs": ("{built}/chat", "{port}"),
    ".tcl": ("tclsh", "{source}"),  # its port is in its source
}


def absent(name: str) -> str:
    """Which program is missing to run it, or an empty text."""
    suffix = Path(name).suffix
    words = [commands[suffix][0] for commands in (BUILT, RUN) if suffix in commands]
    missing = (word for word in words if "{" not in word and not shutil.which(word))
    return next(missing, "") or ("" if _compiles(suffix) else BUILT[suffix][0])


def _compiles(suffix: str) -> bool:
    """Whether its compiler works: rustup's rustc is there also where no toolchain is chosen."""
    if suffix not in BUILT:
        return True
    words = [BUILT[suffix][0], "--version"]
    return subprocess.run(words, capture_output=True, timeout=60, check=False).returncode == 0


def command(name: str, folder: Path) -> list[str]:
    """How to run it; compiled into `folder` first where it has to be."""
    source = SERVERS / name
    built = folder / source.name
    built.mkdir(parents=True, exist_ok=True)

    def filled(words: tuple[str, ...]) -> list[str]:
        return [
            word.replace("{source}", str(source)).replace("{built}", str(built)) for word in words
        ]

    if source.suffix in BUILT and not any(built.iterdir()):
        subprocess.run(filled(BUILT[source.suffix]), check=True, timeout=300)
    return filled(RUN[source.suffix])
