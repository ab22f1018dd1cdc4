"""A program that says it is another implementation runs the tests itself, under its own class."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from portable_harness.matrix.command import matrix

from .conftest import Suite

TEST = "import platform\ndef test_name():\n    assert platform.python_implementation() == {!r}\n"


@pytest.mark.parametrize(
    ("said", "name", "kind", "words"),
    [("GraalVM", "GraalPy", "GP", "GP, GIL"), ("RustPython", "RustPython", "U", "U, GIL unknown")],
)
def test_it_is_a_column_of_its_own(
    suite: Suite, tmp_path: Path, index: None, said: str, name: str, kind: str, words: str
) -> None:
    site = tmp_path / "stand-in"
    site.mkdir()
    patch = f"import platform\nplatform.python_implementation = lambda: {said!r}\n"
    (site / "sitecustomize.py").write_text(patch)
    program = tmp_path / "standin"
    path = f"PYTHONPATH={site}${{PYTHONPATH:+:$PYTHONPATH}}"
    program.write_text(f'#!/bin/sh\n{path} exec {sys.executable} "$@"\n')
    program.chmod(0o755)
    project, file = suite(one=TEST.format(said)), tmp_path / "matrix.json"
    options = ["--project", str(project), "--interpreters", str(program), "--json", str(file)]
    result = CliRunner().invoke(matrix, options)
    assert result.exit_code == 0, result.output
    [column] = json.loads(file.read_text())["interpreters"]
    assert column["name"].startswith(name.lower())
    assert (column["facts"]["implementation"], column["facts"]["class"]) == (name, kind)
    assert column["totals"] == {"pass": 1}
    assert words in result.output
