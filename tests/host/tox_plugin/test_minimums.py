"""The lowest versions that setup.cfg admits work together, on the oldest and the newest Python.

An environment gets exactly these versions, and a tox in it makes environments with our plugin: one
that virtualenv still makes, and one that only the plugin can make.
"""

from __future__ import annotations

import configparser
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from portable_harness import tox_plugin
from portable_harness.interpreters import Interpreter

from .conftest import TREE, Project, run_tox

pytestmark = [pytest.mark.slow, pytest.mark.network, pytest.mark.time_limit(900)]

TOX_INI = """\
[tox]
env_list = py27, py39
no_package = true
[testenv]
deps = six
commands = python -c "import six, sys; print('six works on %d.%d' % sys.version_info[:2])"
"""


def lowest() -> list[str]:
    """What setup.cfg requires of others for the plugin and a tox, each at its minimum."""
    config = configparser.ConfigParser()
    config.read(TREE / "setup.cfg", encoding="utf-8")
    lines = [config["options"]["install_requires"], config["options.extras_require"]["tox"]]
    found = [Requirement(line) for line in "\n".join(lines).split("\n") if line]
    minimums = {each.name: list(each.specifier) for each in found}
    del minimums["portable-server-core"]  # ours, of the same version
    assert all([one.operator for one in ones] == [">="] for ones in minimums.values()), minimums
    return [f"{name}=={ones[0].version}" for name, ones in minimums.items()]


@pytest.mark.parametrize("version", ["3.10", "3.13"])
def test_the_plugin_works_with_the_lowest_versions(
    version: str,
    interpreter: Callable[[str], Interpreter],
    project: Project,
    tmp_path_factory: pytest.TempPathFactory,
    index: None,
) -> None:
    host = interpreter(version)
    for wanted in ("2.7", "3.9"):
        interpreter(wanted)
    python = environment(tmp_path_factory.mktemp("lowest"), host, lowest())
    project.write(tox_ini=TOX_INI)
    ran = run_tox(project.root, [str(python), "-m", "tox"], (), {})
    assert ran.status == 0, ran.output
    assert "on 2.7" in ran.output
    assert "on 3.9" in ran.output
    # A name that tox does not know by itself, and that is not in tox.ini.
    ran = run_tox(project.root, [str(python), "-m", "tox"], ("config", "-e", "jython"), {})
    assert "runner = portable-server" in ran.output


def environment(folder: Path, host: Interpreter, requirements: list[str]) -> Path:
    """A new environment with just these; the path of its Python."""
    python = folder / "bin" / "python"
    for command in (
        [*host.command, "-m", "venv", str(folder)],
        [str(python), "-m", "pip", "install", "-q", *requirements],
        [str(python), "-m", "pip", "check"],
    ):
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=600, check=False,
            stdin=subprocess.DEVNULL,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
    return python


def test_a_tox_below_the_minimum_is_left_alone(
    index: None, interpreter: Callable[[str], Interpreter], project: Project, tmp_path: Path
) -> None:
    """pip does not keep an old tox away: who has one gets a line, not a broken tox."""
    required = [one for one in lowest() if not one.startswith(("tox=", "pip="))]
    python = environment(tmp_path / "old", interpreter("3.10"), ["tox==4.49", *required])
    project.write(tox_ini="[tox]\nno_package = true\n[testenv]\ncommands = python -V\n")
    ran = run_tox(project.root, [str(python), "-m", "tox"], ("-e", "py310"), {})
    assert ran.status == 0, ran.output
    assert "portable-server needs tox >= 4.65 and leaves this one, 4.49.0, alone" in ran.output


def test_the_plugin_and_setup_cfg_name_the_same_minimum() -> None:
    assert f"tox=={tox_plugin.OLDEST}" in lowest()
