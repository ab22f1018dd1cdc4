"""Make a wheel of sources, for a guest.

A project with a setup.py is built *by the guest*, with the setuptools of its time: only there are
`sys.version_info` and the markers in setup.py read right, 2.7-only code runs, and an extension is
compiled for the right interpreter (or left out, on Jython). What is needed to build (the pins'
setuptools, and `build-system.requires`) lies in a folder of its own and never gets into the
environment. A project without setup.py (flit, hatch, poetry) is built by the host, and then must
be pure Python. The result is kept by the contents of the sources: unchanged sources are not built
again.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from subprocess import CompletedProcess

from pyproject_api import Frontend

from portable_harness.base import cache, children
from portable_harness.base.errors import Problem
from portable_harness.base.tree import on_guest
from portable_harness.guest import egg_info
from portable_harness.guest.facts import Facts, identity
from portable_harness.guest.fetch import last_error, run_pip
from portable_harness.guest.pins import Pin
from portable_harness.interpreters.model import Interpreter

TIME_LIMIT = 900.0
NEEDS = "NEEDS "  # as on_guest/run_setup.py has it
NOT_SOURCES = {".git", ".hg", ".tox", ".nox", ".venv", "venv", "__pycache__", "node_modules"}

# Fills a folder with packages that the guest can import: given requirements and the folder.
Provide = Callable[[Sequence[str], Path], None]


class Builder:
    """Builds for one guest."""

    def __init__(self, interpreter: Interpreter, facts: Facts, provide: Provide) -> None:
        self.interpreter = interpreter
        self.facts = facts
        self.provide = provide

    def wheel(self, source: Path) -> Path:
        """A wheel made of a folder or a source archive.

        :raises Problem: when neither the guest nor the host can build it.
        """
        with tempfile.TemporaryDirectory(prefix="portable-build-") as folder:
            tree = unpack(source, Path(folder, "tree"))
            kept = cache.directory("guest-wheels") / self._key(tree)
            if not kept.is_dir():
                made = Path(folder, "wheel")
                made.mkdir()
                self._build(tree, made)
                _publish(made, kept)
            return next(kept.glob("*.whl"))

    def _key(self, tree: Path) -> str:
        digest = hashlib.sha256(repr(identity(self.interpreter)).encode())
        for path in sorted(tree.rglob("*")):
            if path.is_file():
                digest.update(f"\0{path.relative_to(tree)}\0".encode())
                digest.update(path.read_bytes())
        return digest.hexdigest()

    def _build(self, tree: Path, made: Path) -> None:
        if (tree / "setup.py").exists():
            self._on_guest(tree, made)
        elif (tree / "pyproject.toml").exists() or (tree / "setup.cfg").exists():
            _on_host(tree, made)
        else:
            raise Problem(f"{tree.name} has neither setup.py nor pyproject.toml")

    def _on_guest(self, tree: Path, made: Path) -> None:
        with tempfile.TemporaryDirectory(prefix="portable-tools-") as folder:
            tools, out = Path(folder, "tools"), Path(folder, "out")
            self.provide(["setuptools", "wheel", *build_requires(tree)], tools)
            if needed := self._setup_requires(tree, tools):
                self.provide(needed, tools)  # beside the others
            done = self._run_setup(tree, tools, "-q", "install", *_install_options(out))
            if done.returncode:
                sys.stderr.write(done.stdout)
                lines = done.stdout.strip().splitlines() or [f"exit status {done.returncode}"]
                raise Problem(f"{self.interpreter.name} cannot build {tree.name}: {lines[-1]}")
            egg_info.pack(out, made)

    def _setup_requires(self, tree: Path, tools: Path) -> list[str]:
        """What setup.py says that it needs itself; an old setuptools would fetch it on its own.

        Only those that mention it are asked: an answer costs a start of the interpreter.
        """
        files = [path for path in (tree / "setup.py", tree / "setup.cfg") if path.exists()]
        if not any(b"setup_requires" in path.read_bytes() for path in files):
            return []
        said = self._run_setup(tree, tools, "--needs").stdout.splitlines()
        return [line.removeprefix(NEEDS) for line in said if line.startswith(NEEDS)]

    def _run_setup(self, tree: Path, tools: Path, *arguments: str) -> CompletedProcess[str]:
        words = [*self.interpreter.command, str(on_guest("guest") / "run_setup.py"), *arguments]
        return children.run(words, TIME_LIMIT, cwd=tree, env=_environment(tools), merged=True)


def _install_options(out: Path) -> list[str]:
    places = {"lib": "lib", "scripts": "scripts", "data": "data", "headers": "headers"}
    options = [f"--install-{place}={out / folder}" for place, folder in places.items()]
    out.mkdir()
    return [*options, "--single-version-externally-managed", f"--record={out / 'record'}"]


def _environment(tools: Path) -> dict[str, str]:
    environment = dict(os.environ, PYTHONPATH=str(tools), JYTHONPATH=str(tools))
    environment.update(PYTHONNOUSERSITE="1", PYTHONIOENCODING="utf-8")
    environment.pop("PYTHONHOME", None)
    return environment


def _on_host(tree: Path, made: Path) -> None:
    status, output = run_pip(["wheel", "--no-deps", "--wheel-dir", str(made), str(tree)])
    if status:
        raise Problem(f"cannot build {tree.name}: {last_error(output)}")
    name = next(made.glob("*.whl")).name
    if not name.endswith("-none-any.whl"):
        raise Problem(f"{name} has compiled parts for the host, not for this interpreter")


def build_requires(tree: Path) -> list[str]:
    """`build-system.requires`, but for setuptools and wheel: of those a guest has what it has."""
    needed = Frontend.create_args_from_folder(tree)[4]
    return [str(each) for each in needed if each.name not in ("setuptools", "wheel")]


def unpack(source: Path, into: Path) -> Path:
    """A private copy of a source folder, or the contents of a source archive: the folder in it.

    :raises Problem: when it is neither a folder, nor a tar, nor a zip file.
    """
    if source.is_dir():
        ignore = shutil.ignore_patterns(*NOT_SOURCES, "*.pyc", "*.egg-info", "*$py.class")
        shutil.copytree(source, into / source.name, ignore=ignore, symlinks=True)
    elif tarfile.is_tarfile(source):
        with tarfile.open(source) as archive:
            if hasattr(tarfile, "data_filter"):  # not in Debian 12's CPython 3.11.2
                archive.extraction_filter = tarfile.data_filter
            archive.extractall(into)
    elif zipfile.is_zipfile(source):
        with zipfile.ZipFile(source) as archive:
            archive.extractall(into)
    else:
        raise Problem(f"{source.name} is no source archive that can be read")
    inside = list(into.iterdir())
    return inside[0] if len(inside) == 1 and inside[0].is_dir() else into


def only_module(archive: Path, pin: Pin, made: Path) -> Path:
    """A wheel with the one module that the pin names, out of a source archive."""
    with tempfile.TemporaryDirectory(prefix="portable-build-") as folder:
        tree = unpack(archive, Path(folder, "tree"))
        out = Path(folder, "out")
        (out / "lib").mkdir(parents=True)
        shutil.copy2(tree / str(pin.only), out / "lib")
        egg = out / "lib" / f"{pin.name}-{pin.version}.egg-info"
        egg.mkdir()
        shutil.copy2(tree / "PKG-INFO", egg)
        return egg_info.pack(out, made)


def _publish(made: Path, kept: Path) -> None:
    """Into the cache in one step; somebody else may have been quicker."""
    kept.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=kept.parent) as new:
        copy = shutil.copytree(made, Path(new, "wheel"))
        try:
            copy.rename(kept)
        except OSError:
            if not kept.is_dir():
                raise
