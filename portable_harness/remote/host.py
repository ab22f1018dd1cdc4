"""Our end of a host: it is opened, gets what it lacks, does jobs, and may be lost at any time."""

from __future__ import annotations

import contextlib
import json
import queue
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from portable_harness.base.errors import Problem
from portable_harness.base.reading import decoded
from portable_harness.remote import agent, payload
from portable_harness.remote.addresses import Address, patience
from portable_harness.remote.gateways import close, open_gateway
from portable_harness.remote.heartbeat import send_heartbeats

if TYPE_CHECKING:
    import execnet  # an extra: imported where it is used

STEP = 0.2  # seconds between two looks whether we are to stop
STOP_LIMIT = 20.0  # seconds that the other end may take to stop what it does
SEND_LIMIT = 600.0  # seconds for a part
Event = dict[str, Any]
ENDED = object()


class Lost(Exception):
    """The host is no longer there; the message says what is known of the reason."""


class Host:
    """A host with a controller on it. ``name`` is what its columns end in."""

    def __init__(self, address: Address, config: Path | None) -> None:
        self.name = address.name
        self._address, self._config = address, config
        self._queue: queue.Queue[Any] = queue.Queue()
        self._gateway: execnet.Gateway | None = None
        self._channel: Any = None
        self._closed = threading.Event()

    def open(self, more: payload.Archive | None, say: Callable[[str], None]) -> None:
        """Connect, send what is not there yet, start the controller.

        :param more: a part of files besides the tree and the packages
        :raises Lost: when one of it cannot be done
        """
        import execnet

        try:
            self._gateway = open_gateway(self._address, self._config)
            wanted = self._parts(more)
            self._channel = self._gateway.remote_exec(agent)
            self._channel.send(("have", [archive.name for archive in wanted]))
            absent = self._channel.receive(SEND_LIMIT)
            for part in (archive for archive in wanted if archive.name in absent):
                self._send(part, say)
            self._channel.send(("start", [archive.name for archive in wanted], patience()))
        except Problem as problem:
            raise Lost(problem.message) from None
        except (EOFError, OSError, execnet.RemoteError, execnet.TimeoutError) as error:
            raise Lost(self._reason(error)) from None
        self._channel.setcallback(self._queue.put, endmarker=ENDED)
        send_heartbeats(lambda: self._tell({"kind": "alive"}), self._closed)

    def _parts(self, more: payload.Archive | None) -> list[payload.Archive]:
        pure, compiled = payload.libraries()
        assert self._gateway is not None
        theirs = self._gateway.remote_exec(payload.PLATFORM).receive(SEND_LIMIT)
        native = [compiled] if payload.is_for(theirs) else []
        return [payload.tree(), *([more] if more else []), pure, *native]

    def _send(self, part: payload.Archive, say: Callable[[str], None]) -> None:
        archive = part.archive()
        say(f"gets {part.kind}: {len(archive) / 1e6:.1f} MB (only this once)")
        self._channel.send(("part", part.name, archive))
        self._channel.receive(SEND_LIMIT)

    def ask(self, job: Event, stop: threading.Event) -> Iterator[Event]:
        """Do a job there; what comes of it, event by event, without the last.

        :raises Lost: when the host is lost in the middle of it
        :raises Problem: when the other end cannot do it
        """
        self._tell(job)
        deadline = None
        while True:
            if stop.is_set() and deadline is None:
                deadline = time.monotonic() + STOP_LIMIT
                self._tell({"kind": "stop"})
            if deadline is not None and time.monotonic() > deadline:
                raise Lost("it was asked to stop and did not")
            with contextlib.suppress(queue.Empty):
                event = self._event(self._queue.get(timeout=STEP))
                if event["kind"] == "end":
                    return
                if event["kind"] == "problem":
                    raise Problem(event["message"])
                yield event

    def _event(self, message: Any) -> Event:
        if message is ENDED:
            raise Lost(self._reason())
        if not isinstance(message, str):
            _, status, said = message
            lines = said.strip().splitlines() or [f"status {status}"]
            raise Lost(f"its controller ended: {explain(lines[-1])}")
        event: Event = decoded(message)
        return event

    def _tell(self, job: Event) -> None:
        with contextlib.suppress(OSError):  # lost: the queue says so, too
            self._channel.send(json.dumps(job) + "\n")

    def _reason(self, error: Exception | None = None) -> str:
        """What ssh said when the line broke, or what was the matter with the gateway."""
        import execnet

        said = close(self._gateway) if self._gateway is not None else ""
        if said:
            return f"the connection was lost: {said}"
        if isinstance(error, execnet.RemoteError):
            return f"its agent failed: {str(error).strip().splitlines()[-1]}"
        return "the connection was lost"

    def close(self) -> None:
        """End the controller there, with all that it started, and the connection."""
        self._closed.set()
        if self._gateway is not None:
            if self._channel is not None:
                with contextlib.suppress(Exception):
                    self._channel.close()
            close(self._gateway)


def explain(said: str) -> str:
    """The last line of a controller that did not come up, with the remedy where one is known."""
    if "psutil" in said:
        return f"{said}; its platform is not ours: apt-get install python3-psutil there"
    return said
