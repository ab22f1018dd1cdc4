"""The pages for users, and the code in them: fenced blocks and code in the text."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.host.house import TREE, name

PAGES = [
    *sorted(TREE.glob("docs/*.md")),
    *(TREE / page for page in ("README.md", "CONTRIBUTING.md", "exercises/README.md")),
    *sorted(TREE.glob("exercises/*/README.md")),
    TREE / "portable_harness" / "benchmarks" / "README.md",
]
FENCE = re.compile(r"^( *)```(\w*)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
INDENTED = re.compile(r"^ {4}(.*)$", re.MULTILINE)
SPAN = re.compile(r"(?<!`)`([^`]+)`(?!`)")
PROGRAMS = ("./portable", "portable-server")
MODULES = re.compile(r"portable_(server|harness)(\.\w+)*$")
END_OF_COMMAND = {"|", "||", "&&", ">", ";", "&"}


class Command(NamedTuple):
    """A command of ours that a page names: the words after the program."""

    page: str
    program: str  # "portable-server", or the module of `python -m`
    words: tuple[str, ...]

    def __str__(self) -> str:
        return " ".join([self.page, self.program, *self.words])


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def blocks(page: Path, language: str = "") -> Iterator[str]:
    """The fenced blocks in a language; in any where none is named."""
    for _, found, body in FENCE.findall(text_of(page)):
        if language in ("", found):
            yield body


def spans(page: Path) -> Iterator[str]:
    """What is marked as code in the text."""
    for span in SPAN.findall(FENCE.sub("", text_of(page))):
        yield " ".join(span.split())


def commands(page: Path) -> Iterator[Command]:
    """Our commands in the blocks and in the text."""
    indented = "\n".join(INDENTED.findall(FENCE.sub("", text_of(page))))
    for block in [*blocks(page), indented]:
        for line in block.replace("\\\n", " ").splitlines():
            yield from _command(page, line)
    for span in spans(page):
        yield from _command(page, span)


def _command(page: Path, line: str) -> Iterator[Command]:
    words = _words(line)
    while words and (words[0] == "$" or re.match(r"\w+=", words[0])):  # a prompt, a variable
        words = words[1:]
    if words[:1] and words[0] in PROGRAMS:
        yield Command(name(page), "portable-server", tuple(words[1:]))
    elif words[:2] == ["python", "-m"] and len(words) > 2 and MODULES.match(words[2]):
        yield Command(name(page), words[2], tuple(words[3:]))


def _words(line: str) -> list[str]:
    """The words of a line of shell up to the first operator; none where it is no shell."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars="|&;>")
    lexer.whitespace_split = True
    try:
        words = list(lexer)
    except ValueError:  # an apostrophe: text, or a program's output
        return []
    ends = [number for number, word in enumerate(words) if word in END_OF_COMMAND]
    return words[: min(ends, default=len(words))]
