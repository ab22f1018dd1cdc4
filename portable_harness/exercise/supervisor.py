"""Start a program with limits and keep what it starts together.

It is a process between the harness and the student's program, and needs to start fast. There are
three: the *supervisor* does what the harness asks for; the *first process* is the parent of the
program and adopts its orphans; the program. Where the system allows it, the first process is that
in the literal sense, pid 1 of a namespace (pid_namespaces(7)): the program cannot see or signal any
process but its own, and when the first one is killed, the kernel kills all others.

The program has as little as can be had: a user that nobody else is, where root grades, and for
anybody else a user namespace; no capability; a network with loopback only; a file tree of its own
(private_root.py). What could not be had is reported as a list of words ("lacks").

How many processes there can be is bounded by the kernel, not by looking: RLIMIT_NPROC counts the
tasks (processes and threads) of a user, in a user namespace from zero. Before the program runs
the limit is tried: with room for no task a fork has to fail.

All ends when the harness closes the socket ``asks``, also by dying.

`main` gets as settings: descriptors ``news`` (pid, status and what is lacking are reported there,
a JSON object per line), ``asks``, ``join`` (namespaces of an earlier supervisor, to share its
network); ``uid`` or None; ``tasks``, ``file_bytes``, ``mib`` (of all that it writes),
``descriptors``; ``keeps`` (descriptors that the program inherits), ``needs`` (paths that it reads).
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import resource
import select
import signal
import socket
import struct
import sys
import time
from collections.abc import Callable
from typing import Any

from portable_harness.exercise import private_root
from portable_harness.exercise.own_network import own_network
from portable_harness.exercise.restrictions import become, bound_tasks, lower

IS_LINUX = sys.platform == "linux"
NEW_PIDS, NEW_MOUNTS, NEW_IPC = 0x20000000, 0x00020000, 0x08000000  # of unshare(2)
DEATH_SIGNAL, NOT_DUMPABLE, SUBREAPER = 1, 4, 36  # of prctl(2)
NO_NEW_PRIVILEGES = 38
CREDENTIALS = struct.Struct("3i")  # of unix(7): pid, uid, gid
CANNOT_START = 126
END_LIMIT = 10.0  # seconds until all must be gone

libc = ctypes.CDLL(None, use_errno=True)
Tell = Callable[..., None]
Settings = dict[str, Any]


def main(settings: Settings, command: list[str]) -> None:
    """Start the program, report its end, and serve until `asks` is closed."""
    asks = socket.socket(fileno=settings["asks"])
    for descriptor in (settings["news"], settings["asks"], *settings["join"]):
        os.set_inheritable(descriptor, False)
    if IS_LINUX:
        libc.prctl(SUBREAPER, 1, 0, 0, 0)
    lacks = [] if own_network(settings["join"]) else ["network"]
    if not (IS_LINUX and not libc.unshare(NEW_PIDS)):
        lacks.append("orphans")

    def tell(**event: Any) -> None:
        os.write(settings["news"], json.dumps(event).encode() + b"\n")

    ours, theirs = socket.socketpair()
    first = os.fork()
    if not first:
        ours.close()
        asks.close()
        be_first(settings, command, lacks, tell, theirs)
    theirs.close()
    program = pid_of_program(ours, first)
    tell(pid=program, first=first)
    close_pipes(settings["keeps"])
    with contextlib.suppress(OSError):
        ours.send(b"go")
    Supervisor(first, program, settings["uid"], "orphans" not in lacks).serve(asks)


def close_pipes(keeps: list[int]) -> None:
    """So that the harness sees their ends when the program's are closed."""
    null = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(null, descriptor)
    for descriptor in keeps:
        os.close(descriptor)


def pid_of_program(ours: socket.socket, first: int) -> int:
    """The program's, as it is called out here; the kernel translates it, see unix(7)."""
    if not IS_LINUX:
        data = ours.recv(CREDENTIALS.size)
        return CREDENTIALS.unpack(data)[0] if data else first
    ours.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
    ours.send(b"?")
    _, ancillary, _, _ = ours.recvmsg(CREDENTIALS.size, socket.CMSG_SPACE(CREDENTIALS.size))
    for _, _, data in ancillary:
        return int(CREDENTIALS.unpack(data)[0]) or first
    return first


# --- the first process


