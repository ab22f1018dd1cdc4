"""What a Jython runs from: its Java program, its jars, its home. Asked in Jython itself."""

from __future__ import annotations

import os
import subprocess
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlparse

from portable_harness.base.reading import decoded
from portable_harness.interpreters.model import Interpreter
from portable_harness.interpreters.probe import JYTHON_SECONDS, guest_environment

MARKER = "PORTABLE-RUNTIME "
# Jython's -D options are read by Jython, after the main class; so are these found in its registry.
_QUESTION = (
    "import json; from java.lang import System; from org.python.core import PySystemState as S; "
    "names = ('python.home', 'python.console'); "
    f"print({MARKER!r} + json.dumps({{"
    "'class_path': System.getProperty('java.class.path'), "
    "'java_home': System.getProperty('java.home'), "
    "'options': dict((n, S.registry.getProperty(n)) for n in names)}))"
)


class UnknownRuntimeError(Exception):
    """Jython did not say what it runs from; one line."""


@dataclass(frozen=True)
class Runtime:
    """``jars`` are all that the class loader looks at, in its order; ``options`` are Jython's."""

    java: str
    jars: tuple[str, ...]
    options: dict[str, str]

    @property
    def class_path(self) -> str:
        """For ``java -cp``."""
        return os.pathsep.join(self.jars)


def runtime(interpreter: Interpreter) -> Runtime:
    """Start a Jython as it stands and ask it.

    :raises UnknownRuntimeError: when it fails or takes too long
    """
    answer = _answer((*interpreter.command, "-c", _QUESTION))
    jars = all_jars([entry for entry in answer["class_path"].split(os.pathsep) if entry])
    options = {name: value for name, value in answer["options"].items() if value}
    return Runtime(str(Path(answer["java_home"], "bin", "java")), tuple(jars), options)


def _answer(command: tuple[str, ...]) -> dict[str, Any]:
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            env=guest_environment(),
            timeout=JYTHON_SECONDS,
            check=True,
        )
        line = next(line for line in done.stdout.splitlines() if line.startswith(MARKER))
        answer = decoded(line[len(MARKER) :])
    except (OSError, subprocess.SubprocessError, StopIteration, ValueError) as error:
        raise UnknownRuntimeError(f"Jython does not say what it runs from: {error}") from error
    assert isinstance(answer, dict)
    return answer


def all_jars(entries: list[str]) -> list[str]:
    """The entries and, after each, what its manifest's Class-Path adds, once each.

    An archive of classes wants them spelled out: the virtual machine does not archive what came by
    way of a manifest (JAR specification, "Class-Path attribute").
    """
    found: dict[str, None] = {}
    waiting = list(entries)
    while waiting:
        entry = waiting.pop(0)
        if entry not in found and Path(entry).is_file():
            found[entry] = None
            waiting[:0] = _named_by_manifest(Path(entry))
    return list(found)


def _named_by_manifest(jar: Path) -> list[str]:
    try:
        with zipfile.ZipFile(jar) as archive:
            text = archive.read("META-INF/MANIFEST.MF").decode("utf-8", "replace")
    except (OSError, KeyError, zipfile.BadZipFile):
        return []
    unfolded = text.replace("\r\n", "\n").replace("\n ", "")
    for line in unfolded.splitlines():
        name, _, value = line.partition(":")
        if name.lower() == "class-path":
            return [_place(jar, address) for address in value.split()]
    return []


def _place(jar: Path, address: str) -> str:
    """An address of a manifest is relative to the jar that it is in."""
    path = unquote(urlparse(address).path)
    return os.path.normpath(jar.parent / path)
