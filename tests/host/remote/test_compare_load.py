"""``compare --load ssh=HOST``: the load comes from another host, which may be lost."""

from __future__ import annotations

import contextlib
import json
import shutil
import sys
from pathlib import Path
from typing import Any

import psutil
import pytest

from .commands import LIMIT, Running, running
from .two_hosts import Host, TwoHosts
from .waiting import until

pytestmark = pytest.mark.skipif(
    shutil.which("cc") is None and shutil.which("gcc") is None, reason="absent: a C compiler"
)


def started(tmp_path: Path, load: str, rounds: int) -> Any:
    return running(
        tmp_path, "compare", "--workloads", "ping-pong-10", "--rounds", str(rounds),
        "--seconds", "0.5", "--interpreters", sys.executable, "--load", load,
        "--save", str(tmp_path / "run.jsonl"),
    )  # fmt: skip


def records(tmp_path: Path, kind: str) -> list[dict[str, Any]]:
    saved = tmp_path / "run.jsonl"
    lines = saved.read_text(encoding="utf-8").splitlines(keepends=True) if saved.exists() else []
    found = [json.loads(line) for line in lines if line.endswith("\n")]
    return [record for record in found if record["kind"] == kind]


def generates(host: Host) -> bool:
    """Whether a load generator runs on the host."""
    return any(name.startswith("load-") for name in names(host.processes()))


def names(processes: list[psutil.Process]) -> list[str]:
    found = []
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            found.append(process.name())
    return found


def listeners(command: Running) -> set[str]:
    """Where the servers of a command listen."""
    found = set()
    for child in psutil.Process(command.process.pid).children(recursive=True):
        try:
            connections = child.net_connections("tcp")
        except psutil.Error:
            continue
        found |= {
            connection.laddr.ip
            for connection in connections
            if connection.status == psutil.CONN_LISTEN
        }
    return found


def test_the_load_comes_from_there(two_hosts: TwoHosts, tmp_path: Path) -> None:
    with started(tmp_path, "ssh=host-a", rounds=2) as command:
        until(lambda: bool(records(tmp_path, "start")), "a server")
        until(lambda: generates(two_hosts.a), "load from there")
        where = listeners(command)
        command.end()
        assert command.status == 0, command.said
    assert where == {two_hosts.a.gateway}
    (environment,) = records(tmp_path, "environment")
    assert environment["load_hosts"] == ["host-a"]
    measured = records(tmp_path, "measurement")
    assert len(measured) == 2
    assert all(record["error"] is None and record["rate"] > 100 for record in measured)
    assert [host.wait_until_idle() for host in two_hosts] == [[], []]


@pytest.mark.parametrize("how", ["sshd", "link"])
def test_a_load_host_that_is_lost_in_the_middle(
    two_hosts: TwoHosts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    monkeypatch.setenv("PORTABLE_HOST_PATIENCE", "5")
    host = two_hosts.b
    with started(tmp_path, "ssh=host-a,host-b", rounds=500) as command:
        until(lambda: bool(records(tmp_path, "measurement")), "a measurement")
        until(lambda: all(map(generates, two_hosts)), "load from both hosts")
        assert listeners(command) == {"0.0.0.0"}  # they reach us by two addresses
        ours = psutil.Process(command.process.pid).children(recursive=True)
        host.kill_sshd() if how == "sshd" else host.link(up=False)
        shown = command.end()
        assert command.status == 1
    said = [line for line in command.said.splitlines() if "lost" in line]
    assert len(said) == 1, command.said
    assert said[0].startswith("the load host host-b is lost: ")
    assert "(go on with --resume " in said[0]
    assert "Traceback" not in command.said
    assert "ping-pong, 10 connections" in shown
    assert [record for record in records(tmp_path, "measurement") if record["error"]] == []
    (end,) = records(tmp_path, "end")
    assert end["status"] == "failed"
    assert psutil.wait_procs(ours, LIMIT)[1] == []
    assert [host.wait_until_idle(LIMIT) for host in two_hosts] == [[], []]  # the cable still out


def test_a_load_host_that_is_not_there(two_hosts: TwoHosts, tmp_path: Path) -> None:
    with started(tmp_path, "ssh=host-a,host-nowhere", rounds=1) as command:
        command.end()
        assert command.status == 2
    assert "cannot reach host-nowhere: there is no host of that name" in command.said
    assert "Traceback" not in command.said
    assert not (tmp_path / "run.jsonl").exists()
    assert two_hosts.a.wait_until_idle() == []


def test_ctrl_c_ends_the_load_there(two_hosts: TwoHosts, tmp_path: Path) -> None:
    with started(tmp_path, "ssh=host-a", rounds=500) as command:
        until(lambda: bool(records(tmp_path, "measurement")), "a measurement")
        command.interrupt()
        command.end()
        assert command.status == 130
    assert "interrupted: this is what was measured" in command.said
    assert two_hosts.a.wait_until_idle() == []
