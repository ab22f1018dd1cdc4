"""A free-threaded CPython whose GIL is on: because it was asked for, or because of an import."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from portable_harness.interpreters import Interpreter, select
from portable_harness.litmus.command import litmus
from portable_harness.matrix.command import matrix

from .conftest import Suite

# Multi-phase initialization, and no slot Py_mod_gil.
NEEDY = """
#include <Python.h>
static PyModuleDef_Slot slots[] = {{0, NULL}};
static struct PyModuleDef needy = {PyModuleDef_HEAD_INIT, "needy", NULL, 0, NULL, slots};
PyMODINIT_FUNC PyInit_needy(void) { return PyModuleDef_Init(&needy); }
"""
WHERE = "import sysconfig as s; print(s.get_path('include')); print(s.get_config_var('EXT_SUFFIX'))"


@pytest.fixture(scope="module", autouse=True)
def free() -> Interpreter:
    [found] = select("3t")
    if not isinstance(found, Interpreter):
        pytest.skip("no free-threaded CPython here")
    return found


def compiled(folder: Path, free: Interpreter) -> None:
    """Put the extension module ``needy`` into a folder."""
    asked = subprocess.run(
        [*free.command, "-c", WHERE], capture_output=True, text=True, timeout=120, check=True
    )
    include, suffix = asked.stdout.split()
    (folder / "needy.c").write_text(NEEDY)
    target = folder / f"needy{suffix}"
    command = ["cc", "-shared", "-fPIC", f"-I{include}", "needy.c", "-o", str(target)]
    subprocess.run(command, cwd=folder, timeout=120, check=True)


def test_the_module_that_brings_the_gil_back_is_named(
    suite: Suite, tmp_path: Path, free: Interpreter
) -> None:
    project = suite(one="def test_one():\n    import needy\n")
    compiled(project, free)
    file = tmp_path / "matrix.json"
    options = ["--project", str(project), "--interpreters", "3t,3t+gil", "--json", str(file)]
    result = CliRunner().invoke(matrix, options)
    assert result.exit_code == 0, result.output
    assert "FT, GIL by needy" in result.output
    column, with_gil = json.loads(file.read_text())["interpreters"]
    assert with_gil["name"] == f"{column['name']}+gil"
    assert (column["facts"]["gil_enabled"], column["facts"]["gil_module"]) == (True, "needy")
    assert (with_gil["facts"]["gil_enabled"], with_gil["facts"]["gil_module"]) == (True, None)
    assert with_gil["facts"]["class"] == "FT"


def test_without_one_the_gil_stays_off(suite: Suite, tmp_path: Path) -> None:
    code = "import subprocess, sys\ndef test_one():\n    assert not sys._is_gil_enabled()\n"
    child = "    assert b'False' in subprocess.check_output([sys.executable, '-c', PRINT])\n"
    text = f"PRINT = 'import sys; print(sys._is_gil_enabled())'\n{code}{child}"
    file = tmp_path / "matrix.json"
    project = suite(one=text)
    options = ["--project", str(project), "--interpreters", "3t,3t+gil", "--json", str(file)]
    assert CliRunner().invoke(matrix, options).exit_code == 1
    column, with_gil = json.loads(file.read_text())["interpreters"]
    assert (column["totals"]["pass"], with_gil["totals"]["fail"]) == (1, 1)
    assert (column["facts"]["gil_enabled"], column["facts"]["gil_module"]) == (False, None)


CASES = """
from portable_server.litmus import Case, actor, expect
class One(Case):
    '''Nothing is shared.'''
    rows = (1,)
    expectations = (expect('done', 'A', 'test'),)
    @actor
    def act(self):
        import needy
    def observe(self):
        return 'done'
"""


def test_litmus_names_it_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: Interpreter
) -> None:
    monkeypatch.chdir(tmp_path)
    package = tmp_path / "mine"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "row_01.py").write_text(CASES)
    compiled(tmp_path, free)
    file = tmp_path / "litmus.json"
    options = ["--package", "mine", "--interpreters", "3t", "--time", "1s"]
    result = CliRunner().invoke(litmus, [*options, "--json", str(file)])
    [column] = json.loads(file.read_text())["interpreters"]
    assert (column["facts"]["gil_enabled"], column["facts"]["gil_module"]) == (True, "needy")
    assert "FT, GIL by needy" in result.output
