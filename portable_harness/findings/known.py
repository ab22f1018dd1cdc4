"""What is expected: findings that are known, and libraries that do not run somewhere."""

from __future__ import annotations

import configparser
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from portable_harness.base.errors import Problem

FILE = Path(__file__).with_name("known.ini")
KEYS = {"library", "finding", "interpreters", "seen", "verdict", "why"}
HAZARD, HARMLESS = "hazard", "harmless"
ALWAYS, SOMETIMES = "always", "sometimes"


@dataclass(frozen=True)
class Known:
    """One section of the file; ``finding`` is "" where it says that a library does not run."""

    title: str
    library: str
    finding: str
    interpreters: tuple[str, ...]
    always: bool
    verdict: str
    why: str

    def applies(self, library: str, interpreter: str) -> bool:
        """Whether it speaks of this library on this interpreter."""
        return library == self.library and any(
            fnmatchcase(interpreter, pattern) for pattern in self.interpreters
        )


def read(file: Path = FILE) -> list[Known]:
    """The sections of a file, in its order.

    :raises Problem: for a file that cannot be read, a key that there is not, a reason that misses
    """
    parser = configparser.ConfigParser(interpolation=None, delimiters=("=",))
    try:
        parser.read_string(file.read_text(encoding="utf-8"), str(file))
    except (OSError, configparser.Error, UnicodeDecodeError) as error:
        raise Problem(f"cannot read {file}: {' '.join(str(error).split())}") from None
    return [_known(file, title, parser[title]) for title in parser.sections()]


def _known(file: Path, title: str, section: configparser.SectionProxy) -> Known:
    where = f"{file}, [{title}]"
    wrong = sorted(set(section) - KEYS)
    if wrong:
        raise Problem(f"{where}: no key {wrong[0]!r}", f"there are {', '.join(sorted(KEYS))}")
    library, why = section.get("library", ""), " ".join(section.get("why", "").split())
    if not (library and why):
        raise Problem(f"{where}: it needs a library and a why")
    finding = section.get("finding", "")
    return Known(
        title=title,
        library=library,
        finding=finding,
        interpreters=tuple(section.get("interpreters", "*").split()),
        always=_one_of(where, section.get("seen", ALWAYS), (ALWAYS, SOMETIMES)) == ALWAYS,
        verdict=_one_of(where, section.get("verdict", ""), (HAZARD, HARMLESS)) if finding else "",
        why=why,
    )


def _one_of(where: str, word: str, words: tuple[str, str]) -> str:
    if word not in words:
        raise Problem(f"{where}: {word!r} is neither {words[0]} nor {words[1]}")
    return word


def explaining(known: Iterable[Known], finding: str) -> Known | None:
    """The first of these that has a finding of this name."""
    fitting = (entry for entry in known if entry.finding and fnmatchcase(finding, entry.finding))
    return next(fitting, None)
