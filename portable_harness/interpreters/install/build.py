"""Build CPython from its source: with or without the GIL, everything else the same.

Comparing a free-threaded build with a GIL build says something only when both were made of one
source with one set of options, so both are made here. A build is made once per user: a lock keeps a
second process waiting, a stamp behind each finished step lets an interrupted build go on where it
stopped, and the stamp ``.complete`` tells a finished installation from a half-copied one.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import filelock

from portable_harness.base import cache
from portable_harness.interpreters.install import programs
from portable_harness.interpreters.install.methods import ClosedError
from portable_harness.interpreters.install.progress import Progress

_STEP_SECONDS = 3600.0


@dataclass(frozen=True)
class Build:
    """One build: a version ("3.13.15"), with the GIL or without."""

    version: str
    free_threaded: bool

    @property
    def label(self) -> str:
        """ "3.13.15t" without the GIL, "3.13.15" with it."""
        return self.version + ("t" if self.free_threaded else "")

    @property
    def prefix(self) -> Path:
        """Where it is installed."""
        return cache.directory("python") / self.label

    @property
    def program(self) -> Path:
        """The interpreter: python3.13t or python3.13."""
        minor = ".".join(self.version.split(".")[:2])
        return self.prefix / "bin" / f"python{minor}{'t' if self.free_threaded else ''}"

    @property
    def work(self) -> Path:
        """Where it is compiled; gone once it is installed."""
        return cache.directory("build") / self.label

    @property
    def log(self) -> Path:
        """What the steps said."""
        return cache.directory("log") / f"build-{self.label}.log"

    @property
    def is_complete(self) -> bool:
        """Whether it is installed, wholly."""
        return (self.prefix / cache.COMPLETE).exists() and self.program.exists()


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file's content, in hexadecimal."""
    with path.open("rb") as stream:
        digest = hashlib.sha256()
        for piece in iter(lambda: stream.read(1 << 20), b""):
            digest.update(piece)
    return digest.hexdigest()


def build(plan: Build, tarball: Path, progress: Progress) -> Path:
    """Unpack, configure, compile and install; what an earlier call finished is not done again.

    :returns: the interpreter
    :raises ClosedError: when a step fails; the log is named, and the next call goes on from there
    """
    cache.directory("build").mkdir(parents=True, exist_ok=True)
    lock = filelock.FileLock(cache.directory("build") / f"{plan.label}.lock")
    with _held(lock, plan, progress):
        if not plan.is_complete:
            _unpack(plan, tarball, progress)
            _configure(plan, progress)
            _compile(plan, progress)
            _install(plan, progress)
            shutil.rmtree(plan.work, ignore_errors=True)
    return plan.program


@contextlib.contextmanager
def _held(lock: filelock.BaseFileLock, plan: Build, progress: Progress) -> Iterator[None]:
    try:
        lock.acquire(timeout=0)
    except filelock.Timeout:
        progress.note(f"another process is building {plan.label}: waiting for it")
        lock.acquire(timeout=_STEP_SECONDS)
    try:
        yield
    finally:
        lock.release()


def _source(plan: Build) -> Path:
    return plan.work / "source"


def _objects(plan: Build) -> Path:
    return plan.work / "objects"


def _unpack(plan: Build, tarball: Path, progress: Progress) -> None:
    """Into a folder that gets its name when all is there: its being there is the stamp."""
    if _source(plan).exists():
        return
    fresh = plan.work / "unpacking"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    with progress.phase(f"unpack {tarball.name}"):
        command = ["tar", "-xf", str(tarball), "--strip-components=1", "-C", str(fresh)]
        programs.run(command, plan.log, _STEP_SECONDS)
    fresh.rename(_source(plan))


def options(plan: Build) -> list[str]:
    """What `configure` is given: the same on both sides but for the GIL."""
    common = [f"--prefix={plan.prefix}", "--disable-test-modules", "--with-ensurepip=install"]
    return common + (["--disable-gil"] if plan.free_threaded else [])


def _configure(plan: Build, progress: Progress) -> None:
    stamp = _objects(plan) / ".configured"
    if stamp.exists():
        return
    shutil.rmtree(_objects(plan), ignore_errors=True)
    _objects(plan).mkdir(parents=True)
    with progress.phase(f"configure CPython {plan.label}") as tell:
        command = [str(_source(plan) / "configure"), *options(plan)]
        programs.run(command, plan.log, _STEP_SECONDS, tell, cwd=_objects(plan))
    stamp.touch()


def _compile(plan: Build, progress: Progress) -> None:
    with progress.phase(f"compile CPython {plan.label}") as tell:
        command = ["make", f"-j{os.cpu_count() or 1}"]
        programs.run(command, plan.log, _STEP_SECONDS, tell, cwd=_objects(plan))


def _install(plan: Build, progress: Progress) -> None:
    """From an empty folder; the stamp last, so that half an installation is never believed."""
    shutil.rmtree(plan.prefix, ignore_errors=True)
    with progress.phase(f"install CPython {plan.label}") as tell:
        programs.run(["make", "install"], plan.log, _STEP_SECONDS, tell, cwd=_objects(plan))
    if not plan.program.exists():
        raise ClosedError(f"the build made no {plan.program.name}", plan.log)
    (plan.prefix / cache.COMPLETE).touch()


def link(plan: Build) -> Path | None:
    """Put python3.13t where it can be on PATH. Its GIL twin is not linked: a second `python3.13`
    on PATH would hide the machine's own."""
    if not plan.free_threaded:
        return None
    shown = cache.programs() / plan.program.name
    shown.parent.mkdir(parents=True, exist_ok=True)
    temporary = shown.with_name(f".{shown.name}.{os.getpid()}")
    temporary.unlink(missing_ok=True)
    temporary.symlink_to(plan.program)
    temporary.replace(shown)
    return shown
