"""A gateway opens, or one line says why not; neither hangs, and nothing is left of it."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from portable_harness.base.errors import Problem
from portable_harness.remote import gateways
from portable_harness.remote.addresses import Address, parse, parse_all
from portable_harness.remote.gateways import close, open_gateway

from .two_hosts import LIMIT, TwoHosts

WHERE = "import os; channel.send(os.environ['HOME'])"

# What ssh says of a lost connection: by what it was about when it learned of it (its clientloop.c).
LOST = r"closed by remote host|Read from remote host .*: |client_loop: send disconnect: "


@pytest.mark.parametrize(
    ("text", "address", "name"),
    [
        ("popen", Address(None), "local"),
        ("local", Address(None), "local"),
        ("ssh=pc", Address("pc"), "pc"),
        ("ssh=me@pc", Address("me@pc"), "pc"),
        ("ssh=-p 2222 me@pc", Address("me@pc", "2222"), "pc:2222"),
        ("ssh=pc//python=/opt/py/bin/python3", Address("pc", None, "/opt/py/bin/python3"), "pc"),
    ],
)
def test_an_address_is_read(text: str, address: Address, name: str) -> None:
    assert parse(text) == address
    assert parse(text).name == name


@pytest.mark.parametrize(
    "text", ["", "pc", "ssh=", "ssh=-oProxyCommand=x", "ssh=a b", "ssh=pc//nice=3", "ssh=@pc"]
)
def test_a_malformed_address_is_reported(text: str) -> None:
    with pytest.raises(Problem) as problem:
        parse(text)
    assert "\n" not in problem.value.message


def test_several_addresses_are_read() -> None:
    assert [address.name for address in parse_all("ssh=a, me@b,local,ssh=-p 22 c")] == [
        "a", "b", "local", "c:22",
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["", ",", "a,b", "ssh=a,b,a", "ssh=a,me@a"])
def test_malformed_address_lists_are_reported(text: str) -> None:
    with pytest.raises(Problem):
        parse_all(text)


def test_a_gateway_here() -> None:
    gateway = open_gateway("popen")
    try:
        assert gateway.remote_exec("channel.send(6 * 7)").receive(LIMIT) == 42
    finally:
        close(gateway)


def test_a_gateway_to_each_host(two_hosts: TwoHosts) -> None:
    opened = [open_gateway(f"ssh={host.name}") for host in two_hosts]
    try:
        answers = [gateway.remote_exec(WHERE).receive(LIMIT) for gateway in opened]
    finally:
        for gateway in opened:
            close(gateway)
    assert answers == [str(host.home) for host in two_hosts]
    assert [host.wait_until_idle() for host in two_hosts] == [[], []]


@pytest.mark.parametrize(
    ("host", "said"),
    [
        ("host-nowhere", "there is no host of that name"),
        ("host-without-sshd", "nothing accepts ssh connections there"),
        ("host-of-unknown-key", "its host key is not known here (connect once by hand, `ssh -F"),
        ("host-of-changed-key", "its host key is not the one that is known here"),
        ("host-that-refuses", "it does not let us in without a password (ssh-copy-id"),
        ("host-a//python=python9", "there is no python9 on host-a"),
    ],
)
def test_why_there_is_none(two_hosts: TwoHosts, host: str, said: str) -> None:
    with pytest.raises(Problem) as problem:
        open_gateway(f"ssh={host}")
    assert said in problem.value.message
    assert "\n" not in problem.value.message
    assert two_hosts.a.wait_until_idle() == []


def test_a_talkative_login_shell_is_reported(two_hosts: TwoHosts, tmp_path: Path) -> None:
    talks = tmp_path / "python3"
    talks.write_text(f'#!/bin/sh\necho hello\nexec {sys.executable} "$@"\n')
    talks.chmod(0o755)
    with pytest.raises(Problem, match="login shell of host-a prints something of its own"):
        open_gateway(f"ssh=host-a//python={talks}")


def test_a_host_that_does_not_answer_is_not_waited_for(two_hosts: TwoHosts, tmp_path: Path) -> None:
    silent = tmp_path / "python3"
    silent.write_text("#!/bin/sh\nexec sleep 600\n")
    silent.chmod(0o755)
    begin = time.monotonic()
    with pytest.raises(Problem, match="no answer from host-a within 5 s"):
        open_gateway(f"ssh=host-a//python={silent}", limit=5.0)
    assert time.monotonic() - begin < LIMIT


def test_a_gateway_that_does_not_come_is_not_waited_for(
    two_hosts: TwoHosts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    silent = tmp_path / "python3"
    silent.write_text("#!/bin/sh\nexec sleep 600\n")
    silent.chmod(0o755)
    monkeypatch.setattr(gateways, "_look", lambda *words: None)
    with pytest.raises(Problem, match="cannot reach host-a"):
        open_gateway(f"ssh=host-a//python={silent}", limit=5.0)


def test_no_such_configuration(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="no ssh configuration"):
        open_gateway("ssh=host-a", tmp_path / "none")


def test_what_ssh_said_when_the_host_was_lost(two_hosts: TwoHosts) -> None:
    gateway = open_gateway("ssh=host-a")
    try:
        channel = gateway.remote_exec("channel.send(1); channel.receive()")
        assert channel.receive(LIMIT) == 1
        two_hosts.a.kill_sshd()
        with pytest.raises(EOFError):
            channel.waitclose(LIMIT)
    finally:
        said = close(gateway)
    assert re.search(LOST, said)
    assert two_hosts.a.wait_until_idle() == []


def test_it_ends_with_a_program_that_is_killed(two_hosts: TwoHosts) -> None:
    program = (
        "from portable_harness.remote.gateways import open_gateway\n"
        "gateway = open_gateway('ssh=host-a')\n"
        "channel = gateway.remote_exec('channel.send(1); channel.receive()')\n"
        "print(channel.receive(), flush=True)\n"
        "channel.waitclose()\n"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"1\n"
        assert two_hosts.a.processes() != []
        child.kill()
    assert two_hosts.a.wait_until_idle() == []
