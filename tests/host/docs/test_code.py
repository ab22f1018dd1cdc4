"""Imports, names and options in the pages are those of the code; pages named in code exist."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from portable_harness.base.guests import guest_variables
from tests.host.docs.pages import PAGES, blocks, spans, text_of
from tests.host.house import TREE, name, tracked

IMPORT = re.compile(r"from (portable_(?:server|harness)[\w.]*) import (\w+(?:, \w+)*)")
DOTTED = re.compile(r"\b((?:portable_server|portable_harness|compat)(?:\.[A-Za-z_]\w*)+)\b(?!\.\w)")
OPTION = re.compile(r"(?<![\w-])--[a-z][\w-]*")
PAGE = re.compile(r"(?<![\w/])docs/[\w-]+\.md\b")
# Options of other programs that pages mention.
NOT_OURS = {
    "--recurse-submodules", "--table", "--sort", "--dist", "--strict", "--strict-markers",
    "--times",  # of tests.host.interruptions
}  # fmt: skip

# Prints those of the names on stdin that cannot be imported.
RESOLVE = """\
import importlib, json, sys

def find(name):
    words = name.split(".")
    for end in range(len(words), 0, -1):
        try:
            found = importlib.import_module(".".join(words[:end]))
        except ImportError:
            continue
        for word in words[end:]:
            found = getattr(found, word)
        return found
    raise AttributeError(name)

def is_there(name):
    try:
        find(name)
    except AttributeError:
        return False
    return True

print(json.dumps([name for name in json.load(sys.stdin) if not is_there(name)]))
"""


def imported(page: Path) -> Iterator[str]:
    """The dotted name of everything of ours that the page imports or names as code."""
    for module, names in IMPORT.findall(text_of(page)):
        yield from (f"{module}.{name}" for name in names.split(", "))
    for span in spans(page):
        for found in DOTTED.findall(span):
            yield re.sub(r"^compat\b", "portable_server.compat", found)


def unresolved(names: list[str]) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", RESOLVE], input=json.dumps(names), cwd=TREE, timeout=120,
        env=guest_variables([str(TREE)], {}), capture_output=True, text=True, check=True,
    )  # fmt: skip
    found: list[str] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_what_a_page_imports_is_there(page: Path) -> None:
    assert unresolved(sorted(set(imported(page)))) == []


def test_a_missing_name_is_seen() -> None:
    names = ["portable_server.compat.queues", "portable_server.compat.clock.monotonic", "nowhere.x"]
    assert unresolved(names) == [names[0], names[2]]


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_python_in_a_page_is_python(page: Path) -> None:
    for block in blocks(page, "python"):
        ast.parse(block)


def options() -> set[str]:
    """Every option that is a string in the code of ours."""
    files = tracked("portable_harness/*.py", "portable_server/*.py", "litmus/*.py", "compat/*.py")
    texts = [path.read_text(encoding="utf-8") for path in files]
    return {found for text in texts for found in re.findall(r"[\"'/](--[a-z][\w-]*)", text)}


def test_options_in_the_text_are_there() -> None:
    known = options() | NOT_OURS
    strangers = {
        (name(page), option)
        for page in PAGES
        for span in spans(page)
        for option in OPTION.findall(span)
        if option not in known
    }
    assert strangers == set()


def test_a_page_that_the_code_names_is_there() -> None:
    files = tracked("*.py", "*.c", "*.h", "*.cfg", "*.ini", "*.toml", "*.txt", "*.sh", ".ci/*")
    named = {
        (name(path), page)
        for path in files
        for page in PAGE.findall(path.read_text(encoding="utf-8"))
        if not (TREE / page).is_file()
    }
    assert named == set()
