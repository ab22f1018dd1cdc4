"""The peers: which there are, and how each is started here, or why it cannot be.

Used by `portable-server compare --peers`.

    for peer in registry.peers("echo"):
        found = registry.resolve(peer, interpreter, say)
        if isinstance(found, Missing):
            ...  # found.reason, one line
        else:
            ServerProcess(found.command, cwd=found.folder)

A peer prints `listening on HOST:PORT` when it accepts, listens at `--port N` (any free one without
it) of 127.0.0.1, and ends on SIGTERM and with its standard input.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from portable_harness.base.errors import Problem
from portable_harness.base.tree import guest_tree, on_guest
from portable_harness.interpreters import Interpreter
from portable_harness.load import build
from portable_harness.peers import environment, javac
from portable_harness.peers.environment import Say

HERE = Path(__file__).resolve().parent
EVERY = ("CPython", "PyPy", "Jython")


@dataclass(frozen=True)
class Peer:
    """A server as the users of its library would write it.

    ``program`` is a file of this folder. ``library`` is installed for it; ``oldest`` is the first
    Python that can run it and ``on`` says which implementations can. ``lacks``: the strong
    promises of `portable-server check` that this way to write a server does not keep.
    """

    name: str
    service: str
    title: str
    program: str
    library: str = ""
    oldest: tuple[int, int] = (3, 10)
    on: tuple[str, ...] = ("CPython", "PyPy")
    lacks: tuple[str, ...] = ()

    @property
    def language(self) -> str:
        """In which it is written: C, Java or Python."""
        return {".c": "C", ".java": "Java", ".py": "Python"}[Path(self.program).suffix]

    @property
    def version(self) -> str | None:
        """Of its library, where it has one."""
        return environment.version(self.library) if self.library else None


@dataclass(frozen=True)
class Runnable:
    """A peer that can be started: ``command`` in ``folder``, on ``interpreter`` if in Python."""

    peer: Peer
    interpreter: Interpreter | None
    command: tuple[str, ...]
    folder: Path = field(default_factory=guest_tree)


@dataclass(frozen=True)
class Missing:
    """A server that cannot be started here, and why: reported, never left out in silence."""

    name: str
    reason: str


# C first, the yardsticks; then what people would use, threads before loops.
PEERS: tuple[Peer, ...] = (
    Peer("epoll-c", "echo", "an epoll loop in C", "epoll_echo.c"),
    Peer("threads-c", "echo", "a thread a connection in C", "threads_echo.c"),
    Peer("threads-java", "echo", "a thread a connection in Java", "JavaThreadsEcho.java"),
    Peer(
        "socketserver",
        "echo",
        "socketserver.ThreadingTCPServer",
        "on_guest/socketserver_echo.py",
        oldest=(2, 7),
        on=EVERY,
    ),
    Peer(
        "plain-threads",
        "echo",
        "threads on the interpreter's own socket module",
        "on_guest/jython_plain_threads_echo.py",
        oldest=(2, 7),
        on=EVERY,
    ),
    Peer("asyncio-streams", "echo", "asyncio streams", "asyncio_streams_echo.py", oldest=(3, 8)),
    Peer(
        "asyncio-protocol", "echo", "an asyncio Protocol", "asyncio_protocol_echo.py", oldest=(3, 8)
    ),
    Peer(
        "uvloop-protocol",
        "echo",
        "the same on uvloop",
        "uvloop_protocol_echo.py",
        library="uvloop",
        on=("CPython",),
    ),
    Peer("gevent", "echo", "gevent's StreamServer", "gevent_echo.py", library="gevent"),
    Peer("twisted", "echo", "a Twisted Protocol", "twisted_echo.py", library="twisted"),
    Peer("trio", "echo", "trio.serve_tcp", "trio_echo.py", library="trio"),
    Peer("epoll-c", "chat", "an epoll loop in C that coalesces writes", "epoll_chat.c"),
    Peer(
        "socketserver",
        "chat",
        "socketserver.ThreadingTCPServer",
        "socketserver_chat.py",
        oldest=(3, 8),
        lacks=("slow-member",),
    ),
    Peer(
        "lock-sendall",
        "chat",
        "threads, a lock around sendall",
        "lock_sendall_chat.py",
        oldest=(3, 8),
        lacks=("slow-member",),
    ),
    Peer(
        "writer-threads",
        "chat",
        "a queue and a writer thread a member",
        "writer_threads_chat.py",
        lacks=("slow-member",),
    ),
    Peer(
        "asyncio-streams",
        "chat",
        "asyncio streams",
        "asyncio_streams_chat.py",
        oldest=(3, 8),
        lacks=("slow-member",),
    ),
    Peer(
        "asyncio-protocol", "chat", "an asyncio Protocol", "asyncio_protocol_chat.py", oldest=(3, 8)
    ),
    Peer(
        "uvloop-protocol",
        "chat",
        "the same on uvloop",
        "uvloop_protocol_chat.py",
        library="uvloop",
        on=("CPython",),
    ),
    Peer("gevent", "chat", "gevent's StreamServer", "gevent_chat.py", library="gevent"),
    Peer(
        "twisted",
        "chat",
        "a Twisted LineOnlyReceiver",
        "twisted_chat.py",
        library="twisted",
        lacks=("slow-member",),
    ),
    Peer("trio", "chat", "trio.serve_tcp", "trio_chat.py", library="trio"),
)


def peers(service: str) -> list[Peer]:
    """All peers of a service; none for one that has no peers."""
    return [peer for peer in PEERS if peer.service == service]


def choose(service: str, names: Sequence[str] = ()) -> list[Peer]:
    """The peers of these names, all of the service without any.

    :raises Problem: for a service without peers, or a name that no peer has.
    """
    known = {peer.name: peer for peer in peers(service)}
    if not known:
        with_peers = ", ".join(sorted({peer.service for peer in PEERS}))
        raise Problem(f"the service {service} has no peers", f"there are some of {with_peers}")
    for name in names:
        if name not in known:
            raise Problem(f"no {service} peer is called {name!r}", f"known: {', '.join(known)}")
    return [known[name] for name in dict.fromkeys(names)] or list(known.values())


def resolve(
    peer: Peer, interpreter: Interpreter | None, say: Say = lambda text: None
) -> Runnable | Missing:
    """How the peer is started, on this interpreter if it is one in Python; or why it is not here.

    The first time sources are compiled or a library is installed; `say` reports what takes time.
    """
    try:
        if peer.language == "C":
            return Runnable(peer, None, _c(peer))
        if peer.language == "Java":
            return Runnable(peer, None, _java(peer))
        if interpreter is None:
            raise Problem("needs a Python that was found here", "portable-server interpreters")
        return Runnable(peer, interpreter, _python(peer, interpreter, say))
    except Problem as problem:
        return Missing(peer.name, problem.message)


def _c(peer: Peer) -> tuple[str, ...]:
    if build.compiler() is None:
        raise Problem("no C compiler", "install gcc or clang")
    return (str(build.compiled(HERE / peer.program)),)


def _java(peer: Peer) -> tuple[str, ...]:
    folder = javac.classes(HERE / peer.program)
    return (shutil.which("java") or "java", "-cp", str(folder), Path(peer.program).stem)


def _python(peer: Peer, interpreter: Interpreter, say: Say) -> tuple[str, ...]:
    _must_be_able(peer, interpreter)
    command = interpreter.command
    if peer.library:
        command = (str(environment.python_with(peer.library, interpreter, say)),)
    if Path(peer.program).parent.name:  # on_guest: a program by itself, for old interpreters
        return (*command, str(on_guest("peers") / Path(peer.program).name))
    return (*command, "-m", f"portable_harness.peers.{Path(peer.program).stem}")


def _must_be_able(peer: Peer, interpreter: Interpreter) -> None:
    if interpreter.implementation not in peer.on:
        raise Problem(f"not made for {interpreter.implementation}")
    if interpreter.version[:2] < peer.oldest:
        raise Problem(f"needs Python {'.'.join(map(str, peer.oldest))} or later")
