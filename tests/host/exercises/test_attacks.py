"""Whatever a submission does to its grader is held, or named in docs/teaching.md as not held.

All attacks are tried in the three ways of running: by root, who has namespaces; by an ordinary
user, who has those of a user namespace; and from the zip for Gradescope in a container, where root
has no right to make one (without CAP_SYS_ADMIN).
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import textwrap
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import filelock
import platformdirs
import psutil
import pytest
from click.testing import CliRunner

from portable_harness.base.tree import TREE, page
from portable_harness.exercise.catalogue import find
from portable_harness.exercise.command import exercise
from portable_harness.exercise.gradescope_zip import SETUP
from portable_harness.exercise.private_root import SHARED
from tests.host.exercises.attacks import ATTACKS, PROBES

pytestmark = [pytest.mark.time_limit(600), pytest.mark.xdist_group("attacks")]
USER = 12_345  # nobody's
CACHES = shutil.ignore_patterns("__pycache__")
HUNG = 3.0  # seconds for what will not end
RUNNER = Path(__file__).parent / "attack_runner.py"
#: What is not held, by the way of running: the words are in docs/teaching.md.
NOT_HELD = {
    "root": set[str](),
    "ordinary user": set[str](),
    "zip": {
        "read another submission", "connect to the network", "connect to the host",
        "connect to a UNIX socket", "connect to an abstract UNIX socket",
        "see processes of others",
    },
}  # fmt: skip
Submission = tuple[str, str, str, float]  # exercise, check, text, limit in seconds
HEAD = """
import json, os, signal, socket, sys, threading, time
"""


@dataclass
class Ground:
    """What there is to attack."""

    way: str
    folder: Path
    tree: Path
    command: Sequence[str]
    environment: dict[str, str]
    port: int

    @property
    def names(self) -> str:
        """As lines of Python."""
        values = {
            "SECRET": str(self.folder / "secret"), "OTHER": str(self.folder / "other.py"),
            "VICTIM": str(self.folder / "victim"), "TREE": str(self.tree), "PORT": self.port,
            "SOCKET": str(self.folder / self.folder.name), "MARK": self.folder.name,
        }  # fmt: skip
        return "".join(f"{name} = {value!r}\n" for name, value in values.items())

    def grade(self, submissions: dict[str, Submission]) -> dict[str, dict[str, Any]]:
        """What came of each."""
        done = subprocess.run(
            [*self.command, str(RUNNER)], input=json.dumps(submissions), env=self.environment,
            capture_output=True, text=True, timeout=550, check=False, cwd=self.folder,
        )  # fmt: skip
        found = [json.loads(line) for line in done.stdout.splitlines()]
        assert len(found) == len(submissions), done.stderr[-3000:]
        return {one["name"]: one for one in found}


def python() -> str:
    """An interpreter that any user may start, of this version. It skips where there is none."""
    for path in (sys.executable, "/usr/bin/python3"):
        if Path(path).exists() and all(one.stat().st_mode & 1 for one in _folders(Path(path))):
            version = subprocess.run(
                [path, "-c", "import sys; print(*sys.version_info[:2])"],
                capture_output=True, text=True, check=True, timeout=60,
            ).stdout.split()  # fmt: skip
            if version == [str(part) for part in sys.version_info[:2]]:
                return path
    pytest.skip("absent: a Python that other users may start")


def _folders(path: Path) -> list[Path]:
    return [*path.parents, *path.resolve().parents]


def imports(tree: Path, folder: Path) -> str:
    """For PYTHONPATH: the packages of the harness, and those that it uses.

    They are copied: where they are installed nobody else may read, often, as in root's home.
    """
    copies = folder / "packages"
    for one in (click, filelock, platformdirs, psutil):
        source = Path(str(one.__file__)).parent
        shutil.copytree(source, copies / source.name, ignore=CACHES)
    return os.pathsep.join([str(tree), str(copies)])


def copied(folder: Path) -> Path:
    """This tree where every user may read it."""
    tree = folder / "tree"
    for name in ("compat", "exercises", "litmus", "portable_harness", "portable_server"):
        shutil.copytree(TREE / name, tree / name, ignore=CACHES)
    return tree


def unpacked(folder: Path) -> Path:
    """The zip of exercise 12 as its setup.sh leaves it."""
    archive, tree = folder / "12.zip", folder / "source"
    made = CliRunner().invoke(exercise, ["gradescope-zip", "12", str(archive)])
    assert made.exit_code == 0, made.output
    with zipfile.ZipFile(archive) as opened:
        opened.extractall(tree)
    (tree / "hidden-seed").write_text("hush", encoding="utf-8")
    lines = [line for line in (tree / "setup.sh").read_text().splitlines() if "chmod" in line]
    assert len(lines) == SETUP.count("chmod")
    subprocess.run(["bash", "-euc", "\n".join(lines)], cwd=tree, check=True)
    return tree


@contextlib.contextmanager
def listeners(folder: Path) -> Iterator[int]:
    """Somebody who listens on the host, in three ways; the TCP port."""
    with (
        socket.create_server(("127.0.0.1", 0)) as by_port,
        socket.socket(socket.AF_UNIX) as by_path,
        socket.socket(socket.AF_UNIX) as by_name,
    ):
        by_path.bind(str(folder / folder.name))
        (folder / folder.name).chmod(0o777)
        by_name.bind(f"\0{folder.name}")
        for one in (by_path, by_name):
            one.listen()
        yield by_port.getsockname()[1]


@pytest.fixture(scope="module", params=list(NOT_HELD))
def ground(request: pytest.FixtureRequest) -> Iterator[Ground]:
    """A way of running."""
    way: str = request.param
    is_root = os.geteuid() == 0
    if way != "ordinary user" and not is_root:
        pytest.skip("absent: root")
    folder = Path(tempfile.mkdtemp(prefix="attacked-"))
    folder.chmod(0o755)
    readable = Path(tempfile.mkdtemp(prefix="readable-"))  # in none of the attacked folders
    readable.chmod(0o755)
    tree, command = TREE, [sys.executable]
    if way == "zip":
        tree, command = (
            unpacked(folder),
            ["setpriv", "--bounding-set=-sys_admin", "--inh-caps=-sys_admin", python()],
        )
    elif way == "ordinary user" and is_root:
        tree = copied(readable)
        command = ["setpriv", f"--reuid={USER}", f"--regid={USER}", "--clear-groups", python()]
    for name, mode in (("secret", 0o600), ("victim", 0o600), ("other.py", 0o644)):
        (folder / name).write_text("hush", encoding="utf-8")
        (folder / name).chmod(mode)
    if way == "ordinary user" and is_root:
        for path in (folder, *folder.iterdir()):
            os.chown(path, USER, USER)
    environment = {
        "PATH": os.environ["PATH"], "HOME": str(folder), "XDG_CACHE_HOME": str(folder),
        "PYTHONPATH": imports(tree, readable), "PYTHONDONTWRITEBYTECODE": "1",
    }  # fmt: skip
    with listeners(folder) as port:
        yield Ground(way, folder, tree, command, environment, port)
    shutil.rmtree(folder)
    shutil.rmtree(readable)


def probing(ground: Ground) -> str:
    """The text of a submission that tries all probes."""
    parts = [HEAD, ground.names, "def got(what):\n    sys.stderr.write('GOT %s\\n' % NAME)\n"]
    for name, code in PROBES.items():
        body = textwrap.indent(textwrap.dedent(code).strip(), "    ")
        parts.append(f"NAME = {name!r}\ntry:\n{body}\nexcept Exception:\n    pass\n")
    return "".join([*parts, "sys.stderr.write('tried all\\n')\nos._exit(7)\n"])


def test_what_a_submission_can_read_write_and_reach(ground: Ground) -> None:
    found = ground.grade({"probes": ("12", "full-waits", probing(ground), 60.0)})["probes"]
    (result,) = [one for one in found["results"] if one["check"] == "loads"]
    assert "tried all" in result["output"]
    got = {line[4:] for line in result["output"].splitlines() if line.startswith("GOT ")}
    assert got == NOT_HELD[ground.way]
    assert ("files" in found["lacks"]) == (ground.way == "zip")
    assert (ground.folder / "victim").read_text() == "hush"
    assert not [one for one in SHARED if Path(one, "mine").exists()]


def submissions(ground: Ground) -> dict[str, Submission]:
    """Exercise 12's answer, right or not, with each attack."""
    one = find("12")
    texts = {True: one.solution.read_text("utf-8"), False: one.start.read_text("utf-8")}
    return {
        name: ("12", "full-waits",
               texts[attack.right] + HEAD + ground.names + textwrap.dedent(attack.code),
               HUNG if attack.came == "within" else 60.0)
        for name, attack in ATTACKS.items()
    }  # fmt: skip


