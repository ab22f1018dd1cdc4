"""Environments for the matrix and for tox: made once, remembered, made again when out of date.

A record in the folder says for which interpreter (by path, size and time of its file) and from
which requirements it was made. As long as that is still so, nothing is started and no network is
touched.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import filelock

from portable_harness.base import cache, children
from portable_harness.base.errors import Problem
from portable_harness.base.reading import decoded
from portable_harness.guest import layout, wheels
from portable_harness.guest.build import Builder
from portable_harness.guest.facts import facts, identity
from portable_harness.guest.fetch import Fetcher, last_error, run_pip
from portable_harness.guest.pins import pins, pins_file
from portable_harness.guest.programs import Target
from portable_harness.guest.requirements import Request, parse
from portable_harness.guest.resolve import Resolver
from portable_harness.interpreters.model import Interpreter

RECORD = "portable-guest.json"
FORMAT = 2
OLDEST_ORDINARY = (3, 8)  # what the current virtualenv and tox can still make, one way or another


@dataclass(frozen=True)
class GuestEnvironment:
    """An interpreter with packages; ``env`` are variables to set when its ``python`` is started."""

    interpreter: Interpreter
    requirements: tuple[str, ...]
    where: Path

    @property
    def target(self) -> Target:
        """Its folders."""
        return layout.target(self.interpreter, self.where.absolute())

    @property
    def python(self) -> Path:
        """The program to start."""
        return self.target.python

    @property
    def site(self) -> Path:
        """Where its packages are."""
        return self.target.site

    @property
    def env(self) -> dict[str, str]:
        """Those of the interpreter: the program finds its folder by itself, as do its children."""
        return self.interpreter.variables

    def is_current(self) -> bool:
        """Whether it is there, for this very interpreter, with just these requirements."""
        return self.python.exists() and self._recorded() == self._wanted()

    def create(self) -> None:
        """Make it, or again if it is out of date; does nothing when it is current.

        :raises Problem: one line, when it cannot be made.
        """
        self.where.parent.mkdir(parents=True, exist_ok=True)
        with filelock.FileLock(str(self.where.absolute()) + ".lock"):
            if self.is_current():
                layout.refresh_launcher(self.interpreter, self.where)
                return
            shutil.rmtree(self.where, ignore_errors=True)
            self.create_empty()
            if self.requirements:
                self._install(self.requirements)
            self._remember(self._wanted())

    def create_empty(self, see_system: bool = False) -> None:
        """Make it without packages (and whether it sees those of the interpreter)."""
        if is_ours(self.interpreter):
            known = facts(self.interpreter)
            layout.make(self.interpreter, known, self.where, see_system)
        else:
            _virtualenv(self.interpreter, self.where)
        self._remember({**self._wanted(), "requirements": []})

    def install(self, requirements: Sequence[str]) -> None:
        """Install more, as `pip install` does; words as on its command line (``-r`` FILE too)."""
        self._install(requirements)
        self._remember({**self._wanted(), "requirements": [*self.requirements, *requirements]})

    def _install(self, requirements: Sequence[str]) -> None:
        if is_ours(self.interpreter):
            install(self.interpreter, self.target, parse(requirements))
            return
        # its own pip: an older one of the host may not know which wheels are for this build
        status, output = run_pip(["install", *requirements], self.python)
        if status:
            raise Problem(f"cannot install {' '.join(requirements)}: {last_error(output)}")

    def _wanted(self) -> dict[str, Any]:
        preferred = pins_file(self.interpreter.version[:2])
        files = [preferred] if preferred else []
        files += [Path(word) for word in self.requirements if Path(word).is_file()]
        return {
            "format": FORMAT,
            "interpreter": identity(self.interpreter),
            "name": self.interpreter.name,
            "requirements": list(self.requirements),
            "files": [hashlib.sha256(file.read_bytes()).hexdigest() for file in files],
        }

    def _recorded(self) -> Any:
        try:
            record = decoded((self.where / RECORD).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        record.pop("facts", None)  # for `portable_harness.guest.pip`, no part of the comparison
        return record

    def _remember(self, content: dict[str, Any]) -> None:
        text = json.dumps({**content, "facts": self.interpreter.facts()}, indent=1)
        cache.write_atomically(self.where / RECORD, text)


def environment(
    interpreter: Interpreter, requirements: Sequence[str], where: Path
) -> GuestEnvironment:
    """The environment of an interpreter in a folder, not made yet: call ``create()``.

    :param requirements: as on pip's command line: "pytest==4.6.11", "-r", "file.txt"
    """
    return GuestEnvironment(interpreter, tuple(requirements), where)


def kept(
    folder: str, interpreter: Interpreter, always: Sequence[str], more: Sequence[str] = ()
) -> GuestEnvironment:
    """The environment of an interpreter in a folder of the user's cache, not made yet.

    :param always: what each of that folder has
    :param more: what this one has besides: those with other words are others
    """
    key = "\0".join([str(interpreter.path), *more])
    name = f"{interpreter.name}-{hashlib.sha256(key.encode()).hexdigest()[:8]}"
    return environment(interpreter, (*always, *more), cache.directory(folder) / name)


def suite_requirements(interpreter: Interpreter) -> tuple[str, ...]:
    """What the portable suite needs there: the pinned pytest, or elsewhere the newest."""
    if pins_file(interpreter.version[:2]) is None:
        return ("pytest", "pytest-xdist")
    pinned = pins(interpreter.version[:2])
    return tuple(f"{name}=={pinned[name].version}" for name in ("pytest", "pytest-xdist"))


def is_ours(interpreter: Interpreter) -> bool:
    """Whether the current virtualenv and pip do not serve this interpreter, so that we do."""
    return interpreter.is_jython or interpreter.version[:2] < OLDEST_ORDINARY


def install(interpreter: Interpreter, target: Target, request: Request) -> list[str]:
    """Resolve a request and write the files; gives "name version" of what is new.

    :raises Problem: one line, when something cannot be had; nothing was written then.
    """
    known = facts(interpreter)
    fetcher = Fetcher(known, request.index_options)
    there = {key: found for key, (found, _) in wheels.installed(target.site).items()}
    with tempfile.TemporaryDirectory(prefix="portable-install-") as work:
        resolver = Resolver(
            known, fetcher, builder(interpreter), pins(known.version), there, Path(work)
        )
        new = [choice for choice in resolver.resolve(request) if choice.wheel]
        for choice in new:
            wheels.install(choice.wheel or Path(), target, choice.editable)
    return [f"{choice.metadata.name} {choice.metadata.version}" for choice in new]


def builder(interpreter: Interpreter) -> Builder:
    """What makes wheels of sources, for this interpreter."""
    known = facts(interpreter)
    return Builder(interpreter, known, lambda words, to: _provide(interpreter, words, to))


def _provide(interpreter: Interpreter, words: Sequence[str], folder: Path) -> None:
    """Fill a folder with packages that the interpreter can import: what a build needs."""
    target = Target(folder, folder / "bin", folder, Path(interpreter.command[0]))
    target.bin.mkdir(parents=True, exist_ok=True)
    install(interpreter, target, parse(words))


def _virtualenv(interpreter: Interpreter, where: Path) -> None:
    """An ordinary environment: by virtualenv, or by the interpreter's venv where that refuses."""
    program = interpreter.executable or interpreter.command[0]
    commands = [
        [sys.executable, "-m", "virtualenv", "--quiet", "--python", program, str(where)],
        [*interpreter.command, "-m", "venv", "--clear", str(where)],
    ]
    for command in commands:
        done = children.run(command, 300)
        if done.returncode == 0:
            return
    reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
    raise Problem(f"cannot make an environment for {interpreter.name}: {reason}")
