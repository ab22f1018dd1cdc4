"""Pages of the documentation that help and messages name are pages that the reader has."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.host.house import TREE, host_files, name
from tests.host.release.user import User

pytestmark = [pytest.mark.xdist_group("release"), pytest.mark.time_limit(900)]

NAMES_THEM = "portable_harness/base/tree.py"  # page_name: the one place
ALL_HELP = """\
import click
from click.testing import CliRunner
from portable_harness.cli import group

def show(words, command):
    print(CliRunner().invoke(group, [*words, "--help"]).output)
    if isinstance(command, click.Group):
        context = click.Context(command)
        for one in command.list_commands(context):
            show([*words, one], command.get_command(context, one))

show([], group)
"""


def test_every_help_names_pages_that_are_there(user: User, folder: Path) -> None:
    done = user.run(["python", "-c", ALL_HELP], folder)
    assert done.status == 0, done
    pages = set(re.findall(r"\S*docs/\S+", done.out))
    assert len(pages) >= 5, done
    assert [page for page in pages if not (folder / page).is_file()] == []


def _texts(file: Path) -> Iterator[str]:
    """Its string constants but docstrings, which only readers of the source see."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    nodes = list(ast.walk(tree))
    comments = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
    for node in nodes:
        if isinstance(node, ast.Constant) and id(node) not in comments:
            yield str(node.value)


def test_a_message_names_a_page_by_its_function() -> None:
    files = [file for file in host_files() if TREE / "portable_harness" in file.parents]
    found = [name(file) for file in files for text in _texts(file) if "docs/" in text]
    assert set(found) == {NAMES_THEM}
