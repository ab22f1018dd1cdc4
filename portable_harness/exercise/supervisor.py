"""Start a program with limits and keep what it starts together: supervisor.py SETTINGS COMMAND ...

It is a process between the harness and the student's program, and needs to start fast.

How many processes there can be is bounded by the kernel, not by looking: RLIMIT_NPROC counts the
tasks (processes and threads) of a user. It does not bind root, so root's programs run as a user
that nobody else is, without capabilities but to read (the interpreter may lie in root's home).
Anybody else's get a user namespace, in which the count begins at nought. Before the program runs
the limit is tried: with room for no task a fork has to fail.

The supervisor adopts the orphans of the program (Linux), so what forks twice is still its child,
and ends all of it when the harness closes the socket ``asks``, also by dying. Where it may, it has
a network of its own, with loopback only; the harness gets in by sockets that it asks for here.

SETTINGS is JSON: descriptors ``news`` (pid, status and what could not be limited are reported
there, a JSON object per line), ``asks``, ``join`` (namespaces of an earlier supervisor, to share
its network); ``uid`` or null; ``tasks``, ``file_bytes``, ``descriptors``; ``needs`` (paths that it
has to reach), ``packages`` (where psutil is).
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import json
import os
import resource
import shutil
import signal
import socket
import struct
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

IS_LINUX = sys.platform == "linux"
NEW_USER, NEW_NETWORK = 0x10000000, 0x40000000  # of unshare(2)
DEATH_SIGNAL, KEEP_CAPABILITIES, SUBREAPER = 1, 8, 36  # of prctl(2)
NO_NEW_PRIVILEGES, AMBIENT, RAISE = 38, 47, 2
CAPABILITY_VERSION, WRITE_ANYWHERE, READ_ANYWHERE = 0x20080522, 1, 2  # of capabilities(7)
GET_FLAGS, SET_FLAGS, UP = 0x8913, 0x8914, 0x1  # of netdevice(7)
CANNOT_START = 126
END_LIMIT = 10.0  # seconds until all must be gone

libc = ctypes.CDLL(None, use_errno=True)
Tell = Callable[..., None]


def main(settings: dict[str, Any], command: list[str]) -> None:
    """Start the program, tell of its end, and serve until `asks` is closed."""
    asks = socket.socket(fileno=settings["asks"])
    sys.path.append(settings["packages"])  # it may be the user's own, which -I leaves out
    for descriptor in (settings["news"], settings["asks"], *settings["join"]):
        os.set_inheritable(descriptor, False)
    if IS_LINUX:
        libc.prctl(SUBREAPER, 1, 0, 0, 0)
    lacks = [] if own_network(settings["join"]) else ["network"]
    if not IS_LINUX:
        lacks.append("orphans")

    def tell(**event: Any) -> None:
        os.write(settings["news"], json.dumps(event).encode() + b"\n")

    program = os.fork()
    if not program:
        start(settings, command, lacks, tell)
    tell(pid=program)
    let_go_of_the_pipes()
    supervisor = Supervisor(program, settings["uid"])
    threading.Thread(target=supervisor.serve, args=(asks,)).start()
    supervisor.reap(tell)


def let_go_of_the_pipes() -> None:
    """So that the harness sees their ends when the program's are closed."""
    null = os.open(os.devnull, os.O_RDWR)
    for descriptor in range(3):
        os.dup2(null, descriptor)


# --- the network


def own_network(join: list[int]) -> bool:
    """Whether this process is in a network that has a loopback device only."""
    if not IS_LINUX:
        return False
    if join:
        return not any(libc.setns(descriptor, 0) for descriptor in join)
    return new_network() and loopback_is_up()


def new_network() -> bool:
    """As root at once, as anybody else in a user namespace (and that even where it has none)."""
    uid, gid = os.getuid(), os.getgid()
    if uid == 0:
        return not libc.unshare(NEW_NETWORK)
    has_network = not libc.unshare(NEW_USER | NEW_NETWORK)
    if not has_network and libc.unshare(NEW_USER):
        return False
    for name, text in (("setgroups", "deny"), ("uid_map", f"{uid} {uid} 1"),
                       ("gid_map", f"{gid} {gid} 1")):  # fmt: skip
        with contextlib.suppress(OSError), open(f"/proc/self/{name}", "w") as file:
            file.write(text)
    return has_network


def loopback_is_up() -> bool:
    """Switch the loopback device on."""
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_one:
        request = struct.pack("16sH14s", b"lo", 0, b"")
        flags = struct.unpack("16sH14s", fcntl.ioctl(any_one, GET_FLAGS, request))[1]
        fcntl.ioctl(any_one, SET_FLAGS, struct.pack("16sH14s", b"lo", flags | UP, b""))
        return True
    return False


# --- the program


def start(settings: dict[str, Any], command: list[str], lacks: list[str], tell: Tell) -> None:
    """Become the program."""
    os.setsid()
    lower(resource.RLIMIT_CORE, 0)
    lower(resource.RLIMIT_FSIZE, settings["file_bytes"])
    lower(resource.RLIMIT_NOFILE, settings["descriptors"])
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w") as file:
        file.write("1000")  # without memory the kernel ends this one, not the harness
    uid, needs = settings["uid"], [command[0], *settings["needs"]]
    if uid is not None and not become(uid, needs):
        lacks.append("user")
    if not bound_tasks(settings["tasks"]):
        lacks.append("processes")
    if IS_LINUX:
        libc.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0)  # no way back by a set-user-id program
        libc.prctl(DEATH_SIGNAL, signal.SIGKILL, 0, 0, 0)
    for number in (signal.SIGPIPE, signal.SIGXFSZ, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)
    tell(lacks=lacks)
    try:
        os.execvp(command[0], command)
    except OSError as error:
        os.write(2, f"cannot start {command[0]}: {error.strerror}\n".encode())
        os._exit(CANNOT_START)


