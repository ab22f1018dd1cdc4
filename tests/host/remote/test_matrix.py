"""``matrix --on``: interpreters of two hosts side by side, and a host that is lost."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from rich.console import Console

from portable_harness.matrix import remote as remote_matrix
from portable_harness.matrix.command import matrix
from portable_harness.matrix.outcomes import Column
from portable_harness.matrix.progress import Lines
from portable_harness.matrix.record import Transcript

from .commands import LIMIT, run, running
from .two_hosts import TwoHosts
from .waiting import appears

# Each test says on which host it is; the second waits for a file there when it is told to.
SUITE = """\
import os, time

def waits():
    return os.path.exists(os.path.join(os.environ["HOME"], "wait"))

def test_first():
    pass

def test_waits():
    with open(os.path.join(os.environ["HOME"], "begun"), "w"):
        pass
    end = time.time() + 200
    while waits() and time.time() < end:
        time.sleep(0.05)

def test_only_a():
    assert os.environ["HOME"].endswith("host-a/home")
"""


@pytest.fixture
def project(two_hosts: TwoHosts, tmp_path: Path) -> Path:
    for host in two_hosts:
        for name in ("wait", "begun"):
            (host.home / name).unlink(missing_ok=True)
    folder = tmp_path / "project"
    (folder / "tests").mkdir(parents=True)
    (folder / "tests" / "test_host.py").write_text(SUITE)
    return folder


def cells(document: dict[str, Any]) -> dict[str, dict[str, str]]:
    """Column -> test -> outcome."""
    found: dict[str, dict[str, str]] = {column["name"]: {} for column in document["interpreters"]}
    for test in document["tests"]:
        for name, cell in test["cells"].items():
            found[name][test["id"].partition("::")[2]] = cell["outcome"]
    return found


def states(document: dict[str, Any]) -> dict[str, str]:
    return {column["name"]: column["state"] for column in document["interpreters"]}


PASSED = {"test_first": "pass", "test_waits": "pass", "test_only_a": "pass"}


@pytest.mark.parametrize("order", ["host-a,host-b", "host-b,host-a"])
def test_both_hosts_side_by_side(
    two_hosts: TwoHosts, project: Path, tmp_path: Path, order: str
) -> None:
    status, out, said = run(
        tmp_path, "matrix", "--on", f"ssh={order}", "--interpreters", "cpython", "--project",
        str(project), "--json", "--junit", str(tmp_path / "xml"), "--html",
        str(tmp_path / "page.html"),
    )  # fmt: skip
    document = json.loads(out)
    assert status == document["status"] == 1, said
    names = [column["name"] for column in document["interpreters"]]
    assert [name.partition("@")[2] for name in names] == order.split(",")
    by_host = {name.partition("@")[2]: name for name in names}
    found = cells(document)
    assert found[by_host["host-a"]] == PASSED
    assert found[by_host["host-b"]] == {**PASSED, "test_only_a": "fail"}
    assert document["differences"] == ["tests/test_host.py::test_only_a"]
    written = ElementTree.parse(tmp_path / "xml" / f"{by_host['host-b']}.xml")
    assert len(written.findall(".//failure")) == 1
    assert by_host["host-a"] in (tmp_path / "page.html").read_text()
    assert f"--on ssh={order} --interpreters" in said  # the test alone, there
    assert [host.wait_until_idle() for host in two_hosts] == [[], []]


def test_what_is_sent_is_kept_and_the_rest_is_as_it_was(
    two_hosts: TwoHosts, project: Path, tmp_path: Path
) -> None:
    (project / "tests" / "test_new.py").write_text(f"def test_new(): {tmp_path.name!r}\n")
    words = ("matrix", "--on", "ssh=host-a", "--interpreters", "cpython", "--project", str(project))
    _, first, _ = run(tmp_path, *words)
    _, second, _ = run(tmp_path, *words)
    assert "gets project" in first
    assert "gets" not in second
    left = {path.name.partition("-")[0] for path in (two_hosts.a.cache / "hosts").iterdir()}
    assert left == {"tree", "project", "packages", "compiled"}
    assert {path.name for path in two_hosts.a.home.iterdir()} <= {".cache", "begun"}


def lost(document: dict[str, Any], host: str) -> tuple[dict[str, str], str]:
    """The cells of the host's only column, and the reason."""
    (column,) = [
        column for column in document["interpreters"] if column["name"].endswith("@" + host)
    ]
    assert column["state"] == "lost"
    return cells(document)[column["name"]], column["lost"]


