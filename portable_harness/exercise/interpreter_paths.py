"""Which files an interpreter needs to start, found by its command: the rest of the disk is hidden.

An interpreter of the system is in `SYSTEM` as a whole. One in a home has a *prefix*, a folder with
`bin` and `lib`, which is found from the program's path, by way of each symbolic link. A launcher
that is a shell script names what it needs.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/etc")
OF_THE_KERNEL = ("/dev", "/proc", "/sys")  # the program has its own
#: What a folder has in it that is the prefix of a Python, a PyPy, a Jython or a JVM.
OF_A_PREFIX = ("pyvenv.cfg", "lib/python*", "lib64/python*", "lib/pypy*", "lib-python", "Lib",
               "jython*.jar", "lib/modules", "lib/rt.jar", "jre")  # fmt: skip
ABSOLUTE = re.compile(r"(?<![\w.])/[^\s\"'`$:;,=()<>|&{}]+")
LARGEST_SCRIPT = 100_000  # bytes
MOST_LINKS = 40  # as the kernel follows


def needed(command: Sequence[str]) -> list[str]:
    """Paths that must be there for `command`, shortest first; links are named besides targets."""
    found: dict[str, None] = dict.fromkeys(SYSTEM)
    program = shutil.which(command[0]) or command[0]
    options = [word for word in command[1:] if word.startswith(("/", "-"))]
    for word in (program, *options, *_named_in_script(program)):
        for path in ABSOLUTE.findall(word):
            if not _is_of_system(path) and os.path.exists(path):
                found.update(dict.fromkeys(_with_targets(path)))
    return sorted(found, key=len)


def _named_in_script(program: str) -> Iterator[str]:
    """What a launcher in the form of a shell script names."""
    with open(program, "rb") as stream:
        start = stream.read(LARGEST_SCRIPT)
    if start.startswith(b"#!"):
        yield start.decode("utf-8", "replace")


def _with_targets(path: str) -> Iterator[str]:
    """The path's prefix or itself, and the same of each link on the way to its file."""
    for _ in range(MOST_LINKS):
        if _is_of_system(path):
            return
        yield _prefix(path) or path
        parent = os.path.realpath(os.path.dirname(path))
        path = os.path.join(parent, os.path.basename(path))
        yield _prefix(path) or path
        if not os.path.islink(path):
            return
        path = os.path.normpath(os.path.join(parent, os.readlink(path)))


def _prefix(path: str) -> str:
    """The folder that is the prefix of a program in its `bin`; empty where there is none."""
    folder = Path(path).parent
    if folder.name != "bin" or folder.parent in (Path("/"), Path.home()):
        return ""
    if any(next(folder.parent.glob(pattern), None) for pattern in OF_A_PREFIX):
        return str(folder.parent)
    return ""


def _is_of_system(path: str) -> bool:
    return any(path == one or path.startswith(one + "/") for one in SYSTEM + OF_THE_KERNEL)
