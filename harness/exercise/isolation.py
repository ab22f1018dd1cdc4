"""What a worker cuts off before a student's program runs, as far as the system lets it."""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import os
import signal
import socket
import struct
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

ON_GUEST = Path(__file__).parent / "on_guest"
CONFINE = Path(__file__).parent / "confine.py"
NEW_USER, NEW_NETWORK = 0x10000000, 0x40000000  # of unshare(2)
DEATH_SIGNAL, SUBREAPER = 1, 36  # of prctl(2)
GET_FLAGS, SET_FLAGS, UP = 0x8913, 0x8914, 0x1  # of netdevice(7)
NOBODY = 65534
LIMIT = 60  # seconds for a trial start

libc = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True)
class Isolation:
    """What was cut off; `uid` is another user's where that is all that can be done."""

    network: bool
    processes: bool
    uid: int | None = None

    @property
    def missing(self) -> str:
        """What could not be had here, in words; empty when nothing is missing."""
        parts = []
        if not self.network:
            parts.append("the network is not cut off")
        if not self.processes:
            parts.append("processes and files are not kept apart")
        return "; ".join(parts)

    def as_json(self) -> dict[str, object]:
        """Plain JSON values."""
        return {**asdict(self), "missing": self.missing}


def isolate(command: Sequence[str]) -> Isolation:
    """Cut this process off; it must have one thread only. `command` starts the interpreter."""
    libc.prctl(DEATH_SIGNAL, signal.SIGKILL)
    libc.prctl(SUBREAPER, 1)
    network = _own_network()
    processes = _namespaces_work()
    uid = None
    if not processes and os.geteuid() == 0 and _runs_as(command, NOBODY):
        uid = NOBODY
    return Isolation(network, processes, uid)


def _own_network() -> bool:
    """A network that has a loopback device only; as root, or in a user namespace."""
    uid, gid = os.getuid(), os.getgid()
    if libc.unshare(NEW_NETWORK):
        if libc.unshare(NEW_USER | NEW_NETWORK):
            return False
        with contextlib.suppress(OSError):
            Path("/proc/self/setgroups").write_text("deny")
            Path("/proc/self/uid_map").write_text(f"{uid} {uid} 1")
            Path("/proc/self/gid_map").write_text(f"{gid} {gid} 1")
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_one:
        request = struct.pack("16sH14s", b"lo", 0, b"")
        flags = struct.unpack("16sH14s", fcntl.ioctl(any_one, GET_FLAGS, request))[1]
        fcntl.ioctl(any_one, SET_FLAGS, struct.pack("16sH14s", b"lo", flags | UP, b""))
    return True


def _namespaces_work() -> bool:
    """Whether confine.py gets its process namespace here."""
    from harness.exercise.sandbox import confined

    with tempfile.TemporaryDirectory() as folder:
        trial = confined(["true"], Path(folder), Isolation(True, True))
        return _succeeds(trial)


def _runs_as(command: Sequence[str], uid: int) -> bool:
    """Whether another user may start the interpreter and read what the guest needs."""
    code = f"import sys; sys.path.insert(0, {str(ON_GUEST)!r}); import exercise_kit"
    with contextlib.suppress(OSError, subprocess.SubprocessError):
        done = subprocess.run(
            [*command, "-c", code], user=uid, cwd="/", env={"PATH": os.defpath},
            capture_output=True, timeout=LIMIT, check=False,
        )  # fmt: skip
        return done.returncode == 0
    return False


def _succeeds(command: Sequence[str]) -> bool:
    with contextlib.suppress(OSError, subprocess.SubprocessError):
        done = subprocess.run(command, capture_output=True, timeout=LIMIT, check=False)
        return done.returncode == 0
    return False


