"""Generators in several places: on this machine, or on others that share the connections.

A `Fleet` has the places, and the programs there. `Fleet.run` starts a load: a generator in each
place, connected and waiting; `go` lets all of them begin.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator, Sequence

from portable_harness.base.extras import need
from portable_harness.load import build
from portable_harness.load.places import LOCAL, Channel, Place, here
from portable_harness.load.reports import Report, event, merged
from portable_harness.load.spec import AnyLoad
from portable_harness.remote.addresses import Address

GRACE = 30.0  # seconds beyond what a generator should take, before it counts as lost
CONNECT_LIMIT = 120.0  # seconds


class Playing:
    """A load that has connected in every place and waits for `go`."""

    def __init__(self, parts: Sequence[tuple[AnyLoad, Channel]]) -> None:
        self._parts = parts
        found = [channel.event("connected", CONNECT_LIMIT) for _, channel in parts]
        self.connections = sum(event["connections"] for event in found)
        self.seconds = max(event["seconds"] for event in found)

    def go(self) -> None:
        """Let all begin; returns when they measure."""
        for _, channel in self._parts:
            channel.tell("go\n")
        for load, channel in self._parts:
            channel.event("measuring", load.warmup + GRACE)

    def report(self, interval: Callable[[float], bool] | None = None) -> Report:
        """Wait for the end. ``interval`` gets each rate of a single place; True: end now."""
        found = [self._report(load, channel, interval) for load, channel in self._parts]
        return merged(found)

    def _report(
        self, load: AnyLoad, channel: Channel, interval: Callable[[float], bool] | None
    ) -> Report:
        while True:
            limit = GRACE + (load.interval or load.seconds)
            found = event(channel.line(limit))
            if found["event"] == "report":
                return Report.from_json(found)
            if interval and interval(found["requests"] / found["seconds"]):
                interval = None
                for _, other in self._parts:
                    other.tell("end\n")


class Fleet:
    """All places; close it, or use it in a `with`."""

    def __init__(self, places: Sequence[Place]) -> None:
        self.places = list(places)

    def add(self, address: Address, engine: str = "auto") -> None:
        """Another place, with the programs compiled there.

        :raises Problem: when the host cannot be reached, or has no C compiler and is to have one
        """
        self.places.append(_place(address, engine))

    @property
    def is_local(self) -> bool:
        return all(place.name == LOCAL for place in self.places)

    @property
    def listen_host(self) -> str:
        """The address of this machine that all places reach; where they differ, every address."""
        hosts = {place.server_host for place in self.places}
        return hosts.pop() if len(hosts) == 1 else "0.0.0.0"

    @property
    def engine(self) -> str:
        """ "c", or "python" where one of them is."""
        return max((place.engine for place in self.places), default="c")

    def plays(self, load: AnyLoad) -> bool:
        """Whether there is a program for it everywhere."""
        return all(load.program in place.commands for place in self.places)

    def reference(self, request: int = 0) -> tuple[list[str], str]:
        """The command of the reference server on this machine, and what it is.

        :param request: the bytes of a request, for HTTP, which is in C alone
        """
        if self.engine == "c" and build.compiler():
            program = str(build.compiled(*build.REFERENCE))
            more, name = ([str(request)], "c-epoll-http") if request else ([], "c-epoll")
            return [program, self.listen_host, *more], name
        command = [sys.executable, str(build.PYTHON["reference"]), self.listen_host]
        return command, "python-epoll"

    @contextlib.contextmanager
    def run(self, load: AnyLoad, port: int, host: str | None = None) -> Iterator[Playing]:
        """Start ``load`` on a server of this machine; nothing of it remains.

        :param host: another host than the one that the places know this machine by
        :raises LoadError: when the server or a generator fails
        """
        channels: list[Channel] = []
        try:
            parts = []
            for place, share in zip(self.places, load.shares(len(self.places)), strict=False):
                address = (host or place.server_host, port)
                words = [*share.words(address), "wait=1"]
                channels.append(place.start([*place.commands[load.program], *words]))
                parts.append((share, channels[-1]))
            yield Playing(parts)
        finally:
            for channel in channels:
                channel.close()

    def close(self) -> None:
        for place in self.places:
            place.close()

    def __enter__(self) -> Fleet:
        return self

    def __exit__(self, *unused: object) -> None:
        self.close()


def open_fleet(addresses: Sequence[Address], engine: str = "auto") -> Fleet:
    """A place at each address, the programs compiled there.

    :param engine: "c"; "python"; or "auto": in C where there is a compiler
    :raises Problem: when a host cannot be reached, or has no C compiler and is to have one
    """
    fleet = Fleet([])
    try:
        for address in addresses:
            fleet.add(address, engine)
    except BaseException:
        fleet.close()
        raise
    return fleet


def _place(address: Address, engine: str) -> Place:
    if address.host is None:
        return here(engine)
    need("execnet")
    from portable_harness.load.distant import distant

    return distant(address, engine)
