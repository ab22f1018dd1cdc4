"""One measurement: the generator plays a load against a running server; psutil looks on."""

from __future__ import annotations

import time
from typing import Any

from portable_harness.base.servers import ServerError
from portable_harness.compare import usage, warming
from portable_harness.compare.servers import Running
from portable_harness.compare.usage import Machine, difference
from portable_harness.compare.workloads import Workload, lasting
from portable_harness.load.generator import Fleet, Playing
from portable_harness.load.reports import HostLostError, LoadError, Report
from portable_harness.load.spec import AnyLoad

Record = dict[str, Any]


class MeasurementError(Exception):
    """The server died or misbehaved; one line."""


class Measurer:
    """Measures with a fleet of generators."""

    def __init__(self, fleet: Fleet, seconds: float) -> None:
        self._fleet, self._seconds = fleet, seconds

    def measure(self, server: Running, workload: Workload) -> Record:
        """The figures of one measurement.

        :raises MeasurementError: when the server fails
        :raises HostLostError: when a generator's machine is gone
        """
        load = lasting(workload, self._seconds)
        try:
            if workload.holds:
                return self._idle(server, load)
            with self._fleet.run(load, server.port) as playing:
                playing.go()
                return self._watched(server, playing)
        except HostLostError:
            raise
        except (LoadError, ServerError) as error:
            raise MeasurementError(_why(server, error)) from None

    def _watched(self, server: Running, playing: Playing) -> Record:
        before, machine = server.look(), Machine()
        report = playing.report()
        after = server.look()
        return self._record(report, before, after, machine)

    def _record(
        self, report: Report, before: usage.Usage, after: usage.Usage, machine: Machine
    ) -> Record:
        used = difference(before, after, report.seconds, report.requests)
        here = report.cpu_seconds if self._fleet.is_local else 0.0
        return {
            "requests": report.requests,
            "seconds": report.seconds,
            "rate": report.rate,
            "latency": report.latency.as_json(),
            "joins_per_second": report.joins / report.seconds if report.seconds else 0.0,
            "longest_gap": report.longest_gap,
            "server": used,
            "generator": {
                "cpu_seconds": report.cpu_seconds,
                "cores": report.cpu_seconds / report.seconds if report.seconds else 0.0,
                "engine": self._fleet.engine,
                "lateness": report.lateness,
            },
            **machine.since(used["cpu_seconds"] + here),
        }

    def _idle(self, server: Running, load: AnyLoad) -> Record:
        """Memory and threads: before, and with all connected; then the load, which is light."""
        warming.touch(self._fleet, server, load)
        before = server.look()
        with self._fleet.run(load, server.port) as playing:
            held = server.look()
            playing.go()
            record = self._watched(server, playing)
        each = playing.connections
        record["memory_per_connection"] = max(0, held.rss - before.rss) / each
        record["threads_per_connection"] = max(0, held.threads - before.threads) / each
        record["accept_rate"] = each / playing.seconds
        record["server"]["rss"] = held.rss
        return record

    def warm_up(self, server: Running, workload: Workload, limits: warming.Patience) -> Record:
        """Load until the rate settles.

        :raises MeasurementError: when the server fails
        """
        try:
            return warming.warm_up(self._fleet, server, workload, limits)
        except HostLostError:
            raise
        except LoadError as error:
            raise MeasurementError(_why(server, error)) from None

    def ceiling(self, port: int, workload: Workload, seconds: float, reference: str) -> Record:
        """The same load against the reference server on ``port``.

        :raises LoadError: when that fails
        """
        load = lasting(workload, seconds)
        with self._fleet.run(load, port) as playing:
            playing.go()
            report = playing.report()
        rate = playing.connections / playing.seconds if workload.holds else report.rate
        return {
            "rate": rate,
            "engine": self._fleet.engine,
            "reference": reference,
            "generator_cpu": report.cpu_seconds / report.seconds if report.seconds else 0.0,
            "latency": report.latency.as_json(),
        }


def _why(server: Running, error: Exception) -> str:
    """What the generator saw; when the server has died, that."""
    deadline = time.monotonic() + 1.0  # its connections end a moment before it does
    while not server.has_ended and time.monotonic() < deadline:
        time.sleep(0.02)
    return server.last_words() if server.has_ended else str(error)
