"""``check --python FILE.py --on``: one server file on the interpreters of two hosts."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

import pytest

from .commands import LIMIT, run, running
from .two_hosts import TwoHosts
from .waiting import appears

# The second check says "piece by piece": that is answered twice on host-b, which is wrong, and
# waits where a file says so.
SERVER = """\
import os, sys, threading, time
from beside import listener

HOME = os.environ["HOME"]

def serve(connection):
    for line in connection.makefile("rb"):
        is_second = b"piece" in line
        if is_second:
            open(os.path.join(HOME, "begun"), "w").close()
            while os.path.exists(os.path.join(HOME, "wait")):
                time.sleep(0.05)
        connection.sendall(line * (2 if is_second and "host-b" in HOME else 1))
    connection.close()

server = listener(int(sys.argv[1]))
while True:
    threading.Thread(target=serve, args=(server.accept()[0],)).start()
"""
IMPORT = "from beside import listener\n"
BESIDE = """\
import socket

def listener(port):
    return socket.create_server(("127.0.0.1", port))
"""


@pytest.fixture
def words(two_hosts: TwoHosts, tmp_path: Path) -> tuple[str, ...]:
    for host in two_hosts:
        for name in ("wait", "begun"):
            (host.home / name).unlink(missing_ok=True)
    (tmp_path / "server.py").write_text(SERVER, encoding="utf-8")
    (tmp_path / "beside.py").write_text(BESIDE, encoding="utf-8")
    file = str(tmp_path / "server.py")
    return ("check", "echo", "--python", file, "--interpreters", "cpython", "--only",
            "line,pieces", "--patience", "200")  # fmt: skip


def passed(document: dict[str, Any]) -> dict[str, dict[str, str]]:
    """Host -> check -> what came of it."""
    return {
        name.partition("@")[2]: {check["name"]: check["status"] for check in found["checks"]}
        for name, found in document["interpreters"].items()
    }


def test_on_both_hosts(two_hosts: TwoHosts, tmp_path: Path, words: tuple[str, ...]) -> None:
    status, out, said = run(tmp_path, *words, "--on", "ssh=host-a,host-b", "--json")
    assert status == 1, said
    assert passed(json.loads(out)) == {
        "host-a": {"line": "passed", "pieces": "passed"},
        "host-b": {"line": "passed", "pieces": "failed"},
    }
    assert re.search(r"│ pieces +│ required +│ ok +│ FAILED +│", said), said
    assert [host.wait_until_idle() for host in two_hosts] == [[], []]


def test_hosts_that_are_lost_stop_nothing(
    two_hosts: TwoHosts, tmp_path: Path, words: tuple[str, ...]
) -> None:
    """One is not there from the start, one is lost in the middle of its second check."""
    (two_hosts.b.home / "wait").touch()
    on = ("--on", "ssh=host-nowhere,host-a,host-b", "--json")
    with running(tmp_path, *words, *on) as started:
        appears(two_hosts.b.home / "begun")
        started.wait_for("@host-a\n")  # shown when it is done
        two_hosts.b.kill_sshd()
        document = json.loads(started.end())
        assert started.status == 1, started.said
    assert passed(document) == {
        "host-nowhere": {"line": "not reached", "pieces": "not reached"},
        "host-a": {"line": "passed", "pieces": "passed"},
        "host-b": {"line": "passed", "pieces": "not reached"},
    }
    why = {
        name.partition("@")[2]: interpreter.get("problem")
        for name, interpreter in document["interpreters"].items()
    }
    assert "there is no host of that name" in why["host-nowhere"]
    assert why["host-a"] is None
    assert why["host-b"].startswith("the connection was lost: ")
    assert document["passed"] is False
    assert re.search(r"│ pieces +│ required +│ lost +│ ok +│ lost +│", started.said), started.said
    assert "Traceback" not in started.said
    assert two_hosts.b.wait_until_idle(LIMIT) == []


def test_ctrl_c_leaves_nothing_running_there(
    two_hosts: TwoHosts, tmp_path: Path, words: tuple[str, ...]
) -> None:
    (two_hosts.a.home / "wait").touch()
    with running(tmp_path, *words, "--on", "ssh=host-a", "--json") as started:
        appears(two_hosts.a.home / "begun")
        started.interrupt()
        document = json.loads(started.end())
        assert started.status == 130, started.said
    assert passed(document) == {"host-a": {"line": "passed", "pieces": "not reached"}}
    assert two_hosts.a.wait_until_idle() == []


@pytest.mark.usefixtures("words")
def test_a_program_that_is_there(two_hosts: TwoHosts, tmp_path: Path) -> None:
    """In the home folder of one of them; on the other it cannot be started."""
    program = two_hosts.a.home / "my-server"
    program.write_text(f"#!{sys.executable}\n{BESIDE}{SERVER}".replace(IMPORT, ""))
    program.chmod(0o755)
    status, out, said = run(
        tmp_path, "check", "echo", "--on", "ssh=host-a,host-b", "--only", "line,pieces", "--json",
        "--", "./my-server", "{port}",
    )  # fmt: skip
    program.unlink()
    document = json.loads(out)
    assert status == 1, said
    assert list(document["interpreters"]) == ["my-server@host-a", "my-server@host-b"]
    assert passed(document) == {
        "host-a": {"line": "passed", "pieces": "passed"},
        "host-b": {"line": "not reached", "pieces": "not reached"},
    }
    assert "cannot start ./my-server" in document["interpreters"]["my-server@host-b"]["problem"]
    assert [host.wait_until_idle() for host in two_hosts] == [[], []]


@pytest.mark.parametrize("more", [(), ("--address", "127.0.0.1:7000")])
def test_which_server_has_to_be_said(tmp_path: Path, more: tuple[str, ...]) -> None:
    status, _, said = run(tmp_path, "check", "echo", "--on", "ssh=host-a", *more)
    assert status == 2
    assert "say which server is started there" in said
