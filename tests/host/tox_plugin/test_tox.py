"""tox with the plugin, on a small project: everything works as in any other environment."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from portable_harness.interpreters import Interpreter

from .conftest import Project

pytestmark = [pytest.mark.slow, pytest.mark.time_limit(900)]

SETUP = """
import sys
from setuptools import setup
setup(
    name="toy", version="1.0", py_modules=["toy"], package_dir={"": "src"},
    install_requires=["six"] + (["singledispatch"] if sys.version_info[0] == 2 else []),
    extras_require={"more": ["ipaddress; python_version < '3'"]},
    entry_points={"console_scripts": ["toy = toy:main"]},
)
"""
TOY = """
from __future__ import print_function
import sys
def main():
    import six
    print("toy on", sys.version_info[0], sys.platform)
"""
TOX = """
[tox]
env_list = py27, jython, py36
[testenv]
extras = more
set_env = GREETING = {env_name} has {env_python}
commands =
    python -c "import os, toy; print(os.environ['GREETING'], toy.__file__)"
    python -c "import sys; sys.version_info[0] == 3 or __import__('ipaddress')"
    toy
    python -c "import sys; print('posargs', sys.argv[1:])" {posargs}
"""
OFFLINE = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": "", "PIP_EXTRA_INDEX_URL": ""}


@pytest.fixture
def toy(project: Project) -> Project:
    project.write(setup_py=SETUP, src__toy_py=TOY, tox_ini=TOX)
    return project


@pytest.mark.network
@pytest.mark.parametrize("name", ["py27", "jython", "py36"])
def test_a_package_is_built_installed_and_run(
    index: None, toy: Project, interpreter: Callable[[str], Interpreter], name: str
) -> None:
    interpreter(name)
    ran = toy.tox("-e", name, "--result-json", "result.json", "--", "one", "two")
    assert ran.status == 0, ran.output
    assert f"{name} has {toy.root}/.tox/{name}/bin/python" in ran.output
    assert f"{toy.root}/.tox/{name}/lib" in ran.output, "the installed module was not imported"
    assert f"toy on {3 if name == 'py36' else 2}" in ran.output
    assert "posargs" in ran.output
    assert "two" in ran.output
    result = json.loads((toy.root / "result.json").read_text())["testenvs"][name]
    packages = {line.partition("==")[0] for line in result["installed_packages"]}
    of_two = {"singledispatch", "ipaddress"}
    assert packages & {"six", "toy", *of_two} == {"six", "toy", *(of_two if name != "py36" else ())}
    if name == "py27":  # again, without an index; then with one requirement less
        ran = toy.tox("-e", name, "--skip-pkg-install", **OFFLINE)
        assert ran.status == 0, ran.output
        assert "pip install" not in ran.output
        toy.write(setup_py=SETUP.replace('["singledispatch"]', "[]"))
        ran = toy.tox("-e", name)
        assert ran.status == 0, ran.output
        assert "dependencies removed: singledispatch" in ran.output
        assert not list((toy.root / ".tox" / name).rglob("singledispatch.py"))


@pytest.mark.network
def test_a_change_of_deps_is_followed(
    index: None, project: Project, interpreter: Callable[[str], Interpreter]
) -> None:
    interpreter("py27")
    text = "[tox]\nno_package = true\n[testenv]\ndeps = {}\ncommands = pip freeze\n"
    project.write(tox_ini=text.format("six"))
    assert "six==" in project.tox("-e", "py27").output
    project.write(tox_ini=text.format("\n  six\n  ipaddress"))
    ran = project.tox("-e", "py27")
    assert "recreate" not in ran.output
    assert "ipaddress==" in ran.output
    project.write(tox_ini=text.format("ipaddress"))
    ran = project.tox("-e", "py27")
    assert "recreate env because requirements removed: six" in ran.output
    assert "six==" not in ran.output
    project.write(tox_ini=text.format("\n  six<1.13\n  -c limit.txt"))
    (project.root / "limit.txt").write_text("six<1.12\n")
    assert "six==1.11.0" in project.tox("-e", "py27").output
    ran = project.tox("-e", "py27", "--recreate")
    assert ran.status == 0
    assert "remove tox env folder" in ran.output


@pytest.mark.network
def test_develop_mode_imports_the_sources(
    index: None, toy: Project, interpreter: Callable[[str], Interpreter]
) -> None:
    interpreter("py27")
    ran = toy.tox("-e", "py27", "--develop")
    assert ran.status == 0, ran.output
    assert f"{toy.root}/src/toy.py" in ran.output


def test_the_runner_is_chosen_by_name_or_base_python(project: Project) -> None:
    project.write(
        tox_ini="[tox]\nno_package = true\nenv_list = py27-unit, lint-2.7\n"
        "[testenv:old]\nbase_python = python2.7\n"
        "[testenv:mine]\nbase_python = jython\nrunner = virtualenv\n"
    )
    for name, runner in (
        *(("jython", "portable-server"), ("py27-unit", "portable-server")),
        *(("py36", "portable-server"), ("old", "portable-server")),
        *(("py311", "virtualenv"), ("mine", "virtualenv"), ("lint-2.7", "portable-server")),
    ):
        ran = project.tox("config", "-e", name, "-k", "runner")
        assert f"runner = {runner}" in ran.output, (name, ran.output)


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("package = wheel", "sdist"),
        ("package = editable", "editable-legacy"),
        ("package = skip", "skip"),
        ("use_develop = true", "editable-legacy"),
        ("", "sdist"),
    ],
)
def test_a_kind_of_package_is_replaced_by_one_for_guests(
    project: Project, said: str, kind: str
) -> None:
    project.write(tox_ini=f"[testenv]\n{said}\n", setup_py=SETUP)
    ran = project.tox("config", "-e", "py27", "-k", "package")
    assert f"package = {kind}\n" in ran.output, ran.output


@pytest.mark.parametrize("name", ["py35", "py399", "jython26"])
def test_an_absent_interpreter_fails_with_the_remedy(project: Project, name: str) -> None:
    project.write(tox_ini="[tox]\nno_package = true\n[testenv]\ncommands = {env_python} -V\n")
    ran = project.tox("-e", name)
    assert ran.status != 0
    assert f"absent: {name}" in ran.output
    assert "portable-server interpreters install" in ran.output
    assert "Traceback" not in ran.output


def test_an_absent_interpreter_is_skipped_only_where_asked_for(
    project: Project, interpreter: Callable[[str], Interpreter]
) -> None:
    interpreter("py27")
    project.write(tox_ini="[tox]\nno_package = true\n[testenv]\ncommands = {env_python} -V\n")
    ran = project.tox("-e", "py35,py27")
    assert ran.status != 0
    assert "py35: FAIL" in ran.output
    ran = project.tox("-e", "py35,py27", "-s")
    assert ran.status == 0, ran.output
    assert "py35: SKIP" in ran.output
    assert "py27: OK" in ran.output


def test_two_environments_side_by_side(
    project: Project, interpreter: Callable[[str], Interpreter]
) -> None:
    for name in ("py27", "jython"):
        interpreter(name)
    project.write(tox_ini="[tox]\nno_package = true\n[testenv]\ncommands = python -c 'import os'\n")
    ran = project.tox("p", "-e", "py27,jython")
    assert ran.status == 0, ran.output
    assert "py27: OK" in ran.output
    assert "jython: OK" in ran.output
    assert "portable" not in project.tox("list").output
    made_for = (project.root / ".tox" / "py27" / ".tox-info.json").read_text("utf-8")
    assert "virtualenv" not in made_for, "a new virtualenv would make the environment again"


@pytest.mark.network
def test_requires_is_all_that_a_project_needs(
    own_wheel: Path, project: Project, interpreter: Callable[[str], Interpreter]
) -> None:
    """tox fetches this distribution from the index named to it, as it would from a public one."""
    for name in ("py27", "jython"):
        interpreter(name)
    (project.root / "toxfile.py").unlink()
    project.write(
        tox_ini="[tox]\nrequires = portable-server\nno_package = true\n"
        "[testenv]\ncommands = python -c \"import sys; print('I am ' + sys.version[:3])\"\n"
    )
    ran = project.tox("-e", "py27,jython", PIP_FIND_LINKS=str(own_wheel.parent))
    assert ran.status == 0, ran.output
    assert ran.output.count("I am 2.7") == 2
