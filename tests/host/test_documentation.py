"""What the pages name is there: the targets of links, and files and folders of this tree."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.host.house import TREE

PAGES = [
    *TREE.glob("*.md"), *TREE.glob("docs/*.md"), *TREE.glob("exercises/**/*.md"),
]  # fmt: skip
LINK = re.compile(r"\]\(([^)#\s]+)[^)]*\)")
FOLDERS = "compat|portable_server|litmus|tests|portable_harness|exercises|docs|distributions"
# In running text or marked as code; what stands for something (NN, NAME, *) names no file.
PATH = re.compile(rf"(?<![\w/.-])((?:{FOLDERS})/[\w./-]*[\w/])(?![\w*])")
PLACEHOLDER = re.compile(r"NN|NAME|VERSION")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(TREE)))
def test_what_a_page_names_is_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    links = [link for link in LINK.findall(text) if "://" not in link]
    missing = [link for link in links if not (page.parent / link).exists()]
    paths = [path for path in PATH.findall(text) if not PLACEHOLDER.search(path)]
    missing += [path for path in paths if not (TREE / path).exists()]
    assert missing == []


def test_pages_are_found() -> None:
    assert len(PAGES) > 25
    assert PATH.findall("see `compat/threads` and tests/host/house.py.") == [
        "compat/threads", "tests/host/house.py",
    ]  # fmt: skip
    assert PATH.findall("./litmus/x and my/docs/a.md") == []
