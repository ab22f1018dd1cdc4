"""What is sent to a host: the tree, and the packages that its controller imports, as archives.

Nothing is installed there and no package index is asked: a host in a laboratory without a way out
gets all from here. Each archive is named by a hash of its content and kept there under that name,
so it is sent once. Compiled modules are an archive of their own, for hosts of the same platform.
"""

from __future__ import annotations

import functools
import hashlib
import importlib.metadata
import io
import os
import platform
import re
import subprocess
import sysconfig
import tarfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement

from portable_harness.base.errors import Problem
from portable_harness.base.tree import guest_tree

# What the engines of the commands import, and what makes environments for guests. The rest that
# a controller needs (templates, tox, downloads from Maven) is used on this side only.
PACKAGES = (
    "click", "filelock", "installer", "packaging", "pip", "platformdirs", "psutil",
    "pyproject-api", "rich", "virtualenv",
)  # fmt: skip
MOST_BYTES = 100_000_000  # of one part, before it is compressed
COMPILED = (".so", ".pyd")
UNWANTED = ("__pycache__", ".pyc", ".git")
OF_JYTHON = "$py.class"  # other classes may be a part of a project


@dataclass(frozen=True)
class Archive:
    """Files by the name that they have in the part; ``name`` says what it is and what is in it."""

    kind: str
    files: Mapping[str, Path]

    @functools.cached_property
    def name(self) -> str:
        digest = hashlib.sha256()
        for name, path in sorted(self.files.items()):
            content = path.read_bytes()
            digest.update(f"{name}\0{_mode(path):o}\0{len(content)}\0".encode())
            digest.update(content)
        return f"{self.kind}-{digest.hexdigest()[:20]}"

    def archive(self) -> bytes:
        """As a tar file, compressed. :raises Problem: when it is too much to be sent"""
        size = sum(path.stat().st_size for path in self.files.values())
        if size > MOST_BYTES:
            what = f"{self.kind} has {size / 1e6:.0f} MB, too much to be sent to other hosts"
            raise Problem(what, f"at most {MOST_BYTES / 1e6:.0f} MB; git-ignored files stay here")
        stream = io.BytesIO()
        with tarfile.open(fileobj=stream, mode="w:gz", compresslevel=3) as archive:
            for name, path in sorted(self.files.items()):
                archive.addfile(_entry(name, path), io.BytesIO(path.read_bytes()))
        return stream.getvalue()


def _mode(path: Path) -> int:
    return 0o755 if os.access(path, os.X_OK) else 0o644


def _entry(name: str, path: Path) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = path.stat().st_size, _mode(path)
    return entry


@functools.cache
def tree() -> Archive:
    """This project: what runs on guests, and the controller's own code."""
    return folder("tree", guest_tree())


def folder(kind: str, where: Path) -> Archive:
    """A folder: what git tracks there or would track, or without git all but what is compiled."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        done = subprocess.run(command, cwd=where, capture_output=True, text=True, check=False)
        names = done.stdout.split("\0") if done.returncode == 0 else None
    except FileNotFoundError:
        names = None
    found = _walk(where) if not names else [where / name for name in names if name]
    files = {path.relative_to(where).as_posix(): path for path in found if path.is_file()}
    return Archive(kind, files)


def _walk(where: Path) -> Iterator[Path]:
    for path in sorted(where.rglob("*")):
        names = {*path.relative_to(where).parts, path.suffix}
        unwanted = names.intersection(UNWANTED) or path.name.endswith(OF_JYTHON)
        if path.is_file() and not unwanted:
            yield path


@functools.cache
def libraries() -> tuple[Archive, Archive]:
    """The packages of ``PACKAGES`` with all that they need: pure Python, and the compiled ones."""
    pure, compiled = dict[str, Path](), dict[str, Path]()
    for distribution in _closure(PACKAGES):
        files = dict(_files_of(distribution))
        is_compiled = any(path.suffix in COMPILED for path in files.values())
        (compiled if is_compiled else pure).update(files)
    return Archive("packages", pure), Archive("compiled", compiled)


def _files_of(distribution: importlib.metadata.Distribution) -> Iterator[tuple[str, Path]]:
    for file in distribution.files or []:
        path = Path(str(distribution.locate_file(file)))
        unwanted = {"..", *UNWANTED}.intersection([*file.parts, path.suffix])
        if not unwanted and path.is_file():
            yield file.as_posix(), path


#: Asked of a Python there: its system and processor, its C library, its binary interface.
PLATFORM = """
import platform, sysconfig
channel.send([
    sysconfig.get_platform(), platform.libc_ver()[0], sysconfig.get_config_var("SOABI") or "",
])
"""


def is_for(theirs: Sequence[str]) -> bool:
    """Whether a Python that answered ``PLATFORM`` so can import our compiled packages."""
    ours = [sysconfig.get_platform(), platform.libc_ver()[0]]
    names = [name for name in libraries()[1].files if name.endswith(COMPILED)]
    stable = all(".abi3." in name for name in names)
    return list(theirs[:2]) == ours and (
        stable or theirs[2] == (sysconfig.get_config_var("SOABI") or "")
    )


def _closure(names: Iterable[str]) -> list[importlib.metadata.Distribution]:
    """The distributions and what they require, markers read for this Python."""
    left, found = list(names), dict[str, importlib.metadata.Distribution]()
    while left:
        name = re.sub(r"[-_.]+", "-", left.pop()).lower()
        if name in found:
            continue
        try:
            found[name] = importlib.metadata.distribution(name)
        except importlib.metadata.PackageNotFoundError:
            continue  # an optional one: what is really needed was there when we started
        for line in found[name].requires or []:
            requirement = Requirement(line)
            if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
                left.append(requirement.name)
    return list(found.values())
