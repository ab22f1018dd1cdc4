"""The job ``compare``: servers of this host's interpreters under load from this host."""

from __future__ import annotations

from portable_harness.compare import run as comparison
from portable_harness.compare import workloads
from portable_harness.compare.recorder import Record, Recorder
from portable_harness.load.generator import open_fleet
from portable_harness.remote.addresses import Address
from portable_harness.remote.far import Far, Job, Send


class Teller(Recorder):
    """Keeps the records in memory, and tells each at once.

    :param known: of a run that is taken up again; they are not told
    """

    def __init__(self, send: Send, known: list[Record]) -> None:
        super().__init__(None)
        self.records = known
        self._send = send

    def put(self, record: Record) -> None:
        super().put(record)
        self._send({"kind": "record", "record": record})


def run(far: Far, job: Job) -> None:
    options = job["options"]
    chosen = workloads.choose(
        options["profile_name"], options["service"], options["names"], options["model"]
    )
    sides = comparison.our_sides(options)
    with open_fleet([Address(None)], options["generator"]) as fleet:
        left = comparison.supported(chosen, fleet)
        comparison.run_comparison(options, sides, left, fleet, Teller(far.send, job["known"]))
