"""CPython built from Debian's source package: the way to a free-threaded CPython, and to its GIL
twin, where nothing but a mirror of Debian can be reached."""

from __future__ import annotations

from pathlib import Path

import filelock

from portable_harness.base import cache
from portable_harness.interpreters.install import apt, build, debian, headers
from portable_harness.interpreters.install.build import Build
from portable_harness.interpreters.install.methods import ClosedError, Request
from portable_harness.interpreters.install.progress import Progress
from portable_harness.interpreters.names import NEWEST_FINAL, Wanted

OLDEST = (3, 13)


class DebianSourceMethod:
    """Source package python3.13 or a later one, from Debian's newer suites."""

    name = "debian-source"
    source = "Debian's sources"

    def serves(self, wanted: Wanted) -> bool:
        """CPython 3.13 and later; those with the GIL too, as the twin of a free-threaded one."""
        return wanted.implementation == "CPython" and (*wanted.version, 99)[:2] >= OLDEST

    def command(self, wanted: Wanted) -> str:
        """What amounts to it by hand."""
        flag = " --disable-gil" if wanted.free_threaded else ""
        return f"apt-get source {packages(wanted)[0]} && ./configure{flag} && make && make install"

    def obstacle(self, request: Request) -> str | None:
        """No mirror of Debian, or no compiler and headers (and no leave to install them)."""
        closed = apt.obstacle()
        if closed:
            return closed
        must, _ = headers.missing_packages()
        if must and not request.allow_debian:
            return f"the build needs `{' '.join(debian.command(must))}` (or give --allow-debian)"
        return None

    def install(self, request: Request, progress: Progress) -> Path | None:
        """Download, check, build, install into the cache.

        :raises ClosedError: when a step fails
        """
        wanted = request.wanted
        _provide_headers(request.allow_debian, progress)
        tarball, version = _fetch_first(packages(wanted), progress)
        text = ".".join(map(str, wanted.version))
        if len(wanted.version) > 2 and version != text:
            raise ClosedError(f"Debian has {version}, not {text}")
        plan = Build(version, wanted.free_threaded)
        program = build.build(plan, tarball, progress)
        shown = build.link(plan)
        if shown is not None:
            progress.note(f"linked as {shown}; to type its name, add {shown.parent} to PATH")
        return program


def _provide_headers(allowed: bool, progress: Progress) -> None:
    must, useful = headers.missing_packages()
    if (must or useful) and allowed:
        debian.install([*must, *useful], progress)
    elif useful:
        progress.note(f"without {', '.join(useful)} a few standard modules will be missing")


def packages(wanted: Wanted) -> tuple[str, ...]:
    """Debian's names of the source, the preferred one first: python3.15."""
    if len(wanted.version) < 2:
        # A mirror may lack the newest sources.
        return tuple(f"python3.{minor}" for minor in range(NEWEST_FINAL[1], OLDEST[1] - 1, -1))
    return ("python" + ".".join(map(str, wanted.version[:2])),)


def _fetch_first(names: tuple[str, ...], progress: Progress) -> tuple[Path, str]:
    """The first that can be had; the last one's failure is everyone's."""
    try:
        return fetch(names[0], progress)
    except ClosedError as closed:
        if len(names) == 1:
            raise
        progress.note(f"{names[0]}: {closed}")
    return _fetch_first(names[1:], progress)


def fetch(package: str, progress: Progress) -> tuple[Path, str]:
    """The upstream tarball, its SHA-256 compared with the signed index's, and its version.

    :raises ClosedError: when it cannot be had, or is not what the index says (it is then deleted)
    """
    folder = cache.directory("source")
    folder.mkdir(parents=True, exist_ok=True)
    with filelock.FileLock(folder / "source.lock", timeout=1800):
        private = apt.PrivateApt(cache.directory("log") / f"source-{package}.log", apt.SOURCES)
        private.update(progress)
        expected = private.source_file(package)
        tarball = folder / expected.name
        if not tarball.exists():
            private.download(package, folder, progress)
        check(tarball, expected.sha256)
    progress.note(f"{tarball.name}: SHA-256 {expected.sha256}, as in Debian's signed index")
    return tarball, version_of(tarball.name)


def check(file: Path, expected: str) -> None:
    """Compare a file's SHA-256.

    :raises ClosedError: when it differs; the file is deleted
    """
    actual = build.sha256_of(file)
    if actual != expected:
        file.unlink()
        raise ClosedError(f"{file.name} has SHA-256 {actual}, not {expected}: refused and deleted")


def version_of(tarball: str) -> str:
    """ "3.13.15" from python3.13_3.13.15.orig.tar.xz."""
    return tarball.split("_", 1)[1].split(".orig.tar", 1)[0]
