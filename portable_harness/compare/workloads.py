"""What a comparison measures: the workloads, and how long in which profile."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from portable_harness.base.errors import Problem
from portable_harness.load.spec import AnyLoad, ChatLoad, HttpLoad, Load, http_request

HTTP_CONNECTIONS = (1, 2, 10, 50)
SERVICES = ("echo", "work", "chat")
DESIGNS = ("objects", "global-lock", "mailboxes")  # of our chat server
# Models that serve one connection after the other: what needs more at once would wait for ever.
ONE_AT_A_TIME = ("serial", "one-at-a-time")


@dataclass(frozen=True)
class Workload:
    """One situation. ``fresh``: each measurement has a server of its own, newly started.
    ``ramp``: seconds of load before each measurement, where the usual do not do."""

    name: str
    title: str
    family: str
    service: str
    load: AnyLoad
    work_us: int | None = None
    computing: bool = False
    fresh: bool = False
    ramp: float = 0.0

    @property
    def holds(self) -> bool:
        """What counts is the cost of a connection that does nothing."""
        return self.family in ("idle", "members")

    @property
    def server_options(self) -> tuple[str, ...]:
        """What the server is started with: workloads that want the same share one."""
        if self.service == "chat":
            return ("--handshake", "300")
        return ("--computing-threads", "1") if self.computing else ()

    def as_json(self) -> dict[str, Any]:
        load = self.load
        return {
            "name": self.name, "title": self.title, "family": self.family,
            "service": self.service, "connections": load.connections,
            "pipeline": load.pipeline if isinstance(load, Load) else None,
            "line_bytes": load.line, "mode": load.mode,
            "offered_rate": load.offered, "work_us": self.work_us,
            "computing_thread": self.computing,
            **({"request": load.request} if isinstance(load, HttpLoad) else {}),
        }  # fmt: skip


def counted(connections: int) -> str:
    """1 connection, 1,000 connections."""
    return f"{connections:,} connection{'s' * (connections > 1)}"


def _ping_pong(connections: int) -> Workload:
    title = f"ping-pong, {counted(connections)}"
    load = Load(connections=connections)
    return Workload(f"ping-pong-{connections}", title, "ping-pong", "echo", load)


def _pipelined(connections: int) -> Workload:
    load = Load(connections=connections, pipeline=32)
    title = f"pipelined by 32, {connections} connections"
    return Workload(f"pipelined-{connections}", title, "pipelined", "echo", load)


def _large(connections: int, size: int) -> Workload:
    title = f"lines of {size // 1024} KiB, {connections} connections"
    load = Load(connections=connections, line=size)
    return Workload(f"large-{size // 1024}k-{connections}", title, "large-lines", "echo", load)


def _churn(together: int) -> Workload:
    load = Load(mode="churn", connections=together)
    title = f"connect, one line, close; {together} at once"
    return Workload(f"churn-{together}", title, "churn", "echo", load)


def _idle(connections: int) -> Workload:
    load = Load(mode="idle", connections=connections)
    title = f"{connections:,} idle connections"
    return Workload(f"idle-{connections}", title, "idle", "echo", load, fresh=True)


def _rate(connections: int, rate: int) -> Workload:
    load = Load(mode="rate", connections=connections, rate=rate)
    title = f"{rate:,} lines/s offered, {connections} connections"
    return Workload(f"rate-{rate}-{connections}", title, "rate", "echo", load)


def _work(cost: int, connections: int) -> Workload:
    load = Load(connections=connections, prefix=f"work {cost} ")
    title = f"{cost:,} us of work a line, {counted(connections)}"
    return Workload(f"work-{cost}us-{connections}", title, "work", "work", load, work_us=cost)


def _convoy(connections: int, computing: bool) -> Workload:
    """The same lines with and without a thread of the server that computes."""
    load, how = Load(connections=connections), "with a" if computing else "without a"
    name = f"convoy-{connections}{'' if computing else '-without'}"
    title = f"ping-pong, {counted(connections)}, {how} computing thread"
    return Workload(name, title, "convoy", "work", load, work_us=0, computing=computing)


def _chat(name: str, title: str, load: ChatLoad, ramp: float = 0.0) -> Workload:
    return Workload(name, title, "chat", "chat", load, ramp=ramp)


def _members(count: int) -> Workload:
    """Nobody speaks while memory and threads are read; then a few lines are said."""
    load = ChatLoad(count, "rate", 10)
    return Workload(f"chat-members-{count}", f"{count:,} silent members of a room", "members",
                    "chat", load, fresh=True)  # fmt: skip


def http_workloads(
    path: str, body: str | None = None, close: bool = False, rate: float | None = None
) -> list[Workload]:
    """One request on connections that are kept, or on a new one each time; also at a fixed rate.

    :raises Problem: for what cannot be requested
    """
    load = HttpLoad("churn" if close else "closed", request=http_request(path, body, close))
    what = f"{'GET' if body is None else 'POST'} {path}"
    how = "a connection for each, " if close else ""
    found = [
        Workload(f"http-{count}", f"{what}, {how}{counted(count)}", "http", "http",
                 replace(load, connections=count))
        for count in HTTP_CONNECTIONS
    ]  # fmt: skip
    if rate is not None:
        if close:
            raise Problem("--rate does not go with --close", "leave one of them out")
        paced = replace(load, mode="rate", rate=rate, connections=10)
        title = f"{what}, {rate:,g} requests/s offered, 10 connections"
        found.append(Workload(f"http-rate-{rate:g}", title, "rate", "http", paced))
    return found


# Some seconds of long lines first: until the kernel's buffers are full (4 MB and more) they hide
# that a member does not read.
_LONG = ChatLoad(100, amount=8, line=980)
_FILL = 6.0
# What the usual limit of 20,000 descriptors leaves to the clients of one process.
_MOST = 19_900


FULL: tuple[Workload, ...] = (
    *(_ping_pong(count) for count in (1, 2, 10, 100, 1000)),
    *(_pipelined(count) for count in (10, 100)),
    _large(10, 16 * 1024),
    _churn(8),
    *(_rate(*pair) for pair in ((10, 2000), (100, 10_000))),
    *(_idle(count) for count in (1000, 5000, 10_000, _MOST)),
    *(_work(cost, count) for cost in (0, 10, 100, 1000) for count in (1, 2, 4, 8)),
    *(_convoy(count, computing) for count in (1, 10) for computing in (False, True)),
    *(
        _chat(f"chat-{count}", f"chat, {count} members, saturated", ChatLoad(count))
        for count in (10, 100, 500)
    ),
    *(
        _chat(name, f"chat, 100 members, {rate:,} lines/s offered", ChatLoad(100, "rate", rate))
        for name, rate in (("chat-rate-100", 300), ("chat-half-100", 450))
    ),
    _chat("chat-rate-10", "chat, 10 members, 2,000 lines/s offered", ChatLoad(10, "rate", 2000)),
    _chat("chat-rate-500", "chat, 500 members, 60 lines/s offered", ChatLoad(500, "rate", 60)),
    _chat(
        "chat-lockstep-100",
        "chat, 100 members, a sender waits for each line",
        ChatLoad(100, amount=1),
    ),
    _chat(
        "chat-churn-100",
        "chat, 100 members, 300 lines/s offered, 50 joins and leaves a second",
        ChatLoad(100, "rate", 300, churn=8, joins=50),
    ),
    _chat(
        "chat-churn-max",
        "chat, 100 members, joins and leaves at full speed",
        ChatLoad(100, "rate", 10, churn=8),
    ),
    _chat(
        "chat-soak-200",
        "chat, 200 members, 50 lines/s offered, 20 joins and leaves a second",
        ChatLoad(200, "rate", 50, churn=8, joins=20),
    ),
    *(_members(count) for count in (1000, 5000, 10_000)),
    _chat("chat-long-100", "chat, 100 members, lines of 980 bytes", _LONG, _FILL),
    _chat(
        "chat-dead-100",
        "chat, 100 members, lines of 980 bytes, and one member that never reads",
        replace(_LONG, dead=1),
        _FILL,
    ),
)
BY_NAME = {workload.name: workload for workload in FULL}
QUICK = (
    "ping-pong-1", "ping-pong-10", "ping-pong-100", "pipelined-10", "churn-8", "rate-2000-10",
    "idle-1000", "work-100us-1", "work-100us-2", "convoy-10-without", "convoy-10",
    "chat-100", "chat-rate-100",
)  # fmt: skip


@dataclass(frozen=True)
class Profile:
    """How long. ``settle`` bounds the warm-up of a fresh JIT, in seconds."""

    name: str
    rounds: int
    seconds: float
    settle: float
    fresh_rounds: int


PROFILES = {
    "quick": Profile("quick", 5, 0.5, 6.0, 2),
    "full": Profile("full", 7, 2.0, 15.0, 3),
}


def choose(
    profile: str,
    service: str | None,
    names: Sequence[str] = (),
    model: str = "",
    pool: Sequence[Workload] = FULL,
) -> list[Workload]:
    """The workloads of a profile, of one service when it is named, or those that are named.

    Without a service the chat is left out: it is another server, and has a command of its own.

    :raises Problem: for a name that there is not, and where nothing is left
    """
    known = [*dict.fromkeys(workload.family for workload in pool), *(w.name for w in pool)]
    if unknown := [name for name in names if name not in known]:
        raise Problem(f"no workload is called {unknown[0]!r}", f"known: {', '.join(known)}")
    if names:
        chosen = [
            workload for workload in pool if workload.name in names or workload.family in names
        ]
    else:
        quick = QUICK if pool is FULL else [workload.name for workload in pool]
        chosen = [workload for workload in pool if profile == "full" or workload.name in quick]
        chosen = [workload for workload in chosen if service or workload.service != "chat"]
    if service:
        chosen = [workload for workload in chosen if workload.service == service]
    if model in ONE_AT_A_TIME:
        chosen = [workload for workload in chosen if workload.load.connections == 1]
    if not chosen:
        raise Problem("no workload is left", "name others, or another --service or --model")
    return chosen


def groups(workloads: Iterable[Workload]) -> list[list[Workload]]:
    """Those that can be served by the same running server, together."""
    found: dict[object, list[Workload]] = {}
    for workload in workloads:
        key = workload.name if workload.fresh else (workload.service, workload.server_options)
        found.setdefault(key, []).append(workload)
    return list(found.values())


def lasting(workload: Workload, seconds: float) -> AnyLoad:
    """The load of a measurement."""
    ramp = min(0.2, seconds / 5)
    return replace(workload.load, seconds=seconds, warmup=max(ramp, workload.ramp))