def lower(what: int, limit: int) -> None:
    """Set a limit for good, unless it is lower already."""
    _, hard = resource.getrlimit(what)
    value = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
    resource.setrlimit(what, (value, value))


def bound_tasks(limit: int) -> bool:
    """Whether the kernel keeps this process and its descendants below a number of tasks.

    Where they share the count with others of the user, whose number cannot be known (a container
    does not show what its neighbours run), the limit is doubled until a fork works, and once more.
    """
    _, hard = resource.getrlimit(resource.RLIMIT_NPROC)
    most = sys.maxsize if hard == resource.RLIM_INFINITY else hard
    if fork_works(0, hard):
        return False
    tried = limit
    while tried < most and not fork_works(tried, hard):
        tried *= 2
    lower(resource.RLIMIT_NPROC, tried if tried == limit else 2 * tried)
    return True


def fork_works(limit: int, hard: int) -> bool:
    """Whether a fork is let through under this limit."""
    resource.setrlimit(resource.RLIMIT_NPROC, (limit, hard))
    try:
        child = os.fork()
    except OSError:
        return False
    if not child:
        os._exit(0)
    os.waitpid(child, 0)
    return True


def become(uid: int, needs: list[str]) -> bool:
    """Go on as another user, who can read what root can, and write nothing of root's.

    Without the right to read all, as in a container, and where something needed cannot be reached,
    it keeps root's right to write as well, and the answer is False.
    """
    paths = [os.path.realpath(shutil.which(one) or one) for one in needs]
    if IS_LINUX:
        libc.prctl(KEEP_CAPABILITIES, 1, 0, 0, 0)
    try:
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)
    except (OSError, AttributeError):
        return False
    if not IS_LINUX or keep(READ_ANYWHERE):
        return True
    if all(os.access(path, os.R_OK) for path in paths):
        return keep(None)
    return not keep(WRITE_ANYWHERE)


def keep(capability: int | None) -> bool:
    """Drop all capabilities but this one, which programs shall inherit; whether it is there."""
    bit = 0 if capability is None else 1 << capability
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION, 0)
    # effective, permitted, inheritable; then the same of the numbers from 32 on
    if libc.capset(header, (ctypes.c_uint32 * 6)(bit, bit, bit, 0, 0, 0)):
        return False
    return capability is None or not libc.prctl(AMBIENT, RAISE, capability, 0, 0)


# --- its end


class Supervisor:
    """The parent of the program and of its orphans."""

    def __init__(self, program: int, uid: int | None) -> None:
        self._program, self._uid = program, uid
        self._none_left = threading.Event()

    def reap(self, tell: Tell) -> None:
        """Wait for whatever ends, and tell when it is the program."""
        with contextlib.suppress(ChildProcessError):
            while True:
                ended, status = os.wait()
                if ended == self._program:
                    with contextlib.suppress(OSError):
                        tell(status=os.waitstatus_to_exitcode(status))
        self._none_left.set()

    def serve(self, asks: socket.socket) -> None:
        """Hand out what is asked for; at the end of it all, end all."""
        with contextlib.suppress(OSError):
            while word := asks.recv(1):
                hand_out(asks, word)
        self._end_all()
        os._exit(0)

    def _end_all(self) -> None:
        """A group, or a user, is killed at one blow, however fast it forks."""
        deadline = time.monotonic() + END_LIMIT
        while not self._none_left.is_set() and time.monotonic() < deadline:
            with contextlib.suppress(OSError):
                os.killpg(self._program, signal.SIGKILL)
            if self._uid is not None:
                kill_all_of(self._uid)
            if not self._none_left.wait(0.1):
                end_descendants()


def hand_out(asks: socket.socket, word: bytes) -> None:
    """A socket in this network, or this process's network or user namespace."""
    families = {b"4": socket.AF_INET, b"6": socket.AF_INET6}
    if word in families:
        with socket.socket(families[word]) as made:
            socket.send_fds(asks, [word], [made.fileno()])
        return
    descriptor = os.open({b"n": "/proc/self/ns/net", b"u": "/proc/self/ns/user"}[word], os.O_RDONLY)
    socket.send_fds(asks, [word], [descriptor])
    os.close(descriptor)


def kill_all_of(uid: int) -> None:
    """End all that this user runs."""
    child = os.fork()
    if not child:
        with contextlib.suppress(OSError):
            os.setresuid(uid, uid, uid)
            os.kill(-1, signal.SIGKILL)
        os._exit(0)


def end_descendants() -> None:
    """First all are stopped, so that none is born while the others are killed."""
    import psutil  # late: nearly always the group was all there was

    stopped: set[psutil.Process] = set()
    deadline = time.monotonic() + END_LIMIT / 4
    while new := set(psutil.Process().children(recursive=True)) - stopped:
        if time.monotonic() > deadline:
            break
        for process in new:
            with contextlib.suppress(psutil.Error):
                process.suspend()
        stopped |= new
    for process in stopped:
        with contextlib.suppress(psutil.Error):
            process.kill()


if __name__ == "__main__":
    main(json.loads(sys.argv[1]), sys.argv[2:])
