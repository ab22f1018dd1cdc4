"""Other people's managers of Python versions: uv, which downloads, and pyenv, which compiles."""

from __future__ import annotations

import shutil
from pathlib import Path

from portable_harness.base import cache
from portable_harness.interpreters import places
from portable_harness.interpreters.install import programs
from portable_harness.interpreters.install.methods import Request
from portable_harness.interpreters.install.progress import Progress
from portable_harness.interpreters.names import NEWEST_FINAL, Wanted


class UvMethod:
    """A ready-made CPython or PyPy by ``uv python install``."""

    name = "uv"
    source = "uv"

    def serves(self, wanted: Wanted) -> bool:
        """What uv has: CPython from 3.8, free-threaded from 3.13, PyPy 3 and GraalPy."""
        if wanted.implementation == "Jython" or wanted.gil_twin or wanted.release:
            return False
        oldest = (3, 13) if wanted.free_threaded else (3, 8)
        return not wanted.version or (*wanted.version, 99)[:2] >= oldest

    def command(self, wanted: Wanted) -> str:
        """The uv command."""
        return f"uv python install {self._argument(wanted)}"

    def _argument(self, wanted: Wanted) -> str:
        if wanted.implementation == "CPython" and not wanted.version:
            return "3t" if wanted.free_threaded else "3"
        kind = "" if wanted.implementation == "CPython" else wanted.implementation.lower()
        return f"{kind}{wanted.version_text}"

    def obstacle(self, _request: Request) -> str | None:
        """uv is neither on PATH nor beside our Python."""
        return None if places.uv_program() else "there is no uv here (`pip install uv`)"

    def install(self, request: Request, progress: Progress) -> Path | None:
        """Run it; what it makes is found in its own folder, and nothing of it is put on PATH."""
        command = [places.uv_program() or "uv", "python", "install", self._argument(request.wanted)]
        env = {"UV_PYTHON_INSTALL_BIN": "0", "UV_HTTP_RETRIES": "1", "NO_COLOR": "1"}
        log = cache.directory("log") / "uv.log"
        with progress.phase(" ".join(["uv", *command[1:]])) as tell:
            programs.run(command, log, 900, tell, env=env)
        return None


class PyenvMethod:
    """Any version of CPython and PyPy by ``pyenv install``, which downloads and compiles."""

    name = "pyenv"
    source = "pyenv"

    def serves(self, wanted: Wanted) -> bool:
        """CPython, PyPy by Python's version, GraalPy by its own."""
        if wanted.implementation == "GraalPy":
            return not wanted.version
        return wanted.implementation != "Jython" and not (wanted.gil_twin or wanted.release)

    def command(self, wanted: Wanted) -> str:
        """The pyenv command."""
        return f"pyenv install {self._argument(wanted)}"

    def _argument(self, wanted: Wanted) -> str:
        if wanted.implementation == "PyPy":
            return f"pypy{wanted.version_text or 3}"  # pyenv takes the newest that begins so
        if wanted.implementation == "GraalPy":  # named by GraalPy's own version
            return f"graalpy-{wanted.version_text}".rstrip("-")
        if len(wanted.version) < 2 and wanted.free_threaded:
            return f"{NEWEST_FINAL[0]}.{NEWEST_FINAL[1]}t"  # it takes "3" for the newest, not "3t"
        return "2.7.18" if wanted.version in {(2,), (2, 7)} else (wanted.version_text or "3")

    def obstacle(self, _request: Request) -> str | None:
        """There is no pyenv."""
        return None if shutil.which("pyenv") else "there is no pyenv here"

    def install(self, request: Request, progress: Progress) -> Path | None:
        """Run it; what it makes is found among pyenv's versions."""
        command = ["pyenv", "install", "--skip-existing", self._argument(request.wanted)]
        with progress.phase(" ".join(command)) as tell:
            programs.run(command, cache.directory("log") / "pyenv.log", 3600, tell)
        return None
