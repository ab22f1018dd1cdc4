"""Read what pip reads: command line arguments and requirements files.

Format: https://pip.pypa.io/en/stable/reference/requirements-file-format/
"""

from __future__ import annotations

import argparse
import os
import re
import shlex
import urllib.request
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

from packaging.requirements import InvalidRequirement, Requirement

from portable_harness.base.errors import Problem

TIME_LIMIT = 60.0

# Options of pip that choose where files come from, and take a value: handed on to pip.
INDEX_OPTIONS = [
    "--index-url",
    "--extra-index-url",
    "--find-links",
    "--trusted-host",
    "--cert",
    "--client-cert",
    "--proxy",
    "--timeout",
    "--retries",
    "--no-binary",
    "--only-binary",
]
# Options that have no meaning for us, or only the one we have anyway.
_IGNORED = [
    "--quiet",
    "--verbose",
    "--no-cache-dir",
    "--disable-pip-version-check",
    "--prefer-binary",
    "--no-compile",
    "--no-warn-script-location",
    "--use-pep517",
    "--no-use-pep517",
    "--no-build-isolation",
    "--isolated",
    "--require-hashes",
    "--no-input",
    "--no-warn-conflicts",
    "--no-color",
    "--debug",
]
_IGNORED_WITH_VALUE = ["--config-settings", "--progress-bar", "--upgrade-strategy", "--log"]


@dataclass(frozen=True)
class Wanted:
    """One thing asked for: by ``requirement`` from the index, or a file, folder or URL (``at``)."""

    requirement: Requirement | None
    at: str = ""
    extras: frozenset[str] = frozenset()
    editable: bool = False
    hashes: tuple[str, ...] = ()


@dataclass
class Request:
    """Everything one `pip install` asks for."""

    wanted: list[Wanted] = field(default_factory=list)
    constraints: list[Requirement] = field(default_factory=list)
    index_options: list[str] = field(default_factory=list)
    pre: bool = False
    no_deps: bool = False
    upgrade: bool = False
    force: bool = False


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise Problem(f"pip: {message}", "this pip, for old interpreters, knows fewer options")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="pip install", add_help=False, allow_abbrev=False)
    for short, name in (("-r", "requirement"), ("-c", "constraint"), ("-e", "editable")):
        parser.add_argument(short, f"--{name}", action="append", default=[])
    short_names = {"--index-url": "-i", "--find-links": "-f"}
    for option in INDEX_OPTIONS:
        names = [short_names[option]] if option in short_names else []
        parser.add_argument(*names, option, action="append", default=[])
    for option in ("--pre", "--no-deps", "--force-reinstall", "--no-index"):
        parser.add_argument(option, action="store_true")
    parser.add_argument("-U", "--upgrade", action="store_true")
    parser.add_argument("-I", "--ignore-installed", action="store_true", dest="force_reinstall")
    parser.add_argument("-q", "-v", action="count")
    for option in _IGNORED:
        parser.add_argument(option, action="store_true")
    for option in _IGNORED_WITH_VALUE:
        parser.add_argument(option, action="append")
    parser.add_argument("--hash", action="append", default=[])
    parser.add_argument("words", nargs="*")
    return parser


def parse(arguments: Iterable[str]) -> Request:
    """What `pip install ARGUMENTS` asks for; PIP_CONSTRAINT, PIP_PRE count as with pip.

    :raises Problem: for an option we have not, a file that is not there, an unreadable line.
    """
    request = Request(pre=os.environ.get("PIP_PRE", "0").lower() in ("1", "true", "yes", "on"))
    _arguments(list(arguments), request, Path.cwd(), constraint=False)
    for path in os.environ.get("PIP_CONSTRAINT", "").split():
        _file(path, request, Path.cwd(), constraint=True)
    return request


def _arguments(words: list[str], request: Request, base: Path, constraint: bool) -> None:
    options = _parser().parse_intermixed_args(words)
    for option in INDEX_OPTIONS:
        for value in getattr(options, option.strip("-").replace("-", "_")):
            request.index_options += [option, value]
    request.index_options += ["--no-index"] if options.no_index else []
    request.pre |= options.pre
    request.no_deps |= options.no_deps
    request.upgrade |= options.upgrade
    request.force |= options.force_reinstall
    for path in options.constraint:
        _file(path, request, base, constraint=True)
    for path in options.requirement:
        _file(path, request, base, constraint)
    for path in options.editable:
        request.wanted.append(_local(path, base, editable=True))
    for word in options.words:
        _add(word, tuple(options.hash), request, base, constraint)


def _add(
    word: str, hashes: tuple[str, ...], request: Request, base: Path, constraint: bool
) -> None:
    wanted = _wanted(word, base, hashes)
    if not constraint:
        request.wanted.append(wanted)
    elif wanted.requirement is not None:
        request.constraints.append(wanted.requirement)
    else:
        raise Problem(f"a constraint must name a project: {word}")


def _wanted(word: str, base: Path, hashes: tuple[str, ...]) -> Wanted:
    try:
        requirement = Requirement(word)
    except InvalidRequirement as error:
        if re.match(r"^[\w+]+://|^\w+\+", word) or _path_of(word, base).exists():
            return _local(word, base, editable=False)
        reason = str(error).splitlines()[0]
        raise Problem(f"neither a requirement nor a file: {word!r} ({reason})") from None
    return Wanted(requirement, requirement.url or "", frozenset(requirement.extras), False, hashes)


def _path_of(word: str, base: Path) -> Path:
    return base / re.sub(r"\[[^\]]*\]$", "", word)


def _local(word: str, base: Path, editable: bool) -> Wanted:
    extras = re.search(r"\[([^\]]*)\]$", word)
    names = frozenset(re.split(r"\s*,\s*", extras[1])) if extras else frozenset()
    at = word if "://" in word else str(_path_of(word, base).resolve())
    if "://" not in word and not Path(at).exists():
        raise Problem(f"no such file or folder: {word}")
    return Wanted(None, at, names, editable)


def _file(path: str, request: Request, base: Path, constraint: bool) -> None:
    """A requirements file or URL; what it includes is relative to it, as with pip."""
    remote = path.startswith(("http://", "https://", "file://"))
    folder = base if remote else (base / path).parent
    for line in _lines(_read(path, base)):
        if line.startswith("-"):
            _arguments(shlex.split(line), request, folder, constraint)
        else:
            word, *options = re.split(r"\s+(?=--)", line)
            hashes = [_hash(option) for option in options if option.startswith("--hash")]
            # pip, too, takes a path in a file as relative to the current folder.
            _add(word.strip(), tuple(hashes), request, Path.cwd(), constraint)


def _hash(option: str) -> str:
    return re.split(r"[=\s]+", option, maxsplit=1)[1]


def _read(path: str, base: Path) -> str:
    try:
        if path.startswith(("http://", "https://", "file://")):
            with urllib.request.urlopen(path, timeout=TIME_LIMIT) as answer:
                return str(answer.read().decode("utf-8"))
        return (base / path).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise Problem(f"cannot read the requirements file {path}: {error}") from None


def _lines(text: str) -> Iterator[str]:
    """Logical lines: continued ones joined, comments gone, ${VARIABLES} filled in."""
    for line in re.sub(r"\\\r?\n", " ", text).splitlines():
        bare = re.sub(r"(^|\s+)#.*$", "", line).strip()
        if bare:
            yield re.sub(r"\$\{([A-Z0-9_]+)\}", lambda m: os.environ.get(m[1], m[0]), bare)
