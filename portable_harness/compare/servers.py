"""Running servers: started when first needed, all of a group up at once, ended with the group."""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import psutil

from portable_harness.base.servers import ServerError, ServerProcess
from portable_harness.base.tree import guest_tree
from portable_harness.compare import usage
from portable_harness.compare.sides import Side
from portable_harness.compare.workloads import Workload
from portable_harness.interpreters.probe import guest_environment

GIL = re.compile(r"^gil (enabled|disabled)(?: by (\S+))?$", re.MULTILINE)
START_LIMIT = 90.0  # seconds
ALONE = 0.2  # seconds that a server is looked at without clients


class Running:
    """A server that has said where it listens. ``started``: seconds until then; ``cpu``: used."""

    def __init__(self, side: Side, workload: Workload, host: str) -> None:
        command = side.command(workload, host)
        if command is None:
            raise ServerError(f"{side.name} has no service {workload.service}")
        self.side = side
        self._process = (side.process or _ours)(command)
        begin = time.perf_counter()
        try:
            self._process.__enter__()
        except OSError as error:
            raise ServerError(f"{command[0]} cannot be started: {error.strerror}") from None
        self.started = time.perf_counter() - begin
        self.port = self._process.address[1]
        try:
            self.cpu = usage.look(self._process.pid).cpu_seconds
        except psutil.Error:
            self.stop()
            raise ServerError(self.last_words()) from None

    def look(self) -> usage.Usage:
        """What it uses by now.

        :raises ServerError: when it has ended
        """
        try:
            return usage.look(self._process.pid)
        except psutil.NoSuchProcess:
            raise ServerError(self.last_words()) from None

    @property
    def has_ended(self) -> bool:
        return self._process.process.poll() is not None

    def last_words(self) -> str:
        """How it ended, with the last line that it printed."""
        status = self._process.process.poll()
        lines = self._process.output.splitlines()
        said = [line for line in lines if line.strip() and not line.startswith("listening on ")]
        how = "is running" if status is None else _how(status)
        return f"the server {how}: {said[-1].strip()}" if said else f"the server {how}"

    def computes_alone(self) -> bool:
        """Whether it uses processor time although nobody asks it anything.

        The kernel counts in hundredths of a second: that is why it takes a while to tell.
        """
        try:
            before = self.look().cpu_seconds
            time.sleep(ALONE)
            return self.look().cpu_seconds - before > ALONE / 10
        except ServerError:
            return False

    def pause(self) -> None:
        """Stop all its processes: what computes in it must not disturb the others."""
        self._each("suspend")

    def resume(self) -> None:
        self._each("resume")

    def _each(self, what: str) -> None:
        with contextlib.suppress(psutil.Error):
            root = psutil.Process(self._process.pid)
            for process in [root, *root.children(recursive=True)]:
                with contextlib.suppress(psutil.Error):
                    getattr(process, what)()

    def stop(self) -> dict[str, Any]:
        """End it and all that it started.

        :returns: ``enabled``, whether it had a GIL in force at its end, and ``module``, the
            extension module that brought it back, or None; empty when it does not say
        """
        self.resume()
        children = self._children()
        with contextlib.suppress(ServerError):
            self._process.__exit__(None, None, None)
        for child in children:
            with contextlib.suppress(psutil.Error):
                child.kill()
        found = GIL.search(self._process.output)
        return {"enabled": found[1] == "enabled", "module": found[2]} if found else {}

    def _children(self) -> list[psutil.Process]:
        with contextlib.suppress(psutil.Error):
            return psutil.Process(self._process.pid).children(recursive=True)
        return []


def environment() -> dict[str, str]:
    """Our own, without what would change another Python; peers find their package in our tree."""
    return {**guest_environment(), "PYTHONUNBUFFERED": "1"}


def _ours(command: Sequence[str]) -> ServerProcess:
    return ServerProcess(command, cwd=guest_tree(), env=environment(), start_limit=START_LIMIT)


def _how(status: int) -> str:
    return f"was ended by signal {-status}" if status < 0 else f"ended with status {status}"


@contextlib.contextmanager
def reference(command: Sequence[str]) -> Iterator[int]:
    """The server that generators are measured against; gives its port."""
    with ServerProcess(list(command), cwd=Path("/"), start_limit=START_LIMIT) as server:
        yield server.address[1]
