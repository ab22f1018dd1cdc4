"""What a member costs that only is there: resident memory and threads, by psutil."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

import psutil

from portable_harness.base.servers import ServerError, ServerProcess
from portable_harness.base.tree import guest_tree
from portable_harness.benchmarks.chat.candidates import Candidate
from portable_harness.benchmarks.chat.measure import MeasurementError, arguments, generator, read
from portable_harness.benchmarks.chat.session import Progress
from portable_harness.benchmarks.chat.shapes import Shape


@dataclass(frozen=True)
class Cost:
    """`members` connected and joined: seconds it took, KiB and threads each."""

    server: str
    members: int
    seconds: float = 0.0
    kib_each: float = 0.0
    threads_each: float = 0.0
    resident_mib: float = 0.0
    error: str = ""

    def as_json(self) -> dict[str, object]:
        return asdict(self)


def cost(candidate: Candidate, members: int) -> Cost:
    """Start the server, let `members` join, look at its process."""
    shape = Shape("hold", "", members, "rate", 1)
    try:
        with ServerProcess(candidate.command, cwd=guest_tree()) as server:
            process = psutil.Process(server.pid)
            before, threads = process.memory_info().rss, process.num_threads()
            command = [*arguments(server.address[1], shape, 0, 0), "wait=1"]
            with generator(command, limit=60) as load:
                assert load.stdin is not None
                report = read(load, "connected")
                after, now = process.memory_info().rss, process.num_threads()
                load.stdin.close()
    except (MeasurementError, ServerError, psutil.Error) as problem:
        return Cost(candidate.name, members, error=str(problem))
    return Cost(
        candidate.name, members, report["seconds"], (after - before) / 1024 / members,
        (now - threads) / members, after / 2**20,
    )  # fmt: skip


def costs(
    candidates: Sequence[Candidate], sizes: Sequence[int], progress: Progress
) -> Iterator[Cost]:
    """Each server with each number of members, as they are measured."""
    for members in sizes:
        for candidate in candidates:
            progress(f"{members:,} members: {candidate.name}")
            yield cost(candidate, members)
