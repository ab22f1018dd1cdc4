"""Our modules are imported by the names that they have when they are installed.

In a checkout other names work too: `compat` in its top folder, and `portable_server.tests`, because
`portable_server` looks for its packages in the checkout. A wheel has neither.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.host.house import TREE, name, one_sided_files, tracked

OTHER_NAMES = re.compile(
    r"(compat|litmus|harness|benchmarks"
    r"|portable_server\.(portable_\w+|tests|exercises|docs|distributions))(\.|$)"
)
#: For a file in a syntax that this Python does not know.
STATEMENT = re.compile(r"^\s*(?:import|from)\s+([\w.]+)", re.MULTILINE)


def imported(text: str) -> Iterator[str]:
    """Absolute names of modules, and of what is taken from them, which may be modules."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def other_names(names: Iterator[str]) -> list[str]:
    return [name for name in names if OTHER_NAMES.match(name)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("import compat", ["compat"]),
        ("def f():\n    from litmus.watch import order", ["litmus.watch.order"]),
        ("from harness import cli", ["harness.cli"]),
        ("import os, benchmarks.honesty", ["benchmarks.honesty"]),
        ("from portable_server import portable_harness", ["portable_server.portable_harness"]),
        ("import portable_server.tests.conftest", ["portable_server.tests.conftest"]),
        ("from portable_server.compat import clock", []),
        ("from portable_server import compat, litmus", []),
        ("from . import compat", []),
        ("import harnesses", []),
    ],
)
def test_the_check_below_sees_what_it_should(text: str, found: list[str]) -> None:
    assert other_names(imported(text)) == found


def test_no_file_imports_by_another_name() -> None:
    unreadable = one_sided_files()
    readable = [path for path in tracked("*.py") if path not in unreadable]
    assert len(readable) > 500
    assert unreadable
    assert [
        f"{name(path)}: {module}"
        for path in [*readable, TREE / "portable"]
        for module in other_names(imported(path.read_text(encoding="utf-8")))
    ] + _in_any_syntax(unreadable) == []


def _in_any_syntax(paths: set[Path]) -> list[str]:
    texts = {name(path): path.read_text(encoding="utf-8") for path in paths}
    return [
        f"{path}: {name}"
        for path, text in texts.items()
        for name in other_names(iter(STATEMENT.findall(text)))
    ]
