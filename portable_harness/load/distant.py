"""Other machines as places for a generator: a gateway of execnet's runs `agent` there."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Sequence
from dataclasses import dataclass

import execnet

from portable_harness.load import agent
from portable_harness.load.places import Channel, Place, job, must_have
from portable_harness.load.reports import HostLostError, LoadError
from portable_harness.remote import gateways
from portable_harness.remote.addresses import Address, patience
from portable_harness.remote.heartbeat import send_heartbeats

PREPARE_LIMIT = 180.0  # seconds: compiling, on a busy machine
END_LIMIT = 1.0  # seconds from the end of a program's channel to that of a gateway that was lost


@dataclass(frozen=True)
class Distant(Place):
    """Another machine; it ends what it does when it hears no more of us."""

    gateway: execnet.Gateway
    closed: threading.Event

    def start(self, command: Sequence[str]) -> Channel:
        try:
            channel = self.gateway.remote_exec(agent)
            channel.send({"do": "run", "command": list(command)})
        except OSError:
            raise HostLostError(self.lost()) from None
        return FarProgram(self, channel)

    def watched(self) -> Distant:
        """Let the other end know from now on that we are alive."""
        watch = self.gateway.remote_exec(agent)
        watch.send({"do": "watch", "patience": patience()})
        send_heartbeats(lambda: watch.send(None), self.closed)
        return self

    def lost(self) -> str:
        """One line on the end of the gateway, with ssh's own words."""
        said = gateways.close(self.gateway)
        return f"the load host {self.name} is lost" + (f": {said}" if said else "")

    def close(self) -> None:
        self.closed.set()
        gateways.close(self.gateway)


class FarProgram(Channel):
    """A program over there."""

    def __init__(self, place: Distant, channel: execnet.Channel) -> None:
        self._place, self._channel, self.place = place, channel, place.name

    def line(self, limit: float) -> str:
        limit += 2 * patience()  # ssh reports a host that is gone before that
        try:
            return str(self._channel.receive(timeout=limit))
        except self._channel.TimeoutError:
            raise self.silent(limit) from None
        except self._channel.RemoteError as error:
            said = str(error).strip().splitlines()[-1]
            raise LoadError(f"the generator on {self.place} failed: {said}") from None
        except EOFError:
            gateway = self._place.gateway
            gateway.join(END_LIMIT)  # it ends a moment after its channels, if it does
            if gateway.hasreceiver():
                raise LoadError(f"the generator on {self.place} ended") from None
            raise HostLostError(self._place.lost()) from None

    def tell(self, words: str) -> None:
        try:
            self._channel.send(words)
        except OSError:
            raise HostLostError(self._place.lost()) from None

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._channel.close()
        with contextlib.suppress(Exception):  # a program that failed has reported it before
            self._channel.waitclose(agent.END_LIMIT + 1)


def distant(address: Address, engine: str) -> Distant:
    """Open a gateway there and compile the programs.

    :raises Problem: when the host cannot be reached, or has no C compiler and is to have one
    """
    gateway = gateways.open_gateway(address)
    try:
        channel = gateway.remote_exec(agent)
        channel.send(job(engine, ""))
        found = json.loads(json.dumps(channel.receive(PREPARE_LIMIT)))
        must_have(engine, found, address.name)
    except BaseException:
        gateways.close(gateway)
        raise
    return Distant(
        address.name, found["compiler"], found["engine"], found["commands"],
        found["controller"] or "127.0.0.1", gateway, threading.Event(),
    ).watched()  # fmt: skip
