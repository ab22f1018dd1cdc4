"""Wheels (PEP 427): read their metadata, write their files into an environment, take them out.

`installer` writes them. Not `pip install --target`: that one replaces whole folders, so two
distributions that share a namespace package (`backports`) would destroy each other.
"""

from __future__ import annotations

import csv
import os
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import installer
from installer.sources import WheelContentElement, WheelFile

from portable_harness.base.errors import Problem
from portable_harness.guest.metadata import Metadata, parse_metadata
from portable_harness.guest.programs import Destination, Target

INSTALLER = "portable-server"


class _MetadataOnly(WheelFile):
    """A wheel of which only the metadata and the scripts are written."""

    def get_contents(self) -> Iterator[WheelContentElement]:
        for element in super().get_contents():
            if element[0][0].startswith(self.dist_info_dir + "/"):
                yield element


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

    :raises Problem: when the wheel is damaged, or wants to write outside of the environment.
    """
    metadata = wheel_metadata(wheel)
    uninstall(metadata.key, target)
    destination = Destination(target)
    if editable:
        pth = f"__editable__.{metadata.key}.pth"
        destination.additional[pth] = f"{_sources(wheel, editable)}\n".encode()
    try:
        with (_MetadataOnly if editable else WheelFile).open(wheel) as source:
            installer.install(source, destination, {"INSTALLER": f"{INSTALLER}\n".encode()})
    except (ValueError, KeyError, zipfile.BadZipFile) as error:
        raise Problem(f"{wheel.name} cannot be installed: {error}") from None
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
