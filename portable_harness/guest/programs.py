"""The programs of an environment: console scripts that start with the guest's own Python."""

from __future__ import annotations

import configparser
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Target:
    """Where a guest's files go; ``python`` is the program that its scripts start."""

    site: Path
    bin: Path
    base: Path
    python: Path


def make_program(path: Path, target: Target) -> None:
    first, _, rest = path.read_bytes().partition(b"\n")
    if first.startswith(b"#!") and b"python" in first:
        path.write_bytes(shebang(target.python).encode() + rest)
    path.chmod(0o755)


def shebang(python: Path) -> str:
    """First lines that start a Python script with any path of any length, a shell script's too."""
    return f"#!/bin/sh\n'''exec' \"{python}\" \"$0\" \"$@\"\n' '''\n"


def console_scripts(info: Path, target: Target) -> Iterator[Path]:
    parser = configparser.ConfigParser(delimiters=("=",))
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(info / "entry_points.txt", encoding="utf-8")
    for section in ("console_scripts", "gui_scripts"):
        for name, entry in parser.items(section) if parser.has_section(section) else ():
            path = target.bin / name
            path.write_text(_script(entry.split("[")[0].strip(), target.python), encoding="utf-8")
            path.chmod(0o755)
            yield path


def _script(entry: str, python: Path) -> str:
    module, _, attribute = entry.partition(":")
    head = attribute.split(".")[0]
    call = f"sys.exit({attribute}())" if attribute else ""
    what = f"from {module} import {head}" if attribute else f"import {module}"
    return (
        f"{shebang(python)}# -*- coding: utf-8 -*-\nimport sys\n{what}\n"
        f"if __name__ == '__main__':\n    {call or 'pass'}\n"
    )
