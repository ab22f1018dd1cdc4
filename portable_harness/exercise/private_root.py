"""A file tree of the student's program alone: what it does not need is not there to be read.

The program's process gets a mount namespace (mount_namespaces(7)) whose root is a new file system
in memory. In it are, read-only, the system's programs and libraries, the interpreter and the few
modules of ours that run next to the student's file; a /proc of the program's own processes; and
one small writable file system, which is its home, /tmp, /var/tmp and /dev/shm at once, so that the
kernel counts what is written in all of them together. Homes, other submissions, solutions, checks,
the grader's folders and the UNIX sockets of the host have no name there. All of it disappears with
the last process.

Root may do this at once, anybody else in a user namespace, where the system lets them have one.
This module runs in the supervisor, before the program exists.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import stat
from collections.abc import Iterable

READ_ONLY, NO_SET_USER, NO_DEVICES, REMOUNT, BIND = 1, 2, 4, 32, 4096  # of mount(2)
RECURSIVE, PRIVATE, RELATIME = 16384, 1 << 18, 1 << 21
KEPT_FLAGS = 2 | 4 | 8 | 1024 | 2048  # a remount may not drop them; statvfs has the same numbers
HAS_RELATIME = 4096  # of statvfs
DETACH = 2  # of umount2(2)
DEVICES = ("null", "zero", "full", "random", "urandom")
LINKS = {"fd": "/proc/self/fd", "stdin": "/proc/self/fd/0", "stdout": "/proc/self/fd/1",
         "stderr": "/proc/self/fd/2"}  # fmt: skip
SHARED = ("/tmp", "/var/tmp", "/dev/shm")  # writable for all who are in there: one
ENTRIES = 20_000  # files and folders that the program may make

libc = ctypes.CDLL(None, use_errno=True)


def enter(home: str, needs: Iterable[str], uid: int | None, mib: int) -> None:
    """Make the tree and go into it, with the files that `home` has now.

    Args:
        home: the program's folder, which keeps its name
        needs: paths that stay, read-only; a symbolic link stays one
        uid: the user who will own the home; None: this process's
        mib: size of all that can be written, in MiB

    Raises:
        OSError: the system does not allow it; the process must not go on as if it had.
    """
    kept = {name: _contents(os.path.join(home, name)) for name in os.listdir(home)}
    _mount(None, "/", None, RECURSIVE | PRIVATE)
    root = home  # any folder can be the place of the new root, and this one is there
    _mount("tmpfs", root, "tmpfs", NO_SET_USER | NO_DEVICES, "mode=755,size=1m")
    scratch = _folder(root, "/.scratch")
    data = f"mode=755,size={mib}m,nr_inodes={ENTRIES}"
    _mount("tmpfs", scratch, "tmpfs", NO_SET_USER | NO_DEVICES, data)
    for path in SHARED:
        _share(root, scratch, path)
    for path in sorted(needs, key=lambda one: one.count("/")):
        _add(root, path)
    _devices(root)
    _mount("proc", _folder(root, "/proc"), "proc", NO_SET_USER | NO_DEVICES | 8)
    _own_home(root, scratch, home, kept, uid)
    _check(libc.umount2(scratch.encode(), DETACH))
    os.rmdir(scratch)
    _mount(None, root, None, REMOUNT | BIND | READ_ONLY | NO_SET_USER | NO_DEVICES)
    _pivot(root)
    os.chdir(home)


def _contents(path: str) -> bytes:
    """Of a file that the grader put there."""
    with open(path, "rb") as stream:
        return stream.read()


def _share(root: str, scratch: str, path: str) -> None:
    """Let `path` be a part of the one file system that can be written."""
    part = _folder(scratch, path)
    os.chmod(part, 0o1777)
    _mount(part, _folder(root, path), None, BIND)


def _own_home(root: str, scratch: str, home: str, kept: dict[str, bytes], uid: int | None) -> None:
    part = _folder(scratch, "/.home")
    for name, data in kept.items():
        with open(os.path.join(part, name), "wb") as stream:
            stream.write(data)
    if uid is not None:
        for path in (part, *(os.path.join(part, name) for name in kept)):
            os.chown(path, uid, uid)
    _mount(part, _folder(root, home), None, BIND)


def _add(root: str, path: str) -> None:
    """Let a folder or file of the system appear in the tree, read-only; a link as a link."""
    inside = root + path
    if os.path.lexists(inside) or not os.path.lexists(path):
        return
    mode = os.lstat(path).st_mode
    _folder(root, os.path.dirname(path))
    if stat.S_ISLNK(mode):
        os.symlink(os.readlink(path), inside)
        return
    if stat.S_ISDIR(mode):
        os.mkdir(inside)
    else:
        os.close(os.open(inside, os.O_CREAT | os.O_WRONLY, 0o644))
    _mount(path, inside, None, BIND | RECURSIVE)
    for mounted in _mounts_below(inside):
        _make_read_only(mounted)


def _mounts_below(path: str) -> list[str]:
    with open("/proc/self/mountinfo", encoding="utf-8", errors="surrogateescape") as stream:
        points = [line.split()[4].encode().decode("unicode_escape") for line in stream]
    return [one for one in points if one == path or one.startswith(path + "/")]


def _make_read_only(path: str) -> None:
    have = os.statvfs(path).f_flag
    flags = have & KEPT_FLAGS | (RELATIME if have & HAS_RELATIME else 0)
    _mount(None, path, None, REMOUNT | BIND | READ_ONLY | NO_SET_USER | flags)


def _devices(root: str) -> None:
    folder = _folder(root, "/dev")
    for name in DEVICES:
        inside = f"{folder}/{name}"
        os.close(os.open(inside, os.O_CREAT | os.O_WRONLY, 0o666))
        _mount(f"/dev/{name}", inside, None, BIND)
    for name, target in LINKS.items():
        os.symlink(target, f"{folder}/{name}")


def _folder(root: str, path: str) -> str:
    """The folder `path` below `root`, made if it is not there, readable for all."""
    made = root
    for part in filter(None, path.split("/")):
        made = f"{made}/{part}"
        with contextlib.suppress(FileExistsError):
            os.mkdir(made)
            os.chmod(made, 0o755)
    return made


def _pivot(root: str) -> None:
    """Make it the root, and forget the old one: pivot_root(2), "pivot_root(".", ".")"."""
    os.chdir(root)
    _check(libc.pivot_root(b".", b"."))
    _check(libc.umount2(b".", DETACH))
    os.chdir("/")


def _mount(
    source: str | None, target: str, kind: str | None, flags: int, data: str | None = None
) -> None:
    def encoded(text: str | None) -> bytes | None:
        return None if text is None else os.fsencode(text)

    values = encoded(source), encoded(target), encoded(kind), ctypes.c_ulong(flags), encoded(data)
    _check(libc.mount(*values), target)


def _check(result: int, what: str = "") -> None:
    if result:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), what)