class Watching(Lines):
    """Does something once: when a host is in the middle of a test and the other has ended."""

    def __init__(self, middle: str, ended: str, act: Callable[[], object]) -> None:
        super().__init__(Console(file=io.StringIO()))
        self._left = {middle, ended}
        self._middle, self._ended, self._act = middle, ended, act

    def update(self, name: str, transcript: Transcript) -> None:
        if name.endswith(self._middle) and (transcript.in_progress or "").endswith("test_waits"):
            self._seen(self._middle)

    def done(self, column: Column) -> None:
        if column.name.endswith(self._ended):
            self._seen(self._ended)

    def _seen(self, name: str) -> None:
        if name in self._left:
            self._left.remove(name)
            if not self._left:
                self._act()


@pytest.mark.parametrize("how", ["sshd", "link"])
@pytest.mark.parametrize("gone", ["host-a", "host-b"])
def test_a_host_that_is_lost_in_the_middle(
    two_hosts: TwoHosts, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str,
    gone: str,
) -> None:  # fmt: skip
    monkeypatch.setenv("PORTABLE_HOST_PATIENCE", "10")
    first, second = two_hosts if gone == "host-a" else reversed(list(two_hosts))
    act = {"sshd": first.kill_sshd, "link": lambda: first.link(up=False)}[how]
    watching = Watching(f"@{first.name}", f"@{second.name}", act)
    monkeypatch.setattr(remote_matrix, "reporter", lambda *words: watching)
    (first.home / "wait").touch()
    words = ["--on", "ssh=host-a,host-b", "--interpreters", "cpython", "--project", str(project)]
    status = matrix.main([*words, "--json", str(tmp_path / "told")], standalone_mode=False)
    document = json.loads((tmp_path / "told").read_text())
    assert status == document["status"] == 1
    seen, why = lost(document, first.name)
    assert seen == {"test_first": "pass", "test_waits": "lost", "test_only_a": "lost"}
    assert why.startswith("the connection was lost: ")
    (other,) = [
        column for column in document["interpreters"] if column["name"].endswith(second.name)
    ]
    assert other["state"] == ("passed" if second.name == "host-a" else "failed")
    first.link(up=True)
    assert first.wait_until_idle(LIMIT) == []


def test_a_host_that_is_not_there_stops_nothing(
    two_hosts: TwoHosts, project: Path, tmp_path: Path
) -> None:
    words = ("--interpreters", "cpython", "--project", str(project), "--json")
    status, out, _ = run(tmp_path, "matrix", "--on", "ssh=host-nowhere,host-a", *words)
    document = json.loads(out)
    assert status == 1
    seen, why = lost(document, "host-nowhere")
    assert set(seen.values()) == {"lost"}
    assert why.startswith("cannot reach host-nowhere: there is no host of that name")
    assert sorted(states(document).values()) == ["lost", "passed"]


@pytest.mark.parametrize(
    ("on", "said"),
    [
        ("ssh=host-nowhere", "there is no host of that name"),
        ("ssh=host-of-unknown-key", "its host key is not known here"),
        ("ssh=host-a,host-a", "the host host-a was named twice"),
        ("host-a", "names no host"),
    ],
)
def test_where_no_host_is_left_one_line_says_so(
    two_hosts: TwoHosts, project: Path, tmp_path: Path, on: str, said: str
) -> None:
    status, _, err = run(tmp_path, "matrix", "--on", on, "--project", str(project))
    assert status == 2
    assert said in err.splitlines()[-1]
    assert "Traceback" not in err


def test_ctrl_c_leaves_nothing_running_there(
    two_hosts: TwoHosts, project: Path, tmp_path: Path
) -> None:
    for host in two_hosts:
        (host.home / "wait").touch()
    words = ("--interpreters", "cpython", "--project", str(project), "--json")
    with running(tmp_path, "matrix", "--on", "ssh=host-a,host-b", *words) as started:
        for host in two_hosts:
            appears(host.home / "begun")
        started.interrupt()
        document = json.loads(started.end())
        assert started.status == document["status"] == 130
    assert set(states(document).values()) == {"interrupted"}
    for seen in cells(document).values():
        assert seen == {
            "test_first": "pass", "test_waits": "unreached", "test_only_a": "unreached",
        }  # fmt: skip
    assert [host.wait_until_idle() for host in two_hosts] == [[], []]


def test_a_controller_that_is_killed_leaves_nothing_running_there(
    two_hosts: TwoHosts, project: Path, tmp_path: Path
) -> None:
    (two_hosts.a.home / "wait").touch()
    words = ("--interpreters", "cpython", "--project", str(project))
    with running(tmp_path, "matrix", "--on", "ssh=host-a", *words) as started:
        appears(two_hosts.a.home / "begun")
        started.process.kill()
        started.end()
    assert two_hosts.a.wait_until_idle() == []