def be_first(
    settings: Settings, command: list[str], lacks: list[str], tell: Tell, theirs: socket.socket
) -> None:
    """Prepare the file tree, start the program, and wait for all that ends."""
    if IS_LINUX:
        libc.prctl(NOT_DUMPABLE, 0, 0, 0, 0)  # nobody looks into it, or at its descriptors
        libc.prctl(DEATH_SIGNAL, signal.SIGKILL, 0, 0, 0)
        libc.prctl(SUBREAPER, 1, 0, 0, 0)
    if "orphans" in lacks or not own_files(settings):
        lacks.append("files")
    program = os.fork()
    if not program:
        announce(theirs)
        start(settings, command, lacks, tell)
    theirs.close()
    close_pipes(settings["keeps"])
    with contextlib.suppress(ChildProcessError):
        while True:
            ended, status = os.wait()
            if ended == program:
                with contextlib.suppress(OSError):
                    tell(status=os.waitstatus_to_exitcode(status))
    os._exit(0)


def own_files(settings: Settings) -> bool:
    """Whether this process is in a file tree of its own now.

    After a failure half of the work may have been done, so that is tried in a process whose
    namespace ends with it.
    """
    trial = os.fork()
    if not trial:
        os._exit(0 if enter_own_files(settings) else 1)
    _, status = os.waitpid(trial, 0)
    return status == 0 and enter_own_files(settings)


def enter_own_files(settings: Settings) -> bool:
    """Go into a new tree."""
    with contextlib.suppress(OSError):
        if libc.unshare(NEW_MOUNTS | NEW_IPC):
            return False
        private_root.enter(os.getcwd(), settings["needs"], settings["uid"], settings["mib"])
        return True
    return False


def announce(theirs: socket.socket) -> None:
    """Let the supervisor know this process, and wait until the harness does."""
    if IS_LINUX:
        theirs.recv(1)
    theirs.send(CREDENTIALS.pack(os.getpid(), 0, 0))
    theirs.recv(2)
    theirs.close()


# --- the program


def start(settings: Settings, command: list[str], lacks: list[str], tell: Tell) -> None:
    """Become the program."""
    os.setsid()
    lower(resource.RLIMIT_CORE, 0)
    lower(resource.RLIMIT_FSIZE, settings["file_bytes"])
    lower(resource.RLIMIT_NOFILE, settings["descriptors"])
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w") as file:
        file.write("1000")  # without memory the kernel ends this one, not the harness
    if not become(settings["uid"]):
        lacks.append("user")
    if not bound_tasks(settings["tasks"]):
        lacks.append("processes")
    if IS_LINUX:
        libc.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0)  # no way back by a set-user-id program
        libc.prctl(DEATH_SIGNAL, signal.SIGKILL, 0, 0, 0)
    for number in (signal.SIGPIPE, signal.SIGXFSZ, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)
    for descriptor in settings["keeps"]:
        os.set_inheritable(descriptor, True)
    tell(lacks=lacks)
    try:
        os.execvp(command[0], command)
    except OSError as error:
        os.write(2, f"cannot start {command[0]}: {error.strerror}\n".encode())
        os._exit(CANNOT_START)


# --- its end


class Supervisor:
    """The parent of the first process."""

    def __init__(self, first: int, program: int, uid: int | None, has_pids: bool) -> None:
        self._first, self._program, self._uid = first, program, uid
        self._has_pids = has_pids  # a namespace of process numbers, which ends with the first

    def serve(self, asks: socket.socket) -> None:
        """Hand out what is asked for; at the end of it all, end all."""
        with contextlib.suppress(OSError):
            while word := asks.recv(1):
                hand_out(asks, word)
        deadline = time.monotonic() + END_LIMIT
        while not none_left() and time.monotonic() < deadline:
            self._end_all()
            select.select([], [], [], 0.02)
        os._exit(0)

    def _end_all(self) -> None:
        """A namespace, a group, or a user is killed at one blow, however fast it forks."""
        if self._has_pids:
            os.kill(self._first, signal.SIGKILL)
            return
        with contextlib.suppress(OSError):
            os.killpg(self._program, signal.SIGKILL)
        if self._uid is not None:
            kill_all_of(self._uid)
        end_descendants()


def none_left() -> bool:
    """Whether this process has no child any more; those that have ended are waited for."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
        return False
    return True


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
