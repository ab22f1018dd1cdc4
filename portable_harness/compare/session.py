"""A comparison from its first server to its last: interleaved rounds, each result kept at once.

For each group of workloads that one server can serve, a server of every side is up; the sides are
measured in turn, A B B A: what the machine does beside falls upon all, and neighbours in time are
compared. A server that is not being measured has no clients, and is stopped (SIGSTOP) where it
would compute all the same. A side that fails is started again once; when it fails again, that is
what is told of it, and the others go on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from portable_harness.base.servers import ServerError
from portable_harness.compare import servers, warming
from portable_harness.compare.measurement import MeasurementError, Measurer
from portable_harness.compare.peers import chat_reference
from portable_harness.compare.recorder import Recorder
from portable_harness.compare.servers import Running
from portable_harness.compare.sides import Side
from portable_harness.compare.workloads import Profile, Workload, groups
from portable_harness.load.generator import Fleet
from portable_harness.load.reports import HostLostError, LoadError

CEILING_SECONDS = 0.7
NOT_IDLE = dict.fromkeys(("memory_per_connection", "threads_per_connection", "accept_rate"))
MOST_FAILURES = 2  # of one side in one group; it is not tried again after that
Progress = Callable[[str, float], None]  # what is done next, seconds that the last took about


@dataclass
class _Stand:
    """A side in a group: its server, which workloads it is warm for, how often it has failed.

    ``restless``: its server computes without clients; None: not looked at yet.
    """

    side: Side
    server: Running | None = None
    warm: set[str] = field(default_factory=set)
    failures: int = 0
    reason: str = ""
    restless: bool | None = None

    @property
    def is_given_up(self) -> bool:
        return self.failures >= MOST_FAILURES


class Session:
    """Measures ``sides`` under ``workloads`` and puts the records into ``recorder``.

    ``failed`` is set when a server failed in a measurement.
    """

    def __init__(
        self,
        sides: Sequence[Side],
        workloads: Sequence[Workload],
        profile: Profile,
        fleet: Fleet,
        recorder: Recorder,
    ) -> None:
        self.sides, self.workloads, self.profile = sides, workloads, profile
        self._fleet, self._recorder = fleet, recorder
        self.progress: Progress = lambda text, seconds: None
        self._measurer = Measurer(fleet, profile.seconds)
        self._done = recorder.done()
        self._stands: list[_Stand] = []
        self.failed = False

    def run(self) -> None:
        """All of it.

        :raises HostLostError: when the machine of a generator is gone
        :raises ResultsLostError: when the results cannot be written
        """
        self._ceilings()
        for group in groups(self.workloads):
            self._stands = [_Stand(side) for side in self.sides if self._serves(side, group[0])]
            try:
                for workload in group:
                    self._workload(workload)
            finally:
                for stand in self._stands:
                    self._stop(stand)

    def rounds(self, workload: Workload) -> int:
        return self.profile.fresh_rounds if workload.fresh else self.profile.rounds

    def _serves(self, side: Side, workload: Workload) -> bool:
        return side.command(workload, self._fleet.listen_host) is not None

    # --- the generator's own limits
    def _ceilings(self) -> None:
        """Every workload against the reference server, before anything else."""
        wanted = [one for one in self.workloads if not self._has_ceiling(one)]
        chats = [one for one in wanted if one.service == "chat"]
        self._ceilings_of([one for one in wanted if one not in chats], self._fleet.reference())
        if chats and self._fleet.is_local:  # its reference listens on the loopback address
            self._ceilings_of(chats, chat_reference())

    def _ceilings_of(
        self, workloads: Sequence[Workload], reference: tuple[Sequence[str], str]
    ) -> None:
        if not workloads:
            return
        command, name = reference
        with servers.reference(command) as port:
            for workload in workloads:
                self.progress(f"the generator itself: {workload.title}", CEILING_SECONDS)
                figures = self._measurer.ceiling(port, workload, CEILING_SECONDS, name)
                self._put("ceiling", workload=workload.name, round=0, **figures)

    def _has_ceiling(self, workload: Workload) -> bool:
        return self._recorder.has("ceiling", workload=workload.name)

    # --- rounds
    def _workload(self, workload: Workload) -> None:
        for number in range(self.rounds(workload)):
            # To and fro (A B, B A): a machine that grows slower or faster favours nobody.
            for stand in self._stands[:: -1 if number % 2 else 1]:
                if (workload.name, stand.side.name, number) in self._done:
                    continue
                self.progress(
                    f"{workload.title}, round {number + 1}: {stand.side.name}",
                    self.profile.seconds,
                )
                self._one(stand, workload, number)

    def _one(self, stand: _Stand, workload: Workload, number: int) -> None:
        if stand.is_given_up:
            if number == 0:
                self._put_error(stand, workload, number, f"not measured: {stand.reason}")
            return
        try:
            server = self._ready(stand, workload, number)
            figures = self._measurer.measure(server, workload)
        except HostLostError:
            raise
        except (ServerError, LoadError, MeasurementError) as error:
            self._fail(stand, workload, number, str(error))
            return
        offered = workload.as_json()["offered_rate"]
        self._put(
            "measurement", workload=workload.name, side=stand.side.name, round=number,
            **(NOT_IDLE | figures), offered_rate=offered, error=None,
        )  # fmt: skip
        if workload.fresh:
            self._stop(stand)
        elif workload.computing or self._is_restless(stand, server):
            server.pause()

    def _is_restless(self, stand: _Stand, server: Running) -> bool:
        """Only such a one is stopped: stopped, it could not end itself if we are killed."""
        if stand.restless is None:
            stand.restless = server.computes_alone()
        return stand.restless

    def _fail(self, stand: _Stand, workload: Workload, number: int, reason: str) -> None:
        stand.failures += 1
        stand.reason = reason
        self._stop(stand)
        self._put_error(stand, workload, number, reason)

    def _put_error(self, stand: _Stand, workload: Workload, number: int, reason: str) -> None:
        self.failed = True
        self._put(
            "measurement", workload=workload.name, side=stand.side.name, round=number,
            error=reason,
        )  # fmt: skip

    # --- servers
    def _ready(self, stand: _Stand, workload: Workload, number: int) -> Running:
        """The side's server, running and warm for this workload."""
        if stand.server is None:
            for other in self._stands:  # or a start would be measured against what computes
                if workload.computing and other.server is not None:
                    other.server.pause()
            stand.server = Running(stand.side, workload, self._fleet.listen_host)
            stand.warm.clear()
            stand.restless = None
            self._put(
                "start", side=stand.side.name, round=number, service=workload.service,
                seconds=stand.server.started, cpu_seconds=stand.server.cpu,
            )  # fmt: skip
        stand.server.resume()
        if workload.name not in stand.warm and not workload.fresh:
            self._warm(stand, stand.server, workload)
        return stand.server

    def _warm(self, stand: _Stand, server: Running, workload: Workload) -> None:
        limits = warming.patience(stand.side.has_jit, not stand.warm, self.profile.settle)
        figures = self._measurer.warm_up(server, workload, limits)
        stand.warm.add(workload.name)
        self._put("warmup", side=stand.side.name, workload=workload.name, **figures)

    def _stop(self, stand: _Stand) -> None:
        if stand.server is None:
            return
        gil = stand.server.stop()
        stand.server = None
        if gil and not self._recorder.has("gil", side=stand.side.name):
            self._put("gil", side=stand.side.name, **gil)

    def _put(self, kind: str, **values: Any) -> None:
        self._recorder.put({"kind": kind, **values})


def estimate(sides: Sequence[Side], workloads: Sequence[Workload], profile: Profile) -> float:
    """How many seconds a run takes, about."""
    jits = sum(side.has_jit for side in sides)
    total = CEILING_SECONDS * len(workloads)
    for group in groups(workloads):
        for number, one in enumerate(group):
            rounds = profile.fresh_rounds if one.fresh else profile.rounds
            for jit in [True] * jits + [False] * (len(sides) - jits):
                total += rounds * (profile.seconds * 1.2 + (3.0 if jit else 0.7) * one.fresh)
                limits = warming.patience(jit, number == 0, profile.settle)
                total += 0 if one.fresh else (limits.least + limits.most) / 2
        total += 2.5 * jits + 0.2 * len(sides)
    return total
