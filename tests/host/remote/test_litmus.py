"""``litmus --on``: the same races on two hosts, and a host that is lost."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from .commands import LIMIT, run, running
from .two_hosts import TwoHosts
from .waiting import appears

# The case in the middle waits for a file to go away when it is told to; the last one tells hosts
# from each other.
CASES = '''
import os, time
from portable_server.litmus import Case, actor, expect

HOME = os.environ['HOME']

class _Base(Case):
    """What the cases share."""
    rows = (1,)
    expectations = (expect('a', 'A', 'a test'), expect('b', 'F', 'a test'))
    batch = 1
    @actor
    def first(self):
        pass
    @actor
    def second(self):
        pass
    def observe(self):
        return 'a'

class AFirst(_Base):
    """Nothing happens."""

class BWaits(_Base):
    """It waits where a file says so."""
    @actor
    def second(self):
        with open(os.path.join(HOME, 'begun'), 'w'):
            pass
        end = time.time() + 200
        while os.path.exists(os.path.join(HOME, 'wait')) and time.time() < end:
            time.sleep(0.05)

class CHost(_Base):
    """Forbidden on host-b."""
    def observe(self):
        return 'b' if 'host-b' in HOME else 'a'
'''
WORDS = ("--package", "our_cases", "--interpreters", "cpython", "--time", "0.3", "--json")


@pytest.fixture
def package(two_hosts: TwoHosts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for host in two_hosts:
        for name in ("wait", "begun"):
            (host.home / name).unlink(missing_ok=True)
    (tmp_path / "cases").mkdir()
    (tmp_path / "cases" / "our_cases.py").write_text(CASES, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "cases"))
    return tmp_path


def outcomes(document: dict[str, Any]) -> dict[str, dict[str, list[str] | str]]:
    """Host -> case -> the outcomes seen, or why there are none."""
    found: dict[str, dict[str, list[str] | str]] = {}
    for case in document["cases"]:
        for name, result in case["results"].items():
            host, short = name.partition("@")[2], case["name"].rpartition(".")[2]
            seen = list(result["outcomes"]) or result["error"]
            found.setdefault(host, {})[short] = seen
    return found


def states(document: dict[str, Any]) -> dict[str, str]:
    """Host -> the state of its column."""
    return {
        column["name"].partition("@")[2]: column["state"] for column in document["interpreters"]
    }


FINE: dict[str, Any] = {"AFirst": ["a"], "BWaits": ["a"], "CHost": ["a"]}


def test_the_same_races_on_both_hosts(two_hosts: TwoHosts, package: Path) -> None:
    status, out, said = run(package, "litmus", "--on", "ssh=host-a,host-b", *WORDS)
    document = json.loads(out)
    assert status == document["status"] == 1, said
    assert outcomes(document) == {"host-a": FINE, "host-b": {**FINE, "CHost": ["b"]}}
    assert states(document) == {"host-a": "fine", "host-b": "forbidden"}
    assert all(
        column["facts"]["implementation"] == "CPython" for column in document["interpreters"]
    )
    assert "--on ssh=host-a,host-b --interpreters" in said  # the case alone, there
    assert [host.wait_until_idle() for host in two_hosts] == [[], []]


def test_our_own_cases_with_a_server_there(two_hosts: TwoHosts, tmp_path: Path) -> None:
    wanted = ("row_07_setdefault.SetDefault", "59")
    words = ("--interpreters", "cpython", "--time", "0.3", "--json")
    status, out, said = run(tmp_path, "litmus", "--on", "ssh=host-a", *wanted, *words)
    document = json.loads(out)
    assert status == 0, said
    (found,) = outcomes(document).values()
    assert len(found) == 2
    assert all(isinstance(seen, list) for seen in found.values()), found


def test_hosts_that_are_lost_stop_nothing(two_hosts: TwoHosts, package: Path) -> None:
    """One is not there from the start, one is lost in the middle of its second case."""
    (two_hosts.b.home / "wait").touch()
    on = "ssh=host-nowhere,host-a,host-b"
    with running(package, "litmus", "--on", on, *WORDS) as started:
        appears(two_hosts.b.home / "begun")
        started.wait_for("@host-a: 3 cases")
        two_hosts.b.kill_sshd()
        document = json.loads(started.end())
        assert started.status == document["status"] == 2, started.said
    assert states(document) == {"host-nowhere": "lost", "host-a": "fine", "host-b": "lost"}
    found = outcomes(document)
    assert found["host-a"] == FINE
    assert found["host-b"]["AFirst"] == ["a"]
    for case in ("BWaits", "CHost"):
        assert str(found["host-b"][case]).startswith("not run: the connection was lost: ")
    nowhere = document["interpreters"][0]
    assert nowhere["name"] == "cpython@host-nowhere"
    assert "there is no host of that name" in nowhere["lost"]
    assert "Lost; results received until then are shown: cpython@host-nowhere, " in started.said
    assert "Traceback" not in started.said
    assert two_hosts.b.wait_until_idle(LIMIT) == []


def test_ctrl_c_leaves_nothing_running_there(two_hosts: TwoHosts, package: Path) -> None:
    (two_hosts.a.home / "wait").touch()
    with running(package, "litmus", "--on", "ssh=host-a", *WORDS) as started:
        appears(two_hosts.a.home / "begun")
        started.interrupt()
        document = json.loads(started.end())
        assert started.status == document["status"] == 130, started.said
    assert states(document) == {"host-a": "interrupted"}
    assert outcomes(document)["host-a"]["AFirst"] == ["a"]
    assert two_hosts.a.wait_until_idle() == []
