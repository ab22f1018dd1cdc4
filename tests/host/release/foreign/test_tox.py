"""`requires = portable-server` in the tox.ini of a project that owns a package `harness`.

Its toxfile.py, which tox imports next to our plugin, and its environments get its own modules. It
matters on Python 3.10, where tox has no option -P for the process that it starts in the project.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.host.release.foreign import project
from tests.host.release.foreign.conftest import host_python
from tests.host.release.user import Distributions
from tests.host.tox_plugin.conftest import Ran, run_tox
from tests.host.tox_plugin.making import make_wheel

pytestmark = [pytest.mark.slow, pytest.mark.network, pytest.mark.time_limit(1200)]

PYTHON = "3.10"
#: Nobody has it, so that tox makes an environment of its own even where we are installed already.
MARKER = "nobody-has-this"
TOX_INI = """\
[tox]
requires =
    portable-server
    {marker}
env_list = own
no_package = true
[testenv:.tox]
base_python = {python}
[testenv]
base_python = {python}
commands = python -c "import compat, litmus, harness.drive as drive; print('command:', drive.NAME)"
"""
TOXFILE = """\
from tox.plugin import impl

import compat
from harness.drive import NAME

@impl
def tox_add_core_config(core_conf, state):
    print("toxfile:", NAME, compat.NAME)
"""
PROVISIONED = (".tox", ".tox", "bin")


@pytest.fixture(scope="session")
def folder(index: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project, before the first run of tox."""
    made = project.make(tmp_path_factory.mktemp("project"))
    text = TOX_INI.format(python=host_python(PYTHON), marker=MARKER)
    (made / "tox.ini").write_text(text, encoding="utf-8")
    (made / "toxfile.py").write_text(TOXFILE, encoding="utf-8")
    make_wheel(made, MARKER.replace("-", "_"))
    return made


@pytest.fixture(scope="session")
def provisioned(folder: Path, distributions: Distributions) -> Ran:
    """What the running environment's tox says when it makes one that has our plugin."""
    return _tox(folder, [sys.executable, "-m", "tox"], distributions)


def _tox(folder: Path, command: Sequence[str], distributions: Distributions) -> Ran:
    wheels = f"{distributions.core.parent} {folder}"
    return run_tox(folder, list(command), (), {"PIP_FIND_LINKS": wheels})


def _is_unharmed(ran: Ran) -> bool:
    lines = ran.output.splitlines()
    said = [
        "toxfile: harness of the project compat of the project",
        "command: harness of the project",
    ]
    return ran.status == 0 and all(line in lines for line in said)


def test_tox_that_requires_us(provisioned: Ran) -> None:
    assert _is_unharmed(provisioned), provisioned.output


@pytest.mark.parametrize("command", [["tox"], ["python", "-m", "tox"]], ids=" ".join)
def test_tox_beside_which_we_are_installed(
    provisioned: Ran, folder: Path, distributions: Distributions, command: list[str]
) -> None:
    """The environment that tox has made is one, and there the requirement is satisfied."""
    program, *rest = command
    ran = _tox(folder, [str(folder.joinpath(*PROVISIONED, program)), *rest], distributions)
    assert _is_unharmed(ran), ran.output
    versions = run_tox(folder, [str(folder.joinpath(*PROVISIONED, "tox"))], ("--version",), {})
    assert "portable-server-" in versions.output
