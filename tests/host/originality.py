"""How much of our code also stands in the standard library of an interpreter.

Two files are compared by their grams, the runs of eight tokens that they have in common. Comments,
docstrings, layout and the kind of quotes are not tokens. So a copy is found in any layout, and
each changed name hides only the eight grams that contain it. A few common grams are no copy
(`def __exit__(self, kind, error, trace):` is one way to write it): see `Overlap.is_a_copy`.

The libraries of a dozen interpreters have 300 MB of source, but most of their functions are the
same. Each file is therefore cut at its `def` and `class` lines, and a piece that was seen before
is not read again: a third remains, which takes seconds. A docstring that shows a `def` is cut too
and counts as code, in their files as in ours.
"""

from __future__ import annotations

import os
import re
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

GRAM = 8  # tokens
FEW_GRAMS = 40
SMALL_SHARE = 0.15
NOT_THE_LIBRARY = {"site-packages", "dist-packages", "__pycache__"}

HEADS = ("\nclass ", "\ndef ", "\n    def ")  # of nearly all functions
_LONG = r"'{3}[\s\S]*?'{3}"
_NO_TOKENS = re.compile(rf"#.*|\n[ \t]*[ru]?{_LONG}[ \t]*(?=\n|\Z)")  # comments, docstrings
_TOKEN = re.compile(rf"\w+|[^\w\s']|{_LONG}|'(?:[^'\\\n]|\\.)*'", re.ASCII)

Gram = tuple[str, ...]


@dataclass(frozen=True)
class Overlap:
    """A file of ours and the library file that has the most of its grams."""

    ours: str
    theirs: str
    shared: int
    total: int

    @property
    def share(self) -> float:
        """The part of our grams that is theirs too, 0 to 1."""
        return self.shared / self.total

    @property
    def is_a_copy(self) -> bool:
        """More than chance, and more than the few lines that an API dictates."""
        return self.shared > FEW_GRAMS and self.share > SMALL_SHARE

    def __str__(self) -> str:
        return f"{self.ours}: {self.shared} of {self.total} ({self.share:.0%}) in {self.theirs}"


def grams(text: str) -> Iterator[Gram]:
    """Each run of eight tokens; strings and bytes are the same."""
    text = text.replace('"', "'").replace("b'", "'")
    tokens = _TOKEN.findall(_NO_TOKENS.sub("", "\n" + text))
    return zip(*(tokens[start:] for start in range(GRAM)), strict=False)


def _pieces(text: str) -> list[str]:
    """The text, cut in front of each `def` and `class`; that line ends the piece before it, too."""
    for head in HEADS:  # faster than a regular expression
        text = text.replace(head, "\0" + head)
    found = text.split("\0")
    following = [piece[1:].partition("\n")[0] for piece in found[1:]]
    return list(map("\n".join, zip(found, [*following, ""], strict=True)))


class Own:
    """Our files, by the grams that they contain; one that a file has twice counts twice."""

    def __init__(self, files: Iterable[tuple[str, str]]) -> None:
        self.totals: dict[str, int] = {}
        self._files: defaultdict[Gram, list[str]] = defaultdict(list)
        self._known: dict[str, frozenset[Gram]] = {}  # what a piece of a library shares with us
        for name, text in files:
            found = list(grams(text))
            self.totals[name] = len(found)
            for gram in found:
                self._files[gram].append(name)
        self._grams = frozenset(self._files)

    def shared_with(self, text: str) -> Counter[str]:
        """How many grams of each of our files stand in this text."""
        found = set[Gram]().union(*map(self._of_piece, _pieces(text)))
        return Counter(name for gram in found for name in self._files[gram])

    def _of_piece(self, piece: str) -> frozenset[Gram]:
        if piece not in self._known:
            self._known[piece] = self._grams.intersection(grams(piece))
        return self._known[piece]


def overlaps(own: Own, library: Iterable[tuple[str, str]]) -> list[Overlap]:
    """For each of our files the library file that shares most with it; the largest share first.

    :param library: name and text of each file
    """
    best: dict[str, Overlap] = {}
    for theirs, text in library:
        for ours, shared in own.shared_with(text).items():
            if ours not in best or best[ours].shared < shared:
                best[ours] = Overlap(ours, theirs, shared, own.totals[ours])
    return sorted(best.values(), key=lambda overlap: -overlap.share)


def library_files(folders: Iterable[Path]) -> Iterator[tuple[str, str]]:
    """Path and text of each Python file in these standard libraries, each text once.

    :param folders: a folder in an archive (`jython.jar/Lib`) is read, too
    """
    seen: set[int] = set()
    for folder in folders:
        for name, content in _folder(folder) if folder.is_dir() else _archive(folder):
            if hash(content) not in seen:
                seen.add(hash(content))
                yield name, content.decode("utf-8", errors="replace")


def _folder(folder: Path) -> Iterator[tuple[str, bytes]]:
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(set(folders) - NOT_THE_LIBRARY)
        for path in (Path(place, file) for file in sorted(files) if file.endswith(".py")):
            if path.is_file():  # Debian's sitecustomize.py is a link to a file that may be missing
                yield str(path), path.read_bytes()


def _archive(folder: Path) -> Iterator[tuple[str, bytes]]:
    file = next((parent for parent in folder.parents if zipfile.is_zipfile(parent)), None)
    if file is None:
        return
    inside = f"{folder.relative_to(file).as_posix()}/"
    with zipfile.ZipFile(file) as archive:
        for name in archive.namelist():
            ours = name.startswith(inside) and name.endswith(".py")
            if ours and NOT_THE_LIBRARY.isdisjoint(name.split("/")):
                yield f"{file}/{name}", archive.read(name)
