"""Debian's packages: they change the machine, so they are installed only when that is allowed."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from portable_harness.base import cache, children
from portable_harness.interpreters.install import programs
from portable_harness.interpreters.install.methods import ClosedError, Request
from portable_harness.interpreters.install.progress import Progress
from portable_harness.interpreters.names import Wanted

NOT_ALLOWED = "changes the whole machine and was not allowed (give --allow-debian)"


def command(packages: Sequence[str]) -> list[str]:
    """The apt-get command that installs them, with sudo in front where we are not root."""
    root = [] if os.geteuid() == 0 else ["sudo"]
    return [*root, "apt-get", "install", "--yes", "--no-install-recommends", *packages]


def install(packages: Sequence[str], progress: Progress) -> None:
    """Install packages, with what apt says in a log.

    :raises ClosedError: when apt-get refuses or fails
    """
    with progress.phase(f"apt-get install {' '.join(packages)}") as tell:
        env = {"DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}
        words = command(packages)
        if words[0] == "sudo":
            words.insert(1, "--non-interactive")
        programs.run(words, cache.directory("log") / "apt-get.log", 900, tell, env=env)


class DebianMethod:
    """Debian's (or Ubuntu's) own package of the interpreter."""

    name = "debian"
    source = "Debian"

    def serves(self, wanted: Wanted) -> bool:
        """Not for free-threaded CPython: Debian has no package of it; nor for a GIL twin, GraalPy,
        or a version of PyPy: the package has the one that the suite has."""
        if wanted.implementation == "PyPy":
            return wanted.version in {(), (2,), (3,)} and not wanted.release
        return wanted.implementation in {"CPython", "Jython"} and not (
            wanted.free_threaded or wanted.gil_twin
        )

    def package(self, wanted: Wanted) -> str:
        """jython, pypy3, python3.13, python2.7."""
        if wanted.implementation == "Jython":
            return "jython"
        if wanted.implementation == "PyPy":
            return "pypy" if wanted.version[:1] == (2,) else "pypy3"
        return "python" + ".".join(map(str, wanted.version[:2] or (3,)))

    def command(self, wanted: Wanted) -> str:
        """The apt-get command."""
        return " ".join(command([self.package(wanted)]))

    def obstacle(self, request: Request) -> str | None:
        """No apt-get, no such package in the configured suites, or no consent."""
        if shutil.which("apt-get") is None:
            return "there is no apt-get here"
        package = self.package(request.wanted)
        if not _available(package):
            return f"the configured suites have no package {package}"
        return None if request.allow_debian else NOT_ALLOWED

    def install(self, request: Request, progress: Progress) -> Path | None:
        """Install it; the search then finds it by itself."""
        install([self.package(request.wanted)], progress)
        return None


def _available(package: str) -> bool:
    try:
        done = children.run(["apt-cache", "show", "--no-all-versions", package], 60)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ClosedError(f"apt-cache does not work here: {error}") from error
    return done.returncode == 0 and "Package:" in done.stdout
