"""What is in the four files of a release, and what they say of themselves."""

from __future__ import annotations

import configparser
import re
import subprocess
import sys
import tarfile
import zipfile
from email.message import Message
from email.parser import Parser
from pathlib import Path

import pytest

from tests.host.house import TREE, name, tracked
from tests.host.release.user import Distributions, User

pytestmark = [pytest.mark.xdist_group("release"), pytest.mark.time_limit(900)]

#: What setuptools adds to a source distribution.
MADE = re.compile(r"portable_server(_core)?\.egg-info/")


def _files(wheel: Path) -> set[str]:
    """What pip puts into site-packages, without the metadata."""
    with zipfile.ZipFile(wheel) as archive:
        return {name for name in archive.namelist() if ".dist-info/" not in name}


def _sources(archive: Path) -> set[str]:
    """The files of a source distribution, by their names in it."""
    with tarfile.open(archive) as opened:
        names = [entry.name.partition("/")[2] for entry in opened.getmembers() if entry.isfile()]
    return {name for name in names if name != "PKG-INFO" and not MADE.match(name)}


def _metadata(wheel: Path) -> Message:
    with zipfile.ZipFile(wheel) as archive:
        (file,) = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
        return Parser().parsestr(archive.read(file).decode())


def test_each_wheel_has_one_name_for_site_packages(distributions: Distributions) -> None:
    tops = [
        {file.partition("/")[0] for file in _files(wheel)}
        for wheel in (distributions.harness, distributions.core)
    ]
    assert tops == [{"portable_harness"}, {"portable_server"}]


def test_no_wheel_has_tests_or_compiled_modules(distributions: Distributions) -> None:
    files = _files(distributions.harness) | _files(distributions.core)
    exercises = "portable_harness/exercises/"  # their tests are what a student runs
    unwanted = re.compile(r"(^|/)(tests?|conftest)(/|\.py$)|(^|/)test_[^/]*\.py$|\.pyc$|\.class$")
    assert [
        name for name in files if unwanted.search(name) and not name.startswith(exercises)
    ] == []


def test_the_wheels_have_what_is_tracked_and_nothing_else(distributions: Distributions) -> None:
    of_harness = {
        name(path) if folder == "portable_harness" else f"portable_harness/{name(path)}"
        for folder in ("portable_harness", "docs", "exercises")
        for path in tracked(f"{folder}/*")
    }
    of_core = {
        name(path) if folder == "portable_server" else f"portable_server/{name(path)}"
        for folder in ("portable_server", "compat", "litmus")
        for path in tracked(f"{folder}/*")
    }
    assert _files(distributions.harness) ^ of_harness == set()
    assert _files(distributions.core) ^ of_core == set()


def test_the_source_distribution_is_the_tree(distributions: Distributions) -> None:
    of_harness = {name(path) for path in tracked()}
    assert _sources(distributions.harness_source) ^ of_harness == set()
    for file in ("tox.ini", "CHANGELOG.md", "portable", "docs/litmus.md", "tests/host/house.py"):
        assert file in of_harness  # so the above is no comparison of two empty sets


def test_the_source_distribution_of_the_portable_half_is_complete(
    distributions: Distributions,
) -> None:
    own = {
        file.removeprefix("distributions/core/")
        for file in map(name, tracked("distributions/core/*"))
    }
    portable = {name(path) for path in tracked("portable_server/*", "compat/*", "litmus/*")}
    assert _sources(distributions.core_source) ^ (own | portable) == set()


def test_the_launcher_can_be_started(distributions: Distributions) -> None:
    with tarfile.open(distributions.harness_source) as archive:
        modes = {entry.name.partition("/")[2]: entry.mode for entry in archive.getmembers()}
    assert modes["portable"] & modes[".ci/run"] & 0o111 == 0o111


def _settings(file: str) -> configparser.ConfigParser:
    parser = configparser.ConfigParser()
    parser.read(TREE / file, encoding="utf-8")
    return parser


def test_there_is_one_version(distributions: Distributions, user: User, folder: Path) -> None:
    harness, core = _settings("setup.cfg"), _settings("distributions/core/setup.cfg")
    version = harness["metadata"]["version"]
    pin = re.findall(
        r"^portable-server-core.*", harness["options"]["install_requires"], re.MULTILINE
    )
    ask = "import portable_server; print(portable_server.__version__)"
    imported = user.run(["python", "-c", ask], folder)
    assert core["metadata"]["version"] == version
    assert pin == [f"portable-server-core == {version}"]
    assert (imported.out, imported.err) == (f"{version}\n", "")
    assert f"version {version}" in user.run(["portable-server", "--version"], folder).out
    changes = (TREE / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.findall(r"^## \[?([0-9][^\] ]*)", changes, re.MULTILINE)[:1] == [version]


def test_where_they_may_be_installed(distributions: Distributions) -> None:
    harness, core = _metadata(distributions.harness), _metadata(distributions.core)
    assert harness["Requires-Python"] == ">=3.10"
    assert distributions.core.name.endswith("-py2.py3-none-any.whl")
    assert core.get_all("Requires-Dist", []) == []


def test_twine_finds_nothing(distributions: Distributions) -> None:
    command = [sys.executable, "-m", "twine", "check", "--strict", *distributions.all()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("PASSED") == len(distributions.all())
