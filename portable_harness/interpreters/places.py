"""Where interpreters are looked for: candidates in order of preference, none of them started yet.

The variable PORTABLE_INTERPRETERS comes first (files, jars or folders, separated as in PATH),
then PATH, JYTHON_HOME and JYTHON_JAR, pyenv's versions, uv's folder, Debian's places, what
`interpreters install` put into our own cache, and last the base of the environment we run in.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from portable_harness.base import cache, children

VARIABLE = "PORTABLE_INTERPRETERS"
_PYTHON_NAME = re.compile(r"(python|pypy|graalpy|jython)(\d+(\.\d+)*)?t?(\.exe)?")
_JAR_NAME = re.compile(r"jython.*\.jar")


@dataclass(frozen=True)
class Candidate:
    """A file that may be an interpreter, and where it was found."""

    path: Path
    source: str

    @property
    def is_jar(self) -> bool:
        """Whether it is a Jython jar, which a Java virtual machine has to run."""
        return self.path.suffix == ".jar"

    @property
    def is_jython(self) -> bool:
        """Whether its name says Jython: such a start is slow and needs Java."""
        return self.path.name.startswith("jython")


def candidates() -> Iterator[Candidate]:
    """All candidates, preferred ones first; the same file may come more than once."""
    for source, files in _places():
        for path in files:
            yield Candidate(path, source)


def _places() -> Iterator[tuple[str, Iterable[Path]]]:
    yield "variable", _from_variable(VARIABLE)
    yield "PATH", _in_folders(_split(os.environ.get("PATH", "")))
    yield "JYTHON_HOME", _from_jython_variables()
    yield "pyenv", _in_folders(_matching(_pyenv_root(), "versions/*/bin"))
    yield "uv", _in_folders(_matching(_uv_folder(), "*/bin"))
    yield "debian", _debian()
    yield "cache", _cached()
    yield "environment", [Path(os.path.realpath(sys.executable))]


def _matching(folder: Path, pattern: str) -> list[Path]:
    """What matches in a folder, sorted; nothing where it may not be entered (another's home)."""
    try:
        return sorted(folder.glob(pattern))
    except PermissionError:
        return []


def _from_variable(name: str) -> Iterator[Path]:
    for entry in _split(os.environ.get(name, "")):
        if entry.is_dir():
            yield from _in_folders([entry, entry / "bin"])
        else:
            yield entry


def _from_jython_variables() -> Iterator[Path]:
    home = os.environ.get("JYTHON_HOME")
    if home:
        files = [Path(home, "bin", "jython"), *_matching(Path(home), "jython*.jar")]
        yield from [file for file in files if file.exists()][:1] or [Path(home, "bin", "jython")]
    jar = os.environ.get("JYTHON_JAR")
    if jar:
        yield Path(jar)


def _debian() -> Iterator[Path]:
    for pattern in ("python2.7", "python3.*", "pypy", "pypy3"):
        yield from _interpreters_among(sorted(Path("/usr/bin").glob(pattern)))
    yield from Path("/usr/share/jython/bin").glob("jython")


def _cached() -> Iterator[Path]:
    yield from _in_folders([cache.programs()])
    yield from _in_folders(prefix / "bin" for prefix in reversed(cache.built_pythons()))
    yield from sorted(cache.directory("jython").glob("*/jython*.jar"), reverse=True)


def _pyenv_root() -> Path:
    return Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")


def _uv_folder() -> Path:
    """uv's own answer where there is a uv (`uv python dir`), else its documented default."""
    configured = os.environ.get("UV_PYTHON_INSTALL_DIR")
    if configured:
        return Path(configured)
    answer = _ask_uv()
    if answer:
        return Path(answer)
    data = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(data, "uv", "python")


def _ask_uv() -> str:
    program = uv_program()
    if program is None:
        return ""
    try:
        command = [program, "python", "dir"]
        done = children.run(command, 10)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def uv_program() -> str | None:
    """uv from PATH, or beside the Python that runs us."""
    return shutil.which("uv") or program_beside("uv")


def program_beside(name: str) -> str | None:
    """A program that pip installed next to the Python that runs us, or else one from PATH."""
    beside = Path(sys.executable).parent / name
    return str(beside) if os.access(beside, os.X_OK) else shutil.which(name)


def _in_folders(folders: Iterable[Path]) -> Iterator[Path]:
    for folder in folders:
        try:
            files = list(folder.iterdir())
        except OSError:  # a folder of PATH that is not there, or not ours to read
            continue
        yield from _interpreters_among(files)


def _interpreters_among(files: Iterable[Path]) -> list[Path]:
    """Those with an interpreter's name; the most telling name (python3.13t) of a folder first."""
    named = [file for file in files if _PYTHON_NAME.fullmatch(file.name)]
    return sorted(named, key=lambda file: (-len(file.name), file.name))


def looks_like_interpreter(name: str) -> bool:
    """Whether a file's name is one that interpreters have (python3.13t, pypy3, jython.jar)."""
    return bool(_PYTHON_NAME.fullmatch(name) or _JAR_NAME.fullmatch(name))


def _split(value: str) -> list[Path]:
    return [Path(part).expanduser() for part in value.split(os.pathsep) if part]
