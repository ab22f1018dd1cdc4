"""Start a program with limits: confine.py SETTINGS COMMAND ..., run with ``python -I -S``.

It stands between the worker and the student's program, and uses the standard library only, so
that it starts fast. Where the system lets it, the program gets

- a process namespace of its own, with an init in it that reaps: nothing of the program is left when
  that init ends, and no other process can be seen or killed from inside;
- a mount namespace in which all is read-only but its own folder, and the exercises are hidden;
- no capabilities, and no way to get any.

In any case it gets limits for files, descriptors and core dumps. What cannot be had is not an
error: `harness.exercise.isolation` asks before, and says so.

SETTINGS is a JSON object: folder, hidden (folders), file_bytes, descriptors, uid (or null), and
whether there are namespaces.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import resource
import signal
import sys
from typing import Any

NEW_MOUNTS, NEW_PROCESSES = 0x00020000, 0x20000000  # of unshare(2)
PRIVATE, RECURSIVE, BIND, READ_ONLY = 1 << 18, 1 << 14, 1 << 12, 1
SYS_MOUNT_SETATTR, AT_RECURSIVE, AT_FDCWD = 442, 0x8000, -100
DEATH_SIGNAL, DROP_FROM_BOUND, NO_NEW_PRIVILEGES = 1, 24, 38  # of prctl(2)
CANNOT_START = 126

libc = ctypes.CDLL(None, use_errno=True)


def main(settings: dict[str, Any], command: list[str]) -> int:
    """Run the command; its exit status, or its signal."""
    if not settings["namespaces"]:
        start(settings, command)
    die_with_parent()
    if libc.unshare(NEW_PROCESSES):
        return CANNOT_START
    init = os.fork()
    if init:
        return as_shell(os.waitpid(init, 0)[1])
    die_with_parent()
    own_mounts(settings)
    program = os.fork()
    if not program:
        os.setsid()
        start(settings, command)
    os._exit(reap_until(program))
    return 0


def reap_until(program: int) -> int:
    """What pid 1 does: wait for whatever ends, until the program has."""
    while True:
        with contextlib.suppress(InterruptedError):
            ended, status = os.wait()
            if ended == program:
                return as_shell(status)


def as_shell(status: int) -> int:
    """An exit status as a shell has it: 128 + the number of a signal."""
    code = os.waitstatus_to_exitcode(status)
    return 128 - code if code < 0 else code


def die_with_parent() -> None:
    """Get SIGKILL when the parent ends."""
    libc.prctl(DEATH_SIGNAL, signal.SIGKILL)


def start(settings: dict[str, Any], command: list[str]) -> None:
    """Become the program."""
    files, descriptors = settings["file_bytes"], settings["descriptors"]
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (files, files))
    resource.setrlimit(resource.RLIMIT_NOFILE, (descriptors, descriptors))
    for number in range(64):
        libc.prctl(DROP_FROM_BOUND, number, 0, 0, 0)
    libc.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    if settings["uid"] is not None:
        os.setgroups([])
        os.setgid(settings["uid"])
        os.setuid(settings["uid"])
    if not settings["namespaces"]:
        die_with_parent()  # last: a change of the user clears it
    for number in (signal.SIGPIPE, signal.SIGXFSZ, signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    try:
        os.execvp(command[0], command)
    except OSError as error:
        sys.stderr.write(f"cannot start {command[0]}: {error.strerror}\n")
        sys.stderr.flush()
        os._exit(CANNOT_START)


def own_mounts(settings: dict[str, Any]) -> None:
    """A view of the files of its own; each step that is refused is left out."""
    if libc.unshare(NEW_MOUNTS):
        return
    mount(b"none", b"/", None, PRIVATE | RECURSIVE)
    mount(b"proc", b"/proc", b"proc", 0)
    folder = os.fsencode(settings["folder"])
    if mount(folder, folder, None, BIND):
        read_only(b"/", AT_RECURSIVE, set_it=True)
        read_only(folder, 0, set_it=False)
    for hidden in settings["hidden"]:
        mount(b"tmpfs", os.fsencode(hidden), b"tmpfs", READ_ONLY)
    os.chdir(folder)


def mount(source: bytes, target: bytes, kind: bytes | None, flags: int) -> bool:
    """Whether mount(2) was done."""
    return not libc.mount(source, target, kind, ctypes.c_ulong(flags), None)


def read_only(path: bytes, flags: int, set_it: bool) -> bool:
    """mount_setattr(2): set or clear the read-only attribute, of Linux 5.12 and later."""
    attributes = (ctypes.c_uint64 * 4)(READ_ONLY if set_it else 0, 0 if set_it else READ_ONLY, 0, 0)
    return not libc.syscall(SYS_MOUNT_SETATTR, AT_FDCWD, path, flags, attributes, 32)


if __name__ == "__main__":
    sys.exit(main(json.loads(sys.argv[1]), sys.argv[2:]))
