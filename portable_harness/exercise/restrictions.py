"""What a process gives up for good before it becomes the student's program: user, capabilities,
tasks."""

from __future__ import annotations

import ctypes
import os
import resource
import sys

IS_LINUX = sys.platform == "linux"
DROP_FROM_BOUND, AMBIENT, CLEAR = 24, 47, 4  # of prctl(2)
CAPABILITY_VERSION, CAPABILITIES = 0x20080522, 64  # of capabilities(7)

libc = ctypes.CDLL(None, use_errno=True)


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


def become(uid: int | None) -> bool:
    """Go on as another user, without any capability; whether that is so."""
    if IS_LINUX:
        for number in range(CAPABILITIES):
            libc.prctl(DROP_FROM_BOUND, number, 0, 0, 0)
        libc.prctl(AMBIENT, CLEAR, 0, 0, 0)
    try:
        if uid is not None:
            os.setgroups([])
            os.setresgid(uid, uid, uid)
            os.setresuid(uid, uid, uid)
    except (OSError, AttributeError):
        return False
    return not IS_LINUX or drop_capabilities()


def drop_capabilities() -> bool:
    """Give up all that are left, in a user namespace too."""
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION, 0)
    # effective, permitted, inheritable; then the same of the numbers from 32 on
    return not libc.capset(header, (ctypes.c_uint32 * 6)())
