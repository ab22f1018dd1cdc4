"""What people would use instead, as sides: from `portable_harness.peers`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from portable_harness.base.errors import Problem
from portable_harness.compare.sides import Side
from portable_harness.compare.workloads import Workload
from portable_harness.interpreters import Absent, Interpreter, select

if TYPE_CHECKING:
    from portable_harness.peers import registry
    from portable_harness.peers.registry import Missing, Runnable


def peer_sides(
    names: Sequence[str], workloads: Sequence[Workload], wanted: str | None
) -> list[Side]:
    """The peers by name, or all; those in Python on the first interpreter that is compared and
    can run them, else on the usual CPython.

    Those that cannot be started here are reported on standard error.

    :raises Problem: for a name that there is not
    """
    if not names:
        return []
    from portable_harness.peers import registry

    services = [name for name in ("echo", "chat") if any(w.service == name for w in workloads)]
    chosen = [] if "all" in names else list(names)
    known = {peer.name for service in services for peer in registry.peers(service)}
    if unknown := [name for name in chosen if name not in known]:
        raise Problem(f"no peer is called {unknown[0]!r}", f"known: {', '.join(sorted(known))}")
    hosts = select(f"{wanted},cpython" if wanted else "cpython")
    found: dict[str, dict[str, Any]] = {}
    for service in services:
        for peer in registry.peers(service):
            if chosen and peer.name not in chosen:
                continue
            resolved = _on_first(hosts, peer)
            if isinstance(resolved, registry.Missing):
                _say(f"absent: {resolved.name}: {resolved.reason}")
            else:
                found.setdefault(peer.name, {})[service] = resolved
    return [_side(name, runnable) for name, runnable in found.items()]


def chat_reference() -> tuple[list[str], str]:
    """The command of the chat in C that the chat's generator is measured against, and its name.

    :raises Problem: where there is no C compiler
    """
    from portable_harness.peers import registry

    (peer,) = registry.choose("chat", ["epoll-c"])
    found = registry.resolve(peer, None)
    if isinstance(found, registry.Missing):
        raise Problem(f"no chat to measure the generator against: {found.reason}", "install gcc")
    return list(found.command), "c-epoll-chat"


def _say(text: str) -> None:
    click.echo(text, err=True)


def _on_first(hosts: Sequence[Interpreter | Absent], peer: registry.Peer) -> Runnable | Missing:
    """The peer on the first interpreter that can run it; why there is none, from the last."""
    from portable_harness.peers import registry

    resolved = registry.resolve(peer, None)
    for host in hosts:
        if isinstance(host, Interpreter):
            resolved = registry.resolve(peer, host, _say)
            if isinstance(resolved, registry.Runnable):
                break
    return resolved


def _side(name: str, runnable: dict[str, Any]) -> Side:
    """A peer in the services that it has; it listens on the loopback address alone."""
    first = next(iter(runnable.values()))
    on = first.interpreter
    info = {
        "title": first.peer.title, "class": on.klass if on else None,
        "gil_build": bool(on and not on.free_threaded_build and not on.is_jython),
        "version": first.peer.version or (on.version_text if on else None),
        "implementation": on.implementation if on else first.peer.language,
        "peer": True, "host": None, "command": list(first.command),
    }  # fmt: skip

    def command(workload: Workload, host: str) -> Sequence[str] | None:
        resolved = runnable.get(workload.service)
        return None if resolved is None or host != "127.0.0.1" else list(resolved.command)

    return Side(name, info, command)
