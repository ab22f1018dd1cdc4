"""An interleaved run: all servers up at once, and in each round each is measured in turn.

A B C, A B C, ...: what the machine does beside us hits all alike, and the ratio of neighbours
keeps what the absolute figures lose.  A server that is not being measured has no clients, so it
costs nothing.  Each result is written to a JSON lines file at once: Ctrl-C keeps what was
measured.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import IO

from portable_harness.base.servers import ServerError, ServerProcess
from portable_harness.base.tree import guest_tree
from portable_harness.benchmarks.chat.candidates import Candidate
from portable_harness.benchmarks.chat.measure import MeasurementError, Report, measure
from portable_harness.benchmarks.chat.shapes import Shape

Progress = Callable[[str], None]


@dataclass
class Session:
    """Measures `candidates` in `shapes`, `rounds` times; results in `reports` and in `stream`."""

    candidates: Sequence[Candidate]
    shapes: Sequence[Shape]
    rounds: int
    seconds: float
    stream: IO[str] | None = None
    reports: list[Report] = field(default_factory=list)

    @property
    def steps(self) -> int:
        return len(self.candidates) * len(self.shapes) * self.rounds

    def run(self, progress: Progress) -> None:
        for shape in self.shapes:
            with ExitStack() as stack:
                servers = _Servers(stack)
                for number in range(self.rounds):
                    for candidate in self.candidates:
                        progress(f"{shape.name}, round {number + 1}: {candidate.name}")
                        report = self._measure(servers, candidate, shape)
                        named = {"shape": shape.name, "server": candidate.name, "round": number}
                        self._keep(named | report)

    def _measure(self, servers: _Servers, candidate: Candidate, shape: Shape) -> Report:
        try:
            server, fresh = servers.running(candidate)
            warmup = max(shape.warmup, candidate.settling if fresh else 0.0)
            return measure(server.address, server.pid, shape, warmup, self.seconds)
        except (MeasurementError, ServerError) as problem:
            servers.drop(candidate)
            return {"error": str(problem)}

    def _keep(self, report: Report) -> None:
        self.reports.append(report)
        if self.stream:
            self.stream.write(json.dumps(report) + "\n")
            self.stream.flush()


class _Servers:
    """The servers of one shape: started when first needed, again after a failure."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack
        self._running: dict[str, ServerProcess] = {}

    def running(self, candidate: Candidate) -> tuple[ServerProcess, bool]:
        """The server, and whether it was started just now."""
        if candidate.name in self._running:
            return self._running[candidate.name], False
        server = self._stack.enter_context(ServerProcess(candidate.command, cwd=guest_tree()))
        self._running[candidate.name] = server
        return server, True

    def drop(self, candidate: Candidate) -> None:
        if server := self._running.pop(candidate.name, None):
            server.kill()
