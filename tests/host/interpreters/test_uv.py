"""uv for real, from a mirror on loopback that has what its list of downloads says."""

from __future__ import annotations

import hashlib
import io
import json
import platform
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from portable_harness.interpreters import places
from portable_harness.interpreters.install.installing import Installation, install_one
from portable_harness.interpreters.install.managers import UvMethod
from portable_harness.interpreters.install.methods import Request
from portable_harness.interpreters.install.progress import Progress
from portable_harness.interpreters.model import Found
from portable_harness.interpreters.names import parse

from .conftest import FACTS
from .maven_repository import served

pytestmark = pytest.mark.skipif(places.uv_program() is None, reason="no uv")
BUILDS = {  # name -> (implementation, version, variant)
    "python3.14": ("cpython", (3, 14, 10, ""), None),
    "python3.14t": ("cpython", (3, 14, 10, ""), "freethreaded"),
    "python3.15": ("cpython", (3, 15, 2, ""), None),
    "python3.15t": ("cpython", (3, 15, 2, ""), "freethreaded"),
    "python3.16": ("cpython", (3, 16, 0, "a2"), None),
    "python3.16t": ("cpython", (3, 16, 0, "a2"), "freethreaded"),
    "pypy3.11": ("pypy", (3, 11, 17, ""), None),
    "graalpy3.12": ("graalpy", (3, 12, 0, ""), None),
}
SYSCONFIG = (
    "# system configuration generated and used by the sysconfig module\nbuild_time_vars = {\n}\n"
)
_NAMES = {"cpython": "CPython", "pypy": "PyPy", "graalpy": "GraalPy"}


def archive(folder: Path, name: str) -> dict[str, Any]:
    """Pack an interpreter made of sh; what uv's list says of it, but for the address."""
    kind, version, variant = BUILDS[name]
    facts = {
        **FACTS,
        "implementation": _NAMES[kind],
        "version": version[:3],
        "prerelease": version[3],
        "class": "FT" if variant else "G10",
        "free_threaded_build": bool(variant),
    }
    library = f"python/lib/{name.replace('graalpy', 'python')}"
    files = {  # uv reads the second and writes it anew
        f"python/bin/{name}": f"#!/bin/sh\necho 'PORTABLE-FACTS {json.dumps(facts)}'\n",
        f"{library}/_sysconfigdata_x.py": SYSCONFIG,
    }
    with tarfile.open(folder / f"{name}.tar.gz", "w:gz") as packed:
        for path, text in files.items():
            member = tarfile.TarInfo(path)
            member.size, member.mode = len(text), 0o755
            packed.addfile(member, io.BytesIO(text.encode()))
    major, minor, patch, prerelease = version
    return {
        "name": kind,
        "arch": {"family": platform.machine(), "variant": None},
        "os": "linux",
        "libc": "gnu",
        "major": major,
        "minor": minor,
        "patch": patch,
        "prerelease": prerelease,
        "sha256": hashlib.sha256((folder / f"{name}.tar.gz").read_bytes()).hexdigest(),
        "variant": variant,
    }


@pytest.fixture
def mirror(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder with the archives; uv's folders are the test's."""
    folder = tmp_path / "mirror"
    folder.mkdir()
    with served(folder) as address:
        builds = {
            name: {**archive(folder, name), "url": f"{address}/{name}.tar.gz"} for name in BUILDS
        }
        (tmp_path / "downloads.json").write_text(json.dumps(builds))
        monkeypatch.setenv("UV_PYTHON_DOWNLOADS_JSON_URL", str(tmp_path / "downloads.json"))
        monkeypatch.setenv("UV_PYTHON_INSTALL_DIR", str(tmp_path / "uv"))
        monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "uv-cache"))
        folders = (tmp_path / "uv").glob("*/bin")  # a generator: read when it is searched
        only_uv = [("uv", places._in_folders(folders))]
        monkeypatch.setattr(places, "_places", lambda: iter(only_uv))
        yield folder


def install(name: str) -> Installation:
    return install_one(Request(parse(name)), [UvMethod()], "uv", False, Progress(), Found())


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("3.14", "CPython 3.14.10 (G10)"),
        ("3.14t", "CPython 3.14.10 (FT)"),
        ("3.15", "CPython 3.15.2 (G10)"),
        ("3.15t", "CPython 3.15.2 (FT)"),
        ("3t", "CPython 3.15.2 (FT)"),
        ("3.16", "CPython 3.16.0a2 (G10)"),
        ("3.16t", "CPython 3.16.0a2 (FT)"),
        ("pypy3.11", "PyPy 3.11.17 (G10)"),
        ("graalpy", "GraalPy 3.12.0 (G10)"),
    ],
)
def test_each_can_be_had(mirror: Path, name: str, title: str) -> None:
    result = install(name)
    assert result.ok, result.lines
    assert result.lines[0].startswith(f"{name}: {title} at ")


def test_another_content_is_refused(mirror: Path) -> None:
    (mirror / "python3.15t.tar.gz").write_bytes(b"something else")
    result = install("3.15t")
    assert not result.ok
    assert result.attempts[0].method.name == "uv"
