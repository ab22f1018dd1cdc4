"""The figures: what is compared with what, and which ratio is to be reached.

A comparison is one run of `portable-server compare` with one interpreter of ours, which stands
first, and its peers; several figures are read from it.
"""

from __future__ import annotations

from dataclasses import dataclass

JIT = ("pypy", "jython")
THREADS, SELECTOR = "thread-subclass", "selector"
ACCEPT_RATE = 4_000  # connections a second


@dataclass(frozen=True)
class Comparison:
    """One run. ``starts``: what is measured is how soon it is ready to accept, against the
    interpreter's stock command, instead of any load."""

    name: str
    interpreter: str
    workloads: tuple[str, ...]
    peers: tuple[str, ...] = ()
    model: str = THREADS
    more: tuple[str, ...] = ()
    starts: bool = False

    def options(self) -> list[str]:
        """Those of `portable-server compare`."""
        words = ["--interpreters", self.interpreter, "--workloads", ",".join(self.workloads)]
        if self.interpreter in JIT:  # seconds, until its rate has settled
            words += ["--profile", "full"]
        words += ["--model", self.model, *self.more]
        return [*words, "--peers", ",".join(self.peers)] if self.peers else words


@dataclass(frozen=True)
class Figure:
    """``metric`` of ours in ``workload``, divided by a peer's there (``peer``) or by ours in
    another workload (``base``); without either the value itself. To be at least ``target``, or
    at most; without one it is only shown."""

    comparison: Comparison
    title: str
    workload: str
    target: float | None
    peer: str = ""
    base: str = ""
    metric: str = "rate"
    at_most: bool = False

    @property
    def name(self) -> str:
        """What selects it, and others with the same beginning."""
        return ".".join(filter(None, (self.comparison.name, self.workload, self.peer)))


def _ping_pong(comparison: Comparison, title: str, targets: dict[str, float]) -> list[Figure]:
    workloads = [workload for workload in comparison.workloads if workload.startswith("ping-pong")]
    return [
        Figure(comparison, title, workload, target, peer)
        for peer, target in targets.items()
        for workload in workloads
    ]


PING_PONG = ("ping-pong-10", "ping-pong-100", "ping-pong-1000")
PIPELINED, CHURN = "pipelined-10", "churn-8"


def _threads() -> list[Figure]:
    run = Comparison(
        "threads-3.13", "3.13", (*PING_PONG, PIPELINED, CHURN), ("socketserver", "threads-c")
    )
    title = "thread echo, 3.13"
    found = _ping_pong(run, title, {"socketserver": 1.15, "threads-c": 0.85})
    found += [
        Figure(run, title, PIPELINED, 15, "socketserver"),
        Figure(run, title, CHURN, 1.2, "socketserver"),
    ]
    for interpreter in ("2.7", "pypy"):
        run = Comparison(f"threads-{interpreter}", interpreter, (PIPELINED,), ("socketserver",))
        found.append(Figure(run, f"thread echo, {interpreter}", PIPELINED, 15, "socketserver"))
    return found


def _selector() -> list[Figure]:
    run = Comparison(
        "selector-3.13", "3.13", (*PING_PONG, PIPELINED, CHURN), ("uvloop-protocol", "epoll-c"),
        SELECTOR,
    )  # fmt: skip
    title = "selector echo, 3.13"
    found = _ping_pong(run, title, {"uvloop-protocol": 1.0, "epoll-c": 0.8})
    found += [Figure(run, title, name, 1.0, "uvloop-protocol") for name in (PIPELINED, CHURN)]
    found += [Figure(run, title, PIPELINED, 0.8, "epoll-c")]
    run = Comparison("selector-pypy", "pypy", (*PING_PONG, PIPELINED), ("epoll-c",), SELECTOR)
    found += _ping_pong(run, "selector echo, PyPy", {"epoll-c": 0.9})
    return [*found, Figure(run, "selector echo, PyPy", PIPELINED, 0.9, "epoll-c")]


