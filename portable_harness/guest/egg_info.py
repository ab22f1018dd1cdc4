"""Turn what `setup.py install` leaves (PKG-INFO, requires.txt) into a wheel's metadata.

The old setuptools that a guest has cannot make wheels on Jython (wheel wants ctypes), and current
tools read `.dist-info` alone.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from packaging.markers import Marker
from packaging.requirements import InvalidRequirement, Requirement

from portable_harness.base.errors import Problem
from portable_harness.guest.metadata import parse_metadata

_WHEEL = (
    "Wheel-Version: 1.0\nGenerator: portable-server\nRoot-Is-Purelib: true\nTag: py2-none-any\n"
)


def pack(out: Path, made: Path) -> Path:
    """Make a wheel in ``made`` of an installation in ``out`` (folders lib, scripts, data, headers).

    :raises Problem: when there is not exactly one .egg-info in it.
    """
    eggs = list((out / "lib").glob("*.egg-info"))
    if len(eggs) != 1:
        raise Problem(f"setup.py installed {len(eggs)} distributions instead of one")
    egg = eggs[0]
    text = metadata_text(egg)
    about = parse_metadata(text)
    stem = f"{re.sub(r'[-_.]+', '_', about.name)}-{about.version}"
    wheel = made / f"{stem}-py2-none-any.whl"
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, name in _files(out, egg, stem):
            archive.write(path, name)
        archive.writestr(f"{stem}.dist-info/METADATA", text)
        archive.writestr(f"{stem}.dist-info/WHEEL", _WHEEL)
        archive.writestr(f"{stem}.dist-info/RECORD", "")
    return wheel


def _files(out: Path, egg: Path, stem: str) -> Iterator[tuple[Path, str]]:
    """Files and their names in the wheel."""
    for path in sorted(out.rglob("*")):
        place, *inside = path.relative_to(out).parts
        if not path.is_file() or not inside or path.name.endswith((".pyc", "$py.class")):
            continue
        if egg in path.parents:
            if path.name in ("entry_points.txt", "top_level.txt"):
                yield path, f"{stem}.dist-info/{path.name}"
        elif path != egg:
            prefix = [] if place == "lib" else [f"{stem}.data", place]
            yield path, "/".join([*prefix, *inside])


def metadata_text(egg: Path) -> str:
    """The text of METADATA for an .egg-info folder (setuptools) or file (distutils)."""
    info = egg / "PKG-INFO" if egg.is_dir() else egg
    head, _, body = info.read_text(encoding="utf-8", errors="replace").partition("\n\n")
    lines = [line for line in head.splitlines() if not line.startswith("Requires-Dist:")]
    requires = egg / "requires.txt"
    if requires.exists():
        lines += _requires_dist(requires.read_text(encoding="utf-8"))
    return "\n".join(lines) + "\n\n" + body


def _requires_dist(text: str) -> Iterator[str]:
    """Sections of requires.txt, "[extra:marker]", as Requires-Dist and Provides-Extra lines."""
    extra, marker = "", ""
    for line in filter(None, map(str.strip, text.splitlines())):
        if line.startswith("["):
            extra, _, marker = line[1:-1].partition(":")
            if extra:
                yield f"Provides-Extra: {extra}"
        else:
            yield f"Requires-Dist: {_with_marker(line, extra, marker)}"


def _with_marker(line: str, extra: str, marker: str) -> str:
    try:
        requirement = Requirement(line)
    except InvalidRequirement as error:
        raise Problem(f"unreadable requirement {line!r}: {error}") from None
    parts = [str(requirement.marker)] if requirement.marker else []
    parts += [marker] if marker else []
    parts += [f'extra == "{extra}"'] if extra else []
    requirement.marker = Marker(" and ".join(f"({part})" for part in parts)) if parts else None
    return str(requirement)
