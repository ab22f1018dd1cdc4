"""Generators behind execnet gateways: on this machine, or on others that share the connections.

A `Fleet` has a gateway to each place, and the programs there. `Fleet.run` starts a load: a
generator in each place, connected and waiting; `go` lets all of them begin.
"""

from __future__ import annotations

import contextlib
import json
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from portable_harness.base.errors import Problem
from portable_harness.load import build, far
from portable_harness.load.reports import LoadError, Report, event, merged
from portable_harness.load.spec import AnyLoad
from portable_harness.remote import gateways
from portable_harness.remote.addresses import Address, patience
from portable_harness.remote.alive import stay_alive

if TYPE_CHECKING:
    import execnet

PREPARE_LIMIT = 180.0  # seconds: compiling, on a busy machine
GRACE = 30.0  # seconds beyond what a generator should take, before it counts as lost
CONNECT_LIMIT = 120.0  # seconds
END_LIMIT = 1.0  # seconds from the end of a program's channel to that of a gateway that was lost


class HostLostError(LoadError):
    """The machine of a generator is gone, or the line to it."""


@dataclass(frozen=True)
class Place:
    """Where a generator runs: ``engine`` is "c", or "python" where there is no compiler.

    ``server_host``: how this machine is reached from there.
    """

    name: str
    gateway: execnet.Gateway
    compiler: str | None
    engine: str
    commands: dict[str, list[str]]
    server_host: str
    is_here: bool = True

    def start(self, command: Sequence[str]) -> Channel:
        """Run a program there."""
        try:
            channel = self.gateway.remote_exec(far)
            channel.send({"do": "run", "command": list(command)})
        except OSError:
            raise HostLostError(self.lost()) from None
        return Channel(self, channel)

    def lost(self) -> str:
        """One line on the end of the gateway, with ssh's own words."""
        said = gateways.close(self.gateway)
        return f"the load host {self.name} is lost" + (f": {said}" if said else "")


class Channel:
    """A program in a place: lines from it, words to it."""

    def __init__(self, place: Place, channel: execnet.Channel) -> None:
        self.place, self._channel = place, channel

    def line(self, limit: float) -> str:
        """The next line that it prints.

        :raises LoadError: when it has ended, or says nothing in time
        """
        if not self.place.is_here:
            limit += 2 * patience()  # a host that is gone is told by ssh before that
        try:
            return str(self._channel.receive(timeout=limit))
        except self._channel.TimeoutError:
            why = f"the generator on {self.place.name} said nothing for {limit:.0f} s"
            raise LoadError(why) from None
        except self._channel.RemoteError as error:
            said = str(error).strip().splitlines()[-1]
            raise LoadError(f"the generator on {self.place.name} failed: {said}") from None
        except EOFError:
            self.place.gateway.join(END_LIMIT)  # it ends a moment after its channels, if it does
            if self.place.gateway.hasreceiver():
                raise LoadError(f"the generator on {self.place.name} ended") from None
            raise HostLostError(self.place.lost()) from None

    def event(self, kind: str, limit: float) -> dict[str, Any]:
        """The next line, which is to be of a kind.

        :raises LoadError: when it tells of an error, or of something else
        """
        found = event(self.line(limit))
        if found["event"] != kind:
            raise LoadError(f"the generator said {found['event']} in place of {kind}")
        return found

    def tell(self, words: str) -> None:
        try:
            self._channel.send(words)
        except OSError:
            raise HostLostError(self.place.lost()) from None

    def close(self) -> None:
        """The end of its input: it ends."""
        with contextlib.suppress(OSError):
            self._channel.close()
        with contextlib.suppress(Exception):  # a program that failed has told it before
            self._channel.waitclose(far.END_LIMIT + 1)


class Playing:
    """A load that has connected in every place and waits for `go`."""

    def __init__(self, parts: Sequence[tuple[AnyLoad, Channel]]) -> None:
        self._parts = parts
        found = [channel.event("connected", CONNECT_LIMIT) for _, channel in parts]
        self.connections = sum(one["connections"] for one in found)
        self.seconds = max(one["seconds"] for one in found)

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
        self._closed = threading.Event()

    def add(self, address: Address, engine: str = "auto") -> None:
        """Open a gateway there and compile the programs; it ends when it hears no more of us.

        :raises Problem: when the host cannot be reached, or has no C compiler and is to have one
        """
        place = _place(address, engine)
        self.places.append(place)
        if not place.is_here:
            watch = place.gateway.remote_exec(far)
            watch.send({"do": "watch", "patience": patience()})
            stay_alive(lambda: watch.send(None), self._closed)

    @property
    def is_local(self) -> bool:
        return all(place.name == "local" for place in self.places)

    @property
    def listen_host(self) -> str:
        """The address of this machine that all places reach; where they differ, every address."""
        hosts = {place.server_host for place in self.places}
        return hosts.pop() if len(hosts) == 1 else "0.0.0.0"

    @property
    def engine(self) -> str:
        """"c", or "python" where one of them is."""
        return max((place.engine for place in self.places), default="c")

    def plays(self, load: AnyLoad) -> bool:
        """Whether there is a program for it everywhere."""
        return all(load.program in place.commands for place in self.places)

    def reference(self) -> tuple[list[str], str]:
        """The command of the reference server on this machine, and what it is."""
        if self.engine == "c" and build.compiler():
            return [str(build.compiled(*build.REFERENCE)), self.listen_host], "c-epoll"
        command = [sys.executable, str(build.PYTHON["reference"]), self.listen_host]
        return command, "python-epoll"

    @contextlib.contextmanager
    def run(self, load: AnyLoad, port: int, host: str | None = None) -> Iterator[Playing]:
        """Start ``load`` on a server of this machine; nothing of it is left behind.

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
        self._closed.set()
        for place in self.places:
            gateways.close(place.gateway)

    def __enter__(self) -> Fleet:
        return self

    def __exit__(self, *unused: object) -> None:
        self.close()


def open_fleet(addresses: Sequence[Address], engine: str = "auto") -> Fleet:
    """A gateway to each address, the programs compiled there.

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
    gateway = gateways.open_gateway(address)
    channel = gateway.remote_exec(far)
    here = address.host is None
    channel.send(
        {
            "do": "prepare",
            "engine": engine,
            "folder": str(build.folder()) if here else "",
            "python": {n: path.read_text(encoding="utf-8") for n, path in build.PYTHON.items()},
            "c": {
                "load": build.texts(*build.LOAD),
                "chat": build.texts(*build.CHAT),
                "reference": build.texts(*build.REFERENCE),
            },
        }
    )
    found = json.loads(json.dumps(channel.receive(PREPARE_LIMIT)))
    if engine == "c" and found["why"]:
        gateways.close(gateway)
        raise Problem(
            f"no load generator in C on {address.name}: {found['why']}",
            "install gcc there, or --generator python",
        )
    host = "127.0.0.1" if here else found["controller"] or "127.0.0.1"
    return Place(
        address.name, gateway, found["compiler"], found["engine"], found["commands"], host, here
    )
