"""``compare --on``: the interpreters of other hosts as sides, each measured on its own host.

A host measures what it has as if ``compare`` had been started there: server and generator are on
that host. Its records come here one by one; their sides are called ``interpreter@host``. The first
interpreter of the first host is what the ratios are to.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import click
from rich.console import Console

from portable_harness.base.errors import INTERRUPTED, Problem
from portable_harness.base.tasks import run_all
from portable_harness.compare import host_sides, results, workloads
from portable_harness.compare import run as engine
from portable_harness.compare.options import CompareOptions, RunOptions
from portable_harness.compare.recorder import Record, Recorder, ResultsLostError, open_recorder
from portable_harness.load.generator import open_fleet
from portable_harness.remote.addresses import Address
from portable_harness.remote.host import Event, Lost
from portable_harness.remote.hosts import ConnectedHost, Request, connect_all
from portable_harness.remote.jobs import Job, JobContext, Send


def measure(options: CompareOptions, output: results.Output) -> int:
    """Measure on all hosts and show it; the exit status.

    :raises Problem: when not one host can be reached
    """
    assert options.on is not None
    request = Request(options.on, options.ssh_config, options.interpreters)
    console, recorder = Console(stderr=True, highlight=False), open_recorder(options)
    try:
        with connect_all(console, request) as reached:
            merged = _Merged(recorder, [host.name for host in reached])
            status = _on_all(reached, options, merged)
    finally:
        recorder.close()
    output.show(recorder.records)
    return status


def _on_all(reached: list[ConnectedHost], options: RunOptions, merged: _Merged) -> int:
    def task(host: ConnectedHost) -> Callable[[threading.Event], str]:
        known = merged.known(host.name)
        job = {"kind": "compare", "options": options.as_json(), "known": known}
        return lambda stop: _on(host, job, merged, stop)

    begin = time.monotonic()
    why, interrupted = run_all([task(host) for host in reached], len(reached))
    troubles = [f"{host.name}: {text}" for host, text in zip(reached, why, strict=True) if text]
    troubles += filter(None, [merged.trouble])
    status, message = "complete", None
    if interrupted:
        status, message = "interrupted", "interrupted: this is what was measured"
    elif troubles:
        status, message = "failed", f"{'; '.join(troubles)}: this is what was measured until then"
    if message:
        click.echo(message, err=True)
    merged.end({"status": status, "message": message, "seconds": time.monotonic() - begin})
    return INTERRUPTED if interrupted else int(bool(troubles) or merged.failed)


def _on(host: ConnectedHost, job: Event, merged: _Merged, stop: threading.Event) -> str:
    """Measure on a host; why that ended early, or ""."""
    why = f"lost: {host.lost}" if host.lost else ""
    try:
        if not why and not stop.is_set():
            for event in host.ask(job, stop):
                why = merged.take(host.name, event["record"])
                if merged.trouble:
                    break  # the host ends its run when its connection is closed
    except Lost as error:
        why = f"lost: {error}"
    except Problem as problem:
        why = problem.message
    finally:
        merged.ended(host.name)
    return why


class _Merged:
    """The records of all hosts in one recorder, after the environments in the hosts' order.

    ``failed`` is set when a server failed in a measurement, ``trouble`` when the results cannot be
    written any more.
    """

    def __init__(self, recorder: Recorder, hosts: list[str]) -> None:
        self._recorder = recorder
        self._waiting: dict[str, list[Record]] = {host: [] for host in hosts}
        self._ended: set[str] = set()
        self._names: dict[str, list[str]] = {}
        for record in recorder.records:
            self._learn(record)
        self._seen: set[tuple[str, str]] = set()
        self._lock = threading.Lock()
        self.failed, self.trouble = False, ""

    def known(self, host: str) -> list[Record]:
        """What was measured there before, as it knew it."""
        return host_sides.of_host(host, self._recorder.records)

    def take(self, host: str, record: Record) -> str:
        """Add one. Of a host's last record: why it ended early, else ""."""
        if record["kind"] == "end":
            return str(record["message"]) if record["status"] == "failed" else ""
        with self._lock:
            self.failed = self.failed or bool(record.get("error"))
            self._tell(host, record)
            self._waiting[host].append(self._named(host, record))
            self._flush()
        return ""

    def ended(self, host: str) -> None:
        with self._lock:
            self._ended.add(host)
            self._flush()

    def end(self, record: Record) -> None:
        if self._recorder.records:
            self._put({"kind": "end", **record})

    def _flush(self) -> None:
        """A host's first record is its environment: wait until all have one or have ended."""
        begun = bool(self._recorder.records)
        if begun or all(found or host in self._ended for host, found in self._waiting.items()):
            for found in self._waiting.values():
                while found:
                    self._put(found.pop(0))

    def _put(self, record: Record) -> None:
        try:
            self._recorder.put(record)
        except ResultsLostError as error:
            self.trouble = str(error)

    def _named(self, host: str, record: Record) -> Record:
        found = host_sides.named(host, record, self._names.get(host, ()))
        self._learn(found)
        return found

    def _learn(self, record: Record) -> None:
        if record["kind"] == "environment":
            for host in record["load_hosts"]:
                self._names[host] = [side["name"] for side in record["sides"]]

    def _tell(self, host: str, record: Record) -> None:
        workload = record.get("workload")
        if workload and (host, workload) not in self._seen:
            self._seen.add((host, workload))
            click.echo(f"{host}: {workload}", err=True)


def refuse(options: CompareOptions) -> None:
    """:raises Problem: for an option that does not go with --on"""
    given = {"peers": options.peers, "load": options.hosts != [Address(None)]}
    for name, value in given.items():
        if value:
            raise Problem(f"--{name} does not go with --on", "leave one of them out")


class SendingRecorder(Recorder):
    """Keeps the records in memory, and sends each at once.

    :param known: of a run that is taken up again; they are not sent
    """

    def __init__(self, send: Send, known: list[Record]) -> None:
        super().__init__(None)
        self.records = known
        self._send = send

    def put(self, record: Record) -> None:
        super().put(record)
        self._send({"kind": "record", "record": record})


def run(context: JobContext, job: Job) -> None:
    """On a host: servers of its interpreters under load from itself."""
    options = RunOptions(**job["options"])
    chosen = workloads.choose(options.profile_name, options.service, options.names, options.model)
    sides = engine.our_sides(options)
    with open_fleet([Address(None)], options.generator) as fleet:
        left = engine.supported(chosen, fleet)
        recorder = SendingRecorder(context.send, job["known"])
        engine.run_comparison(options, sides, left, fleet, recorder)
