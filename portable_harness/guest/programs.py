"""Where a wheel's files go in an environment; its programs start with the guest's own Python."""

from __future__ import annotations

import io
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from installer.destinations import SchemeDictionaryDestination
from installer.records import RecordEntry
from installer.scripts import Script
from installer.utils import Scheme

SITE, SCRIPTS = Scheme("purelib"), Scheme("scripts")


@dataclass(frozen=True)
class Target:
    """Where a guest's files go; ``python`` is the program that its scripts start."""

    site: Path
    bin: Path
    base: Path
    python: Path


class Destination(SchemeDictionaryDestination):
    """An environment, for `installer`; ``additional`` are more files of its site folder."""

    def __init__(self, target: Target) -> None:
        folders = {
            "purelib": target.site,
            "platlib": target.site,
            "scripts": target.bin,
            "data": target.base,
            "headers": target.base / "include" / "site",
        }
        schemes = {name: str(folder) for name, folder in folders.items()}
        super().__init__(schemes, str(target.python), "posix", overwrite_existing=True)
        self.additional: dict[str, bytes] = {}
        self._programs: dict[str, RecordEntry] = {}

    def write_file(
        self, scheme: Scheme, path: str | os.PathLike[str], stream: BinaryIO, is_executable: bool
    ) -> RecordEntry:
        """Write one file; one in ``scripts`` starts with the guest's Python.

        What is there already is replaced, not written into: it may be a link. The program of an
        entry point stays: an old setuptools puts one of its own into the wheel, which needs
        `pkg_resources`.
        """
        if scheme == SCRIPTS and str(path) in self._programs:
            return self._programs[str(path)]
        self._path_with_destdir(scheme, str(path)).unlink(missing_ok=True)
        if scheme == SCRIPTS:
            program = _in_ascii(_with_shebang(stream.read(), self.interpreter), self.interpreter)
            return self.write_to_fs(scheme, str(path), io.BytesIO(program), True)
        return self.write_to_fs(scheme, str(path), stream, is_executable)

    def write_script(self, name: str, module: str, attr: str, section: str) -> RecordEntry:
        """Write the program of an entry point."""
        script = Script(name, module, attr, section)  # type: ignore[arg-type]
        _, program = script.generate(self.interpreter, "posix")
        program = _in_ascii(program, self.interpreter)
        self._programs[name] = self.write_file(SCRIPTS, name, io.BytesIO(program), True)
        return self._programs[name]

    def finalize_installation(
        self,
        scheme: Scheme,
        record_file_path: str,
        records: Iterable[tuple[Scheme, RecordEntry]],
    ) -> None:
        """Write the additional files, and RECORD, which has them too."""
        more = [
            (SITE, self.write_file(SITE, name, io.BytesIO(content), False))
            for name, content in self.additional.items()
        ]
        once = {(where, entry.path): (where, entry) for where, entry in [*records, *more]}
        super().finalize_installation(scheme, record_file_path, once.values())


def _with_shebang(program: bytes, python: str) -> bytes:
    """The program with first lines that start any Python: a path of any length, a shell script."""
    first, _, rest = program.partition(b"\n")
    if not first.startswith(b"#!") or b"python" not in first:
        return program
    return f"#!/bin/sh\n'''exec' \"{python}\" \"$0\" \"$@\"\n' '''\n".encode() + rest


def _in_ascii(program: bytes, python: str) -> bytes:
    """A program of an environment whose path is not ASCII finds its Python in its own folder.

    Python 2 takes the second line for text in ASCII; an encoding is said in the fourth.
    """
    if python.isascii():
        return program
    head, found, rest = program.partition(b"\n'''exec' ")
    by_folder = b'"$(dirname "$(readlink -f "$0")")/python" "$0" "$@"'
    return head + found + by_folder + b"\n" + rest.partition(b"\n")[2] if found else program
