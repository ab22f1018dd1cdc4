"""What the tests of guest environments and of the tox plugin share."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from portable_harness.guest.fetch import run_pip
from portable_harness.interpreters import Interpreter, select

TREE = Path(__file__).resolve().parents[3]
TIME_LIMIT = 900.0  # seconds for one run of tox; on two busy cores a Jython needs minutes

# What a run of tox or pytest around these tests would tell the ones inside.
_NOT_INHERITED = ("TOX_", "_TOX", "PYTEST_", "VIRTUAL_ENV", "PYTHONPATH", "PIP_NO_INDEX", "FORCE_C")

_TOXFILE = f"""import sys
sys.path.insert(0, {str(TREE)!r})
from portable_harness.tox_plugin import tox_add_core_config, tox_register_tox_env
"""


@dataclass(frozen=True)
class Ran:
    """How a run of tox ended."""

    status: int
    output: str


@dataclass(frozen=True)
class Project:
    """A project in a folder of its own, whose tox uses the plugin from this tree."""

    root: Path

    def write(self, **files: str) -> None:
        """Write files; `tox_ini="..."` is tox.ini."""
        for name, text in files.items():
            path = self.root / name.replace("__", "/").replace("_ini", ".ini").replace("_py", ".py")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")

    def tox(self, *arguments: str, **variables: str) -> Ran:
        """Run tox here."""
        return run_tox(self.root, [sys.executable, "-m", "tox"], arguments, variables)


def run_tox(
    root: Path, command: list[str], arguments: tuple[str, ...], variables: dict[str, str]
) -> Ran:
    """Run a tox in a folder, in an environment without ours."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(_NOT_INHERITED)}
    done = subprocess.run(
        [*command, *arguments],
        cwd=root,
        env={**kept, **variables},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        timeout=TIME_LIMIT,
        check=False,
    )
    return Ran(done.returncode, done.stdout)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """An empty project."""
    (tmp_path / "toxfile.py").write_text(_TOXFILE, encoding="utf-8")
    return Project(tmp_path)


@pytest.fixture
def interpreter() -> Callable[[str], Interpreter]:
    """Find an interpreter by name; the test is skipped, by name, where it is absent."""

    def get(name: str) -> Interpreter:
        found = select(name)[0]
        if not isinstance(found, Interpreter):
            pytest.skip(f"absent: {name}: {found.reason} ({found.remedy})")
        return found

    return get


@pytest.fixture(scope="session")
def own_wheel(index: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of the harness; its folder, which PIP_FIND_LINKS can name, has the core's too."""
    folder = tmp_path_factory.mktemp("wheelhouse")
    copy = folder / "source"
    ignore = shutil.ignore_patterns(".*", "*.egg-info", "__pycache__", "build", "tests")
    shutil.copytree(TREE, copy, ignore=ignore)
    sources = [str(copy), str(copy / "distributions" / "core")]
    status, output = run_pip(["wheel", "--no-deps", "--wheel-dir", str(folder), *sources])
    assert status == 0, output
    return next(folder.glob("portable_server-*.whl"))
