"""The fast start of a Jython: made once for its jars and its Java, kept in the user's cache.

What is kept is a folder with the archive, a small launcher script for each profile, and a note of
what they were made from. A launcher is also what ``sys.executable`` names in the guest, so that a
child started from there is fast too. When the jars or Java change, the note no longer fits and all
is made again; when that fails, the stock command is used and the note says why.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import shlex
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

import filelock

from portable_harness.base import cache
from portable_harness.base.reading import decoded
from portable_harness.interpreters import java
from portable_harness.interpreters.model import Interpreter
from portable_harness.jython import archive
from portable_harness.jython.archive import NoArchiveError
from portable_harness.jython.classpath import Runtime, UnknownRuntimeError, runtime

# start: short runs, the first compiler only. throughput: the full JIT and Java's own collector.
Profile = Literal["start", "throughput"]
_NAMES: dict[Profile, str] = {"start": "jython", "throughput": "jython-throughput"}
_FORMAT = "2"  # of the folder; another number makes everything again
_WAIT_SECONDS = 300.0  # for another process that is making the same


@dataclass(frozen=True)
class FastStart:
    """A fast start that is there, or (``problem``) why there is none."""

    folder: Path
    runtime: Runtime | None
    problem: str = ""

    @property
    def archive(self) -> Path:
        """The archive of classes."""
        return self.folder / "classes.jsa"

    def launcher(self, profile: Profile) -> Path:
        """The script that starts Jython with this profile."""
        return self.folder / "bin" / _NAMES[profile]

    def java_command(self, profile: Profile, executable: str) -> tuple[str, ...]:
        """The start spelled out, for a launcher of one's own whose path is ``executable``."""
        assert self.runtime is not None, self.problem
        start = archive.mapped(self.runtime, self.archive)
        if profile == "throughput":
            start = (self.runtime.java, *archive.sharing(self.archive))
        return (*start, *archive.program(self.runtime, executable))


def fast_command(
    interpreter: Interpreter, profile: Profile = "start", executable: str | None = None
) -> tuple[str, ...]:
    """The quickest command that starts an interpreter; the first call for a Jython takes seconds.

    Anything but a Jython, and a Jython that cannot be started faster, has its stock command.

    :param profile: "throughput" where speed is measured: it must run with the full JIT
    :param executable: the path of a launcher that will contain the command, for ``sys.executable``;
        without it the command is one word, our own launcher
    """
    if not interpreter.is_jython:
        return interpreter.command
    start = fast_start(interpreter)
    if start.problem:
        return interpreter.command
    if executable is not None:
        return start.java_command(profile, executable)
    return (str(start.launcher(profile)),)


def is_ready(interpreter: Interpreter) -> bool:
    """Whether ``fast_command`` will answer at once."""
    return not interpreter.is_jython or _load(_folder(interpreter)) is not None


def fast_start(interpreter: Interpreter) -> FastStart:
    """The fast start of a Jython, made if it is not there or no longer fits. Never fails: see
    ``problem``."""
    folder = _folder(interpreter)
    known = _load(folder)
    if known is not None:
        return known
    try:
        with _making(folder):
            return _load(folder) or _make(interpreter, folder)
    except (OSError, filelock.Timeout) as error:
        return FastStart(folder, None, f"the cache cannot be used: {error}")


def _folder(interpreter: Interpreter) -> Path:
    parts = [_FORMAT, *interpreter.command, cache.stamp(interpreter.path)]
    parts.append(cache.stamp(java.executable() or ""))
    name = hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]
    return cache.directory("jython") / "start" / name


@contextlib.contextmanager
def _making(folder: Path) -> Iterator[None]:
    folder.mkdir(parents=True, exist_ok=True)
    with filelock.FileLock(folder / "making.lock", timeout=_WAIT_SECONDS):
        yield


def _make(interpreter: Interpreter, folder: Path) -> FastStart:
    try:
        found = runtime(interpreter)
    except UnknownRuntimeError as error:
        return FastStart(folder, None, str(error))  # a busy machine, perhaps: not remembered
    start = FastStart(folder, found)
    try:
        archive.make(found, start.archive)
    except NoArchiveError as error:
        start = FastStart(folder, found, str(error))
    else:
        for profile in _NAMES:
            _write_launcher(start, profile, interpreter.command)
    _save(start)
    return start


def _write_launcher(start: FastStart, profile: Profile, stock: tuple[str, ...]) -> None:
    assert start.runtime is not None
    path = start.launcher(profile)
    command = start.java_command(profile, str(path))
    text = f"""#!/bin/sh
# Jython from an archive of classes ({profile}). Made by portable-server; may be deleted.
[ -x {shlex.quote(start.runtime.java)} ] || exec {shlex.join(stock)} "$@"
exec {shlex.join(command)} "$@"
"""
    cache.write_atomically(path, text, mode=0o755)


def _stamps(found: Runtime) -> list[str]:
    return [cache.stamp(path) for path in (found.java, *found.jars)]


def _save(start: FastStart) -> None:
    assert start.runtime is not None
    note = {
        "runtime": asdict(start.runtime),
        "stamps": _stamps(start.runtime),
        "problem": start.problem,
    }
    cache.write_atomically(start.folder / "note.json", json.dumps(note, indent=1))


def _load(folder: Path) -> FastStart | None:
    """What was made before, if its jars and its Java are still the same."""
    try:
        note = decoded((folder / "note.json").read_text(encoding="utf-8"))
        known = note["runtime"]
        found = Runtime(known["java"], tuple(known["jars"]), dict(known["options"]))
        start = FastStart(folder, found, note["problem"])
        fits = note["stamps"] == _stamps(found)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    whole = bool(start.problem) or (start.archive.exists() and start.launcher("start").exists())
    return start if fits and whole else None
