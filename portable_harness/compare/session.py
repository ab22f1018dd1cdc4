"""A comparison from its first server to its last: interleaved rounds, each result kept at once.

For each group of workloads that one server can serve, a server of every side is up; the sides are
measured in turn, A B B A: other work of the machine affects all, and neighbours in time are
compared. A server that is not being measured has no clients, and is stopped (SIGSTOP) where it
would compute all the same. A side that fails is started again once; when it fails again, that is
its result, and the others go on.
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
class SideState:
    """A side in a group: its server, which workloads it is warm for, how often it has failed.

    ``busy_when_idle``: its server computes without clients; None: not looked at yet.
    """

    side: Side
    server: Running | None = None
    warm: set[str] = field(default_factory=set)
    failures: int = 0
    reason: str = ""
    busy_when_idle: bool | None = None

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
        self._states: list[SideState] = []
        self.failed = False

    def run(self) -> None:
        """All of it.

        :raises HostLostError: when the machine of a generator is gone
        :raises ResultsLostError: when the results cannot be written
        """
        self._ceilings()
        for group in groups(self.workloads):
            self._states = [SideState(side) for side in self.sides if self._serves(side, group[0])]
            try:
                for workload in group:
                    self._workload(workload)
            finally:
                for state in self._states:
                    self._stop(state)

    def rounds(self, workload: Workload) -> int:
        return self.profile.fresh_rounds if workload.fresh else self.profile.rounds

    def _serves(self, side: Side, workload: Workload) -> bool:
        return side.command(workload, self._fleet.listen_host) is not None

    # --- the generator's own limits
    def _ceilings(self) -> None:
        """Every workload against the reference server, before anything else."""
        wanted = [workload for workload in self.workloads if not self._has_ceiling(workload)]
        chats = [workload for workload in wanted if workload.service == "chat"]
        webs = [workload for workload in wanted if workload.service == "http"]
        others = [workload for workload in wanted if workload not in (*chats, *webs)]
        self._ceilings_of(others, self._fleet.reference())
        if webs:  # all of a run send the same request
            self._ceilings_of(webs, self._fleet.reference(webs[0].load.line))
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
            for state in self._states[:: -1 if number % 2 else 1]:
                if (workload.name, state.side.name, number) in self._done:
                    continue
                self.progress(
                    f"{workload.title}, round {number + 1}: {state.side.name}",
                    self.profile.seconds,
                )
                self._one(state, workload, number)

    def _one(self, state: SideState, workload: Workload, number: int) -> None:
        if state.is_given_up:
            if number == 0:
                self._put_error(state, workload, number, f"not measured: {state.reason}")
            return
        try:
            server = self._ready(state, workload, number)
            figures = self._measurer.measure(server, workload)
        except HostLostError:
            raise
        except (ServerError, LoadError, MeasurementError) as error:
            self._fail(state, workload, number, str(error))
            return
        offered = workload.as_json()["offered_rate"]
        self._put(
            "measurement", workload=workload.name, side=state.side.name, round=number,
            **(NOT_IDLE | figures), offered_rate=offered, error=None,
        )  # fmt: skip
        if workload.fresh:
            self._stop(state)
        elif workload.computing or self._is_busy_when_idle(state, server):
            server.pause()

    def _is_busy_when_idle(self, state: SideState, server: Running) -> bool:
        """Only such a one is stopped: stopped, it could not end itself if we are killed."""
        if state.busy_when_idle is None:
            state.busy_when_idle = server.computes_alone()
        return state.busy_when_idle

    def _fail(self, state: SideState, workload: Workload, number: int, reason: str) -> None:
        state.failures += 1
        state.reason = reason
        self._stop(state)
        self._put_error(state, workload, number, reason)

    def _put_error(self, state: SideState, workload: Workload, number: int, reason: str) -> None:
        self.failed = True
        self._put(
            "measurement", workload=workload.name, side=state.side.name, round=number,
            error=reason,
        )  # fmt: skip

    # --- servers
    def _ready(self, state: SideState, workload: Workload, number: int) -> Running:
        """The side's server, running and warm for this workload."""
        if state.server is None:
            for other in self._states:  # or a start would be measured against what computes
                if workload.computing and other.server is not None:
                    other.server.pause()
            state.server = Running(state.side, workload, self._fleet.listen_host)
            state.warm.clear()
            state.busy_when_idle = None
            self._put(
                "start", side=state.side.name, round=number, service=workload.service,
                seconds=state.server.started, cpu_seconds=state.server.cpu,
            )  # fmt: skip
        state.server.resume()
        if workload.name not in state.warm and not workload.fresh:
            self._warm(state, state.server, workload)
        return state.server

    def _warm(self, state: SideState, server: Running, workload: Workload) -> None:
        limits = warming.patience(state.side.has_jit, not state.warm, self.profile.settle)
        figures = self._measurer.warm_up(server, workload, limits)
        state.warm.add(workload.name)
        self._put("warmup", side=state.side.name, workload=workload.name, **figures)

    def _stop(self, state: SideState) -> None:
        if state.server is None:
            return
        gil = state.server.stop()
        state.server = None
        if gil and not self._recorder.has("gil", side=state.side.name):
            self._put("gil", side=state.side.name, **gil)

    def _put(self, kind: str, **values: Any) -> None:
        self._recorder.put({"kind": kind, **values})


def estimate(sides: Sequence[Side], workloads: Sequence[Workload], profile: Profile) -> float:
    """How many seconds a run takes, about."""
    jits = sum(side.has_jit for side in sides)
    total = CEILING_SECONDS * len(workloads)
    for group in groups(workloads):
        for number, workload in enumerate(group):
            rounds = profile.fresh_rounds if workload.fresh else profile.rounds
            for jit in [True] * jits + [False] * (len(sides) - jits):
                total += rounds * (profile.seconds * 1.2 + (3.0 if jit else 0.7) * workload.fresh)
                limits = warming.patience(jit, number == 0, profile.settle)
                total += 0 if workload.fresh else (limits.least + limits.most) / 2
        total += 2.5 * jits + 0.2 * len(sides)
    return total
