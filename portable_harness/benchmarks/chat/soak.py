"""A long run at a steady load with churn: does the server's process grow?

200 members talk at 50 lines a second while others join and leave 20 times a second; every few
seconds psutil reads threads, descriptors and resident memory.  After the first quarter (warming
up, filling pools) none may have a trend: the median of the last quarter is compared with that of
the second.  When all have left, threads and descriptors must be back where they began.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import psutil

from portable_harness.base.servers import ServerProcess
from portable_harness.base.tree import guest_tree
from portable_harness.benchmarks.chat.candidates import Candidate
from portable_harness.benchmarks.chat.measure import Report, measure
from portable_harness.benchmarks.chat.session import Progress
from portable_harness.benchmarks.chat.shapes import Shape

SHAPE = Shape("soak", "", members=200, mode="rate", amount=50, churn=8, joins=20)
MAY_GROW = {"threads": 4.0, "descriptors": 8.0, "resident_mib": 8.0}  # and 5% besides
WARMUP = 2.0


@dataclass(frozen=True)
class Sample:
    """The server's process at `time` seconds from the start."""

    time: float
    threads: int
    descriptors: int
    resident_mib: float


@dataclass(frozen=True)
class Soak:
    """The samples, the generator's report, and what grew (empty: nothing)."""

    server: str
    samples: list[Sample]
    report: Report
    grew: list[str]


def sample(process: psutil.Process, since: float) -> Sample:
    mib = process.memory_info().rss / 2**20
    return Sample(time.monotonic() - since, process.num_threads(), process.num_fds(), mib)


def soak(candidate: Candidate, seconds: float, progress: Progress) -> Soak:
    """Run the load for `seconds`; raises MeasurementError if the server failed it."""
    every = max(1.0, min(10.0, seconds / 60))
    with ServerProcess(candidate.command, cwd=guest_tree()) as server:
        watch = _Watch(server.pid, every, progress, candidate.name)
        before = sample(watch.process, watch.since)
        with watch:
            report = measure(server.address, server.pid, SHAPE, WARMUP, seconds)
        after = _settled(watch.process, watch.since, before)
    grew = growth(watch.samples) + leftovers(before, after)
    return Soak(candidate.name, [before, *watch.samples, after], report, grew)


class _Watch:
    """Samples in a thread while the block runs."""

    def __init__(self, pid: int, every: float, progress: Progress, name: str) -> None:
        self.process = psutil.Process(pid)
        self.since = time.monotonic()
        self.samples: list[Sample] = []
        self._every, self._progress, self._name = every, progress, name
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._over.wait(self._every):
            try:
                now = sample(self.process, self.since)
            except psutil.Error:
                return
            self.samples.append(now)
            self._progress(
                f"{self._name} {now.time:.0f} s: {now.threads} threads, "
                f"{now.descriptors} descriptors, {now.resident_mib:.0f} MiB"
            )


def _settled(process: psutil.Process, since: float, before: Sample) -> Sample:
    """When all have left: give the server 20 s to let go of them."""
    deadline = time.monotonic() + 20
    now = sample(process, since)
    while leftovers(before, now) and time.monotonic() < deadline:
        time.sleep(0.5)
        now = sample(process, since)
    return now


def growth(samples: Sequence[Sample]) -> list[str]:
    """What is larger in the last quarter than in the second, beyond what may be."""
    quarter = len(samples) // 4
    if not quarter:
        return []
    grew = []
    for what, allowed in MAY_GROW.items():
        early = median(getattr(s, what) for s in samples[quarter : 2 * quarter])
        late = median(getattr(s, what) for s in samples[-quarter:])
        if late > early * 1.05 + allowed:
            grew.append(f"{what} from {early:g} to {late:g}")
    return grew


def leftovers(before: Sample, after: Sample) -> list[str]:
    """Threads and descriptors that stayed when all had left."""
    left = []
    for what in ("threads", "descriptors"):
        early, late = getattr(before, what), getattr(after, what)
        if late > early + MAY_GROW[what] * 2:
            left.append(f"{what} left over: {early} before, {late} after")
    return left
