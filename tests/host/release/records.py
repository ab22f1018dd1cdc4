"""What guests import from, recorded by themselves.

Each Python that a command starts loads a `usercustomize` from the home of the user, Jython too, and
that writes a file. The harness's own Python is in a virtual environment, where there is no such
thing, and so are the environments that `matrix` makes: there the tests of the project record.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.host.release.user import Done, User

#: Portable: the folder that a guest is in, what it imports from, and how it was started.
RECORD = """\
import os, sys

def record(folder):
    stream = open('/proc/self/cmdline', 'rb')
    started = stream.read().decode('utf-8').split(chr(0))
    stream.close()
    stream = open(os.path.join(folder, str(os.getpid())), 'w')
    stream.write(chr(10).join([os.getcwd()] + sys.path + started))
    stream.close()

record(%r)
"""
PLACES = (f"python{sys.version_info[0]}.{sys.version_info[1]}", "python2.7", "jython2.7")


class Records(NamedTuple):
    """The files that the guests of a command write."""

    folder: Path

    def begin(self, home: Path) -> None:
        for place in PLACES:
            site = home / ".local" / "lib" / place / "site-packages"
            site.mkdir(parents=True, exist_ok=True)
            (site / "usercustomize.py").write_text(RECORD % str(self.folder))

    def check(self, user: User, done: Done, at_least: int) -> None:
        """None of them has seen anything of the environment that the harness is installed in."""
        files = list(self.folder.iterdir())
        assert len(files) >= at_least, f"guests were started: {len(files)}; {done}"
        unwanted = [line for line in _lines(files) if str(user.environment) in line]
        assert unwanted == [], done


def _lines(files: list[Path]) -> Iterator[str]:
    for file in files:
        yield from file.read_text(encoding="utf-8").splitlines()