def _jython() -> list[Figure]:
    run = Comparison("threads-jython", "jython", PING_PONG, ("plain-threads", "threads-java"))
    found = _ping_pong(run, "thread echo, Jython", {"plain-threads": 6, "threads-java": 0.85})
    start = Comparison("start-jython", "jython", (), starts=True)
    title = "ready to accept, Jython"
    return [*found, Figure(start, title, "start", 0.5, "stock", metric="start", at_most=True)]


def _chat(interpreter: str) -> list[Figure]:
    jython = interpreter == "jython"
    peers = ("epoll-c", "asyncio-protocol", "uvloop-protocol")
    workloads = ("chat-100", "chat-500", "chat-half-100")
    run = Comparison(f"chat-{interpreter}", interpreter, workloads, peers)
    title = f"chat, {interpreter}"
    targets = {"epoll-c": 0.4 if jython else 0.6}
    if not jython:
        targets |= {"asyncio-protocol": 3, "uvloop-protocol": 2}
    found = [
        Figure(run, title, workload, target, peer)
        for peer, target in targets.items()
        for workload in workloads[:2]
    ]
    late = Figure(
        run, f"{title}: p99", workloads[2], 1.0, "asyncio-protocol", metric="p99", at_most=True
    )
    dead = Comparison(f"dead-{interpreter}", interpreter, ("chat-long-100", "chat-dead-100"))
    never_reads = Figure(
        dead, f"{title}: one never reads", "chat-dead-100", 0.95, base="chat-long-100"
    )
    return [*found, late, never_reads]


def _parallel(interpreter: str, promised: bool) -> list[Figure]:
    work = ("work-100us-1", "work-100us-2")
    convoys = {name: f"{name}-without" for name in ("convoy-1", "convoy-10")}
    run = Comparison(f"parallel-{interpreter}", interpreter, (*convoys.values(), *convoys, *work))
    title = f"with a computing thread, {interpreter}"
    scaling = f"work, 2 connections against 1, {interpreter}"
    return [
        *(
            Figure(run, title, name, 0.8 if promised else None, base=without)
            for name, without in convoys.items()
        ),
        Figure(run, scaling, work[1], 1.8 if promised else None, base=work[0]),
    ]


def _default_interval() -> list[Figure]:
    """What the convoy is with CPython's own switch interval, of which ours makes less."""
    workloads = ("convoy-10-without", "convoy-10")
    more = ("--switch-interval", "0.005")
    run = Comparison("convoy-5ms", "3.13", workloads, more=more)
    title = "with a computing thread, 3.13, against its default interval of 5 ms"
    return [Figure(run, title, workloads[1], None, "py313-si0.005")]


def _many(interpreter: str, workload: str) -> list[Figure]:
    main = interpreter == "3.13"
    run = Comparison(
        f"many-{interpreter}", interpreter, ("idle-1000", workload), ("threads-c",) if main else ()
    )
    title = f"connected clients, threads, {interpreter}"
    memory = "memory_per_connection"
    found = [Figure(run, f"{title}: bytes each", workload, None, metric=memory)]
    if main:
        found.append(Figure(run, title, workload, 1.6, "threads-c", metric=memory, at_most=True))
    cpython = interpreter in ("3.13", "2.7")
    target = ACCEPT_RATE if cpython else None
    accepted = Figure(run, f"{title}: accepted/s", "idle-1000", target, metric="accept_rate")
    return [*found, accepted]


FIGURES: tuple[Figure, ...] = (
    *_threads(),
    *_selector(),
    *_jython(),
    *(figure for name in ("3.13", "3.13t", "2.7", "pypy", "jython") for figure in _chat(name)),
    *(figure for name in ("3.13t", "jython") for figure in _parallel(name, promised=True)),
    *_parallel("3.13", promised=False),
    *_default_interval(),
    *(figure for name in ("3.13", "2.7") for figure in _many(name, "idle-19900")),
    *(figure for name in ("3.13t", "pypy", "jython") for figure in _many(name, "idle-10000")),
)


def choose(names: tuple[str, ...]) -> list[Figure]:
    """Those whose name begins with one of these; all without any."""
    return [figure for figure in FIGURES if not names or figure.name.startswith(names)]


def comparisons(figures: list[Figure]) -> list[Comparison]:
    """The runs that they are read from."""
    return list(dict.fromkeys(figure.comparison for figure in figures))
