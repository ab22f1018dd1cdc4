"""Wheels (PEP 427): read their metadata, write their files into an environment, take them out.

Our own, short, rather than `pip install --target`: that one replaces whole folders, so two
distributions that share a namespace package (`backports`) would destroy each other.
"""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import os
import shutil
import stat
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from portable_harness.base.errors import Problem
from portable_harness.guest.metadata import Metadata, parse_metadata
from portable_harness.guest.programs import Target, console_scripts, make_program

INSTALLER = "portable-server"


def wheel_metadata(wheel: Path) -> Metadata:
    """The metadata of a wheel file.

    :raises Problem: when the file is no wheel.
    """
    try:
        with zipfile.ZipFile(wheel) as archive:
            return parse_metadata(
                archive.read(_dist_info(archive) + "/METADATA").decode("utf-8", "replace")
            )
    except (zipfile.BadZipFile, KeyError, OSError) as error:
        raise Problem(f"{wheel.name} is not a wheel: {error}") from None


def _dist_info(archive: zipfile.ZipFile) -> str:
    for name in archive.namelist():
        folder = name.split("/")[0]
        if folder.endswith(".dist-info"):
            return folder
    raise KeyError("no .dist-info folder in it")


def install(wheel: Path, target: Target, editable: Path | None = None) -> Metadata:
    """Write a wheel's files and scripts; an older version of the same project goes first.

    With ``editable`` only the metadata and the scripts are written, and that folder of sources
    goes on the path by a `.pth` file.
    """
    metadata = wheel_metadata(wheel)
    uninstall(metadata.key, target)
    with zipfile.ZipFile(wheel) as archive:
        info = _dist_info(archive)
        written = list(_extract(archive, target, only=info if editable else ""))
    if editable:
        pth = target.site / f"__editable__.{metadata.key}.pth"
        pth.write_text(f"{_sources(wheel, editable)}\n", encoding="utf-8")
        written.append(pth)
    written += console_scripts(target.site / info, target)
    _record(target.site / info, written, target)
    return metadata


def _sources(wheel: Path, project: Path) -> Path:
    """The folder of a project that has the modules of its wheel: itself, src, ...

    :raises Problem: when they are in no one folder, so that a `.pth` file cannot do.
    """
    with zipfile.ZipFile(wheel) as archive:
        tops = {name.split("/")[0] for name in archive.namelist()}
    modules = {top for top in tops if not top.endswith((".dist-info", ".data", ".so"))}
    for folder in (project, *(project / each for each in ("src", "lib", "python"))):
        if all((folder / module).exists() for module in modules):
            return folder
    raise Problem(f"{project} cannot be installed in develop mode", "its layout is unusual")


def _extract(archive: zipfile.ZipFile, target: Target, only: str) -> Iterator[Path]:
    for entry in archive.infolist():
        if entry.is_dir() or (only and not entry.filename.startswith(only + "/")):
            continue
        path = _place(PurePosixPath(entry.filename), target)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        with archive.open(entry) as source, path.open("wb") as copy:
            shutil.copyfileobj(source, copy)
        if path.parent == target.bin:
            make_program(path, target)
        elif (entry.external_attr >> 16) & stat.S_IXUSR:
            path.chmod(0o755)
        yield path


def _place(name: PurePosixPath, target: Target) -> Path:
    """Where an entry of a wheel goes: most into the site folder, `.data` by its scheme."""
    if name.is_absolute() or ".." in name.parts:
        raise Problem(f"a wheel wants to write outside of its environment: {name}")
    if not name.parts[0].endswith(".data"):
        return target.site / name
    schemes = {
        "purelib": target.site,
        "platlib": target.site,
        "scripts": target.bin,
        "data": target.base,
        "headers": target.base / "include" / "site",
    }
    return schemes[name.parts[1]].joinpath(*name.parts[2:])


def _record(info: Path, written: list[Path], target: Target) -> None:
    """RECORD and INSTALLER (PEP 376): what `uninstall` and other tools read."""
    (info / "INSTALLER").write_text(INSTALLER + "\n", encoding="utf-8")
    lines = io.StringIO()
    rows = csv.writer(lines, lineterminator="\n")
    files = {path for path in written if path.name != "RECORD"} | {info / "INSTALLER"}
    for path in sorted(files):
        rows.writerow([os.path.relpath(path, target.site), _digest(path), path.stat().st_size])
    rows.writerow([f"{info.name}/RECORD", "", ""])
    (info / "RECORD").write_text(lines.getvalue(), encoding="utf-8")


def _digest(path: Path) -> str:
    digest = hashlib.sha256(path.read_bytes()).digest()
    return "sha256=" + base64.urlsafe_b64encode(digest).decode().rstrip("=")


def installed(site: Path) -> dict[str, tuple[Metadata, Path]]:
    """Normalised name -> metadata and .dist-info folder, of what we installed."""
    found = {}
    for info in sorted(site.glob("*.dist-info")):
        if (info / "RECORD").exists():
            text = (info / "METADATA").read_text(encoding="utf-8", errors="replace")
            metadata = parse_metadata(text)
            found[metadata.key] = (metadata, info)
    return found


def uninstall(key: str, target: Target) -> bool:
    """Take a project's files out; False when it is not there."""
    entry = installed(target.site).get(key)
    if entry is None:
        return False
    record = (entry[1] / "RECORD").read_text(encoding="utf-8")
    for row in csv.reader(record.splitlines()):
        path = Path(os.path.normpath(target.site / row[0]))
        if target.base in path.parents:
            _remove(path, target)
    shutil.rmtree(entry[1], ignore_errors=True)
    return True


def _remove(path: Path, target: Target) -> None:
    """A file, what Python compiled from it, and the folder if that leaves it empty."""
    leftovers = [path, *path.parent.glob(f"__pycache__/{path.stem}.*")]
    if path.suffix == ".py":
        leftovers += [path.with_suffix(".pyc"), path.with_name(path.stem + "$py.class")]
    for leftover in leftovers:
        leftover.unlink(missing_ok=True)
    for folder in (path.parent / "__pycache__", path.parent):
        empty = folder.is_dir() and not any(folder.iterdir())
        if empty and folder not in (target.site, target.bin, target.base):
            folder.rmdir()