def test_attacks_on_grade_and_grader(ground: Ground) -> None:
    """Each has its due result, in time, and nothing of it is left."""
    found = ground.grade(submissions(ground))
    wrong = {}
    for name, attack in ATTACKS.items():
        results = [one for one in found[name]["results"] if one["check"] != "lock-rules"]
        said = " ".join(f"{one['came']} {one['output']}" for one in results)
        passed = any(one["status"] == "passed" for one in results)
        names = {one["check"] for one in results}
        is_due = any(words in said for words in attack.came.split("|"))
        good = passed == attack.passes and is_due and found[name]["seconds"] < 90
        if not good or len(results) != 1 or not names <= {"full-waits", "loads"}:
            wrong[name] = (passed, sorted(names), said[-600:], found[name]["seconds"])
    assert not wrong, "\n".join(f"{name}: {value}" for name, value in wrong.items())
    left = [path for one in SHARED for path in Path(one).glob(f"*{ground.folder.name}-*")]
    left += [Path(one, f"left-behind-{ground.folder.name}") for one in SHARED]
    assert [path for path in left if path.exists()] == []
    assert [one for one in psutil.process_iter() if ground.folder.name in command_of(one)] == []


def command_of(process: psutil.Process) -> str:
    """Its environment and arguments as a text."""
    with contextlib.suppress(psutil.Error):
        return " ".join([*process.cmdline(), *process.environ().values()])
    return ""


def test_there_are_enough() -> None:
    assert len(PROBES) + len(ATTACKS) >= 50


def test_the_page_names_what_is_not_held() -> None:
    text = " ".join(page("teaching").read_text(encoding="utf-8").split())
    missing = [name for names in NOT_HELD.values() for name in names if name not in text]
    assert missing == []
