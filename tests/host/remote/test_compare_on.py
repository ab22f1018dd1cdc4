"""``compare --on``: the interpreters of two hosts as sides, and a host that is lost."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from .commands import LIMIT, run, running
from .two_hosts import TwoHosts
from .waiting import until

pytestmark = pytest.mark.skipif(
    shutil.which("cc") is None and shutil.which("gcc") is None, reason="absent: a C compiler"
)


def words(rounds: int, saved: Path, how: str = "--save") -> tuple[str, ...]:
    return ("compare", "--interpreters", "cpython", "--workloads", "ping-pong-10", "--rounds",
            str(rounds), "--seconds", "0.2", "--json", how, str(saved))  # fmt: skip


def records(saved: Path, kind: str) -> list[dict[str, Any]]:
    lines = saved.read_text(encoding="utf-8").splitlines(keepends=True) if saved.exists() else []
    found = [json.loads(line) for line in lines if line.endswith("\n")]
    return [record for record in found if record["kind"] == kind]


def measured(saved: Path, host: str) -> list[dict[str, Any]]:
    return [
        record for record in records(saved, "measurement") if record["side"].endswith(f"@{host}")
    ]


def run_until_host_b_is_lost(
    two_hosts: TwoHosts, folder: Path, *command: str
) -> tuple[dict[str, Any], str]:
    """It goes on with host-a, to the end: what it told and what it said."""
    saved = Path(command[command.index("--save") + 1])
    with running(folder, *command) as started:
        until(lambda: bool(measured(saved, "host-b")), "a measurement on host-b")
        two_hosts.b.kill_sshd()
        document = json.loads(started.end())
        assert started.status == 1, started.said
    return document, started.said


def test_both_hosts_are_sides(two_hosts: TwoHosts, tmp_path: Path) -> None:
    saved = tmp_path / "run.jsonl"
    status, out, said = run(tmp_path, *words(2, saved), "--on", "ssh=host-b,host-a")
    assert status == 0, said
    document = json.loads(out)
    assert document["status"] == "complete"
    assert document["reference"].endswith("@host-b")  # the first host's
    assert "other machines" in document["findings"][0]
    (row,) = document["workloads"]
    assert [name.partition("@")[2] for name in row["sides"]] == ["host-b", "host-a"]
    assert all(side["values"]["rate"]["middle"] > 100 for side in row["sides"].values())
    assert [record["load_hosts"] for record in records(saved, "environment")] == [
        ["host-b"],
        ["host-a"],
    ]
    for record in records(saved, "ceiling"):
        assert len(record["sides"]) == 1  # of its host alone
    assert [host.wait_until_idle() for host in two_hosts] == [[], []]


def test_hosts_that_are_lost_stop_nothing(two_hosts: TwoHosts, tmp_path: Path) -> None:
    saved = tmp_path / "run.jsonl"
    on = ("--on", "ssh=host-nowhere,host-a,host-b")
    document, said = run_until_host_b_is_lost(two_hosts, tmp_path, *words(30, saved), *on)
    assert document["status"] == "failed"
    assert len(measured(saved, "host-a")) == 30
    assert 0 < len(measured(saved, "host-b")) < 30
    line = said.splitlines()[-1]
    assert "host-nowhere: lost: cannot reach host-nowhere: there is no host of that name" in line
    assert "host-b: lost: the connection was lost: " in line
    assert "Traceback" not in said
    assert two_hosts.b.wait_until_idle(LIMIT) == []


def test_it_goes_on_where_a_host_was_lost(two_hosts: TwoHosts, tmp_path: Path) -> None:
    saved = tmp_path / "run.jsonl"
    on = ("--on", "ssh=host-a,host-b")
    run_until_host_b_is_lost(two_hosts, tmp_path, *words(12, saved), *on)
    before = {host: len(measured(saved, host)) for host in ("host-a", "host-b")}
    assert 0 < before["host-b"] < before["host-a"] == 12
    two_hosts.b.start()
    status, out, said = run(tmp_path, *words(12, saved, "--resume"), *on)
    assert status == 0, said
    assert json.loads(out)["status"] == "complete"
    for host in before:
        assert sorted(record["round"] for record in measured(saved, host)) == list(range(12))
    assert len(records(saved, "environment")) == len(records(saved, "ceiling")) == 2


def test_a_run_on_hosts_is_resumed_with_the_same_workloads(
    two_hosts: TwoHosts, tmp_path: Path
) -> None:
    saved = tmp_path / "run.jsonl"
    assert run(tmp_path, *words(1, saved), "--on", "ssh=host-a")[0] == 0
    other = (*words(1, saved, "--resume"), "--workloads", "ping-pong-2", "--on", "ssh=host-a")
    status, _, said = run(tmp_path, *other)
    assert status == 1
    assert "host-a: the workloads were ['ping-pong-10'] and are ['ping-pong-2']" in said
    assert len(measured(saved, "host-a")) == 1


def test_ctrl_c_keeps_what_was_measured(two_hosts: TwoHosts, tmp_path: Path) -> None:
    saved = tmp_path / "run.jsonl"
    with running(tmp_path, *words(500, saved), "--on", "ssh=host-a") as started:
        until(lambda: bool(measured(saved, "host-a")), "a measurement")
        started.interrupt()
        document = json.loads(started.end())
        assert started.status == 130, started.said
    assert document["status"] == "interrupted"
    assert two_hosts.a.wait_until_idle() == []


@pytest.mark.parametrize("more", [("--peers", "all"), ("--load", "ssh=host-b")])
def test_what_does_not_go_together(tmp_path: Path, more: tuple[str, ...]) -> None:
    status, _, said = run(tmp_path, "compare", "--on", "ssh=host-a", *more)
    assert status == 2
    assert f"{more[0]} does not go with --on" in said
