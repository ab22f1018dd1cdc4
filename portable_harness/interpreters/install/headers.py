"""What a build of CPython needs from the machine, found out by the compiler itself."""

from __future__ import annotations

import shutil
import subprocess

# header that must be found -> Debian's package that brings it
REQUIRED = {
    "zlib.h": "zlib1g-dev",
    "openssl/ssl.h": "libssl-dev",
    "ffi.h": "libffi-dev",
}
# without these the build works and lacks a module of the standard library
WANTED = {
    "bzlib.h": "libbz2-dev",
    "lzma.h": "liblzma-dev",
    "sqlite3.h": "libsqlite3-dev",
    "readline/readline.h": "libreadline-dev",
    "uuid/uuid.h": "uuid-dev",
}
_TOOLS = {"cc": "build-essential", "make": "build-essential", "tar": "tar", "xz": "xz-utils"}


def missing_packages() -> tuple[list[str], list[str]]:
    """Debian's packages that a build lacks here: those it must have, those it would like."""
    must = {package for tool, package in _TOOLS.items() if shutil.which(tool) is None}
    if shutil.which("cc") is None:  # nobody to ask: say all of them
        return sorted(must | set(REQUIRED.values())), sorted(WANTED.values())
    must |= {package for header, package in REQUIRED.items() if not _has(header)}
    return sorted(must), sorted(package for header, package in WANTED.items() if not _has(header))


def _has(header: str) -> bool:
    """Whether the compiler finds a header. Some need others included first: stdio.h is."""
    text = f"#include <stdio.h>\n#include <{header}>\n"
    command = ["cc", "-E", "-x", "c", "-", "-o", "/dev/null"]
    done = subprocess.run(
        command, input=text, text=True, capture_output=True, timeout=60, check=False
    )
    return done.returncode == 0
