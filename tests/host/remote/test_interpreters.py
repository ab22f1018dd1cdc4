"""``interpreters --on``: what is found on other hosts."""

from __future__ import annotations

import json
from pathlib import Path

from portable_harness.interpreters import search

from .commands import run
from .two_hosts import TwoHosts


def test_each_host_says_what_it_has(two_hosts: TwoHosts, tmp_path: Path) -> None:
    """host-a has what is here, host-b has none of pyenv's."""
    two_hosts.b.start(PYENV_ROOT=str(two_hosts.b.home / "no-pyenv"), PATH="/usr/bin:/bin")
    on = ("--on", "ssh=host-a,host-nowhere,host-b")
    status, out, said = run(tmp_path, "interpreters", *on, "--json")
    document = json.loads(out)
    assert status == 1, said
    assert set(document["lost"]) == {"host-nowhere"}
    names: dict[str, dict[str, str]] = {"host-a": {}, "host-b": {}}
    for column in document["interpreters"]:
        name, _, host = column["name"].partition("@")
        names[host][name] = column["source"]
    here = {
        interpreter.name
        for interpreter in search.find().interpreters
        if interpreter.source != "cache"
    }
    assert set(names["host-a"]) == here  # it has a cache of its own
    assert names["host-b"]
    assert "pyenv" not in names["host-b"].values()
    assert [host.wait_until_idle() for host in two_hosts] == [[], []]


def test_as_a_table(two_hosts: TwoHosts, tmp_path: Path) -> None:
    status, out, said = run(tmp_path, "interpreters", "--on", "ssh=host-a")
    assert status == 0, said
    assert "Interpreters of other hosts" in out
    assert "@host-a" in out
