"""A network of a program's own, which has a loopback device only: network_namespaces(7)."""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import os
import socket
import struct
import sys

NEW_USER, NEW_NETWORK = 0x10000000, 0x40000000  # of unshare(2)
GET_FLAGS, SET_FLAGS, UP = 0x8913, 0x8914, 0x1  # of netdevice(7)

libc = ctypes.CDLL(None, use_errno=True)


def own_network(join: list[int]) -> bool:
    """Whether this process is in a network that has a loopback device only."""
    if sys.platform != "linux":
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
