"""The zip for Gradescope: what is in it, and that it grades in a Debian where nothing else is.

The second takes three to four minutes (a Debian is made, setup.sh installs from its mirror), so it
waits for the variable PORTABLE_BARE_DEBIAN=1, root and debootstrap.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from portable_harness.exercise import mutant
from portable_harness.exercise.catalogue import find
from portable_harness.exercise.command import exercise

WANTED = "PORTABLE_BARE_DEBIAN"
SECRET = "nobody may know this"
CLEAN = ("env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin")
# In a mount namespace of its own, so that nothing stays mounted whatever happens.
ENTER = (
    'mount -t proc proc "$0/proc" && mount --rbind /dev "$0/dev" && exec chroot "$0" bash -c "$1"'
)
SPY = """import os
def attempt(what, act):
    try:
        print(what, act())
    except OSError as error:
        print(what, type(error).__name__)
attempt("seed:", lambda: open("/autograder/source/hidden-seed").read())
attempt("results:", lambda: open("/autograder/results/results.json", "w").write("{}"))
attempt("grader:", lambda: open("/proc/%d/environ" % os.getppid()).read())
"""


def make(out: Path, *options: str) -> Result:
    arguments = ["gradescope-zip", "1", str(out), *options]
    return CliRunner().invoke(exercise, arguments, input=SECRET)


def test_it_has_the_checks_and_nothing_that_helps(tmp_path: Path) -> None:
    out = tmp_path / "a.zip"
    assert make(out).exit_code == 0
    with zipfile.ZipFile(out) as archive:
        names = archive.namelist()
        modes = {one.filename: one.external_attr >> 16 & 0o777 for one in archive.infolist()}
    checks = "portable_harness/exercises/01-one-time-echo/tests.py"
    assert {"setup.sh", "run_autograder", checks} <= set(names)
    assert modes["setup.sh"] == modes["run_autograder"] == 0o755
    for word in ("solution", "mutants", "hidden-seed", "__pycache__", "exercises/02"):
        assert not [name for name in names if word in name], word


def test_a_seed_is_for_root_alone(tmp_path: Path) -> None:
    out = tmp_path / "a.zip"
    assert make(out, "--hidden", "--seed-file", "-").exit_code == 0
    with zipfile.ZipFile(out) as archive:
        assert archive.read("hidden-seed").decode() == SECRET
        assert archive.getinfo("hidden-seed").external_attr >> 16 & 0o077 == 0
        assert SECRET not in archive.read("run_autograder").decode()


@pytest.mark.parametrize("options", [(), ("--variants", "--points", "20"), ("--package", "a b")])
def test_its_programs_are_bash(tmp_path: Path, options: tuple[str, ...]) -> None:
    out = tmp_path / "a.zip"
    assert make(out, *options).exit_code == 0
    with zipfile.ZipFile(out) as archive:
        for name in ("setup.sh", "run_autograder"):
            subprocess.run(["bash", "-n"], input=archive.read(name), check=True)


def test_two_of_a_tree_are_the_same(tmp_path: Path) -> None:
    for name in ("a.zip", "b.zip"):
        make(tmp_path / name)
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


def test_bad_usage(tmp_path: Path) -> None:
    assert "no Debian package" in make(tmp_path / "a.zip", "--interpreters", "3.6").output
    assert make(tmp_path / "none" / "a.zip").exit_code == 2
    assert make(tmp_path / "a.zip", "--hidden").exit_code == 2


class Bare:
    """A Debian with nothing but its base, in a folder."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def run(self, command: str, seconds: float) -> str:
        words = ["unshare", "--mount", *CLEAN, "bash", "-c", ENTER, str(self.root), command]
        done = subprocess.run(words, capture_output=True, text=True, timeout=seconds, check=False)
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
        return done.stdout

    def grade(self, source: str) -> dict[str, Any]:
        self._path("submission/server.py").write_text(source, encoding="utf-8")
        self.run("cd /autograder && ./run_autograder", 300)
        text = self._path("results/results.json").read_text(encoding="utf-8")
        values = json.loads(text)
        assert isinstance(values, dict)
        return values

    def _path(self, name: str) -> Path:
        return self.root / "autograder" / name

    def upload(self, archive: Path) -> None:
        """As Gradescope does."""
        for name in ("source", "submission", "results"):
            self._path(name).mkdir(parents=True)
        subprocess.run(["unzip", "-q", archive, "-d", self._path("source")], check=True)
        shutil.copy(self._path("source/run_autograder"), self._path("run_autograder"))
        metadata = {"users": [{"email": "ada@example.org"}]}
        self._path("submission_metadata.json").write_text(json.dumps(metadata), encoding="utf-8")


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[Bare]:
    """One of this machine's release, from the mirror that its own apt uses."""
    if not os.environ.get(WANTED):
        pytest.skip(f"takes minutes: set {WANTED}=1")
    if os.geteuid() or not shutil.which("debootstrap"):
        pytest.skip("absent: debootstrap (`apt-get install debootstrap`), or root")
    root = tmp_path / "debian"
    words = ["apt-get", "indextargets", "--format", "$(SITE) $(RELEASE)", "Created-By: Packages"]
    targets = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    mirror, release = targets.splitlines()[0].split()
    command = ["debootstrap", "--variant=minbase", release, str(root), mirror]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stdout[-1000:]
    shutil.copy("/etc/resolv.conf", root / "etc/resolv.conf")
    yield Bare(root)
    shutil.rmtree(root)


@pytest.mark.time_limit(1500)
@pytest.mark.slow
def test_it_grades_in_a_bare_debian(bare: Bare, tmp_path: Path) -> None:
    archive = tmp_path / "a.zip"
    make(archive, "--hidden", "--seed-file", "-", "--points", "60")
    bare.upload(archive)
    bare.run("cd /autograder && bash source/setup.sh", 600)
    solution = find("1").solution.read_text(encoding="utf-8")
    assert bare.grade(solution)["score"] == 60
    values = bare.grade(mutant.find(find("1"), "any_port").program(solution))
    assert values["score"] == 50
    assert {test["status"] for test in values["tests"]} == {"passed", "failed"}
    values = bare.grade(SPY)
    assert values["score"] == 0
    said = values["tests"][0]["output"]
    refused = ("PermissionError", "FileNotFoundError")  # the second where it has its own tree
    assert sum(said.count(word) for word in refused) == 3, said
    assert SECRET not in json.dumps(values)
    (bare.root / "autograder/submission/server.py").unlink()
    bare.run("cd /autograder && ./run_autograder", 60)
    text = (bare.root / "autograder/results/results.json").read_text(encoding="utf-8")
    assert "server.py was not handed in" in json.loads(text)["output"]
