"""The sandbox of a student's program, from outside: its supervisor (supervisor.py), and a guard.

The kernel bounds how many tasks, descriptors and how large files there can be. What a tree of
processes uses together (memory, time, output, disk) is looked at several times a second, because
the address space of a JVM or of PyPy says nothing about the memory that it uses. Beyond a limit
all is ended, and `verdict` says in words what was used.
"""

from __future__ import annotations

import contextlib
import json
import os
import pwd
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import psutil

from portable_harness.base.tree import TREE, guest_tree, on_guest
from portable_harness.exercise.catalogue import Limits
from portable_harness.exercise.interpreter_paths import needed
from portable_harness.exercise.measures import owner, proportional, resident, size, total
from portable_harness.exercise.private_root import SHARED

#: Our packages come last on the supervisor's path: -I leaves out those of the user.
SUPERVISOR = (
    "import json, sys; settings = json.loads(sys.argv[1]); sys.path += settings['packages']; "
    "from portable_harness.exercise.supervisor import main; main(settings, sys.argv[2:])"
)
LOOK = 0.1  # seconds between two looks at the processes
LOOK_AT_FILES = 1.0  # seconds
END_LIMIT = 20.0  # seconds that a supervisor may take to end all
MIB = 1024 * 1024
MOST_FILES = 20_000  # that are counted
#: What a `lacks` means, in words.
NOT_LIMITED = {
    "network": "it reaches other machines",
    "processes": "their number is only looked at, not bounded by the kernel",
    "user": "it may write what you may",
    "files": "it may read what everybody may, solutions for example, and fill /tmp",
    "orphans": "what it starts by forking twice may outlive it",
}


def portable_code() -> list[str]:
    """What of ours a guest imports: no check, no solution, no test."""
    tree = guest_tree()
    names = ("portable_server", "compat", "litmus")
    return [*(str(tree / name) for name in names), str(on_guest("exercise"))]


def own_user() -> int | None:
    """A user that nobody is, for a program that root starts; None for anybody else."""
    if os.geteuid() != 0:
        return None
    taken = {one.pw_uid for one in pwd.getpwall()}
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            taken.add(process.uids().real)
    return random.SystemRandom().choice([uid for uid in range(20_000, 60_000) if uid not in taken])


class Child:
    """A program in its sandbox.

    :param uid: the user that it shall be, or None: who we are
    :param join: namespaces of one before it, for the same network
    :param keeps: descriptors that it inherits
    """

    def __init__(
        self, command: Sequence[str], folder: Path, environment: Mapping[str, str],
        limits: Limits, uid: int | None, join: Sequence[int] = (), keeps: Sequence[int] = (),
    ) -> None:  # fmt: skip
        self.lacks: list[str] = []  # what could not be limited
        self.status: int | None = None  # as subprocess has it
        self._folder, self._pid, self._first = folder, 0, 0
        self._uid = uid
        self._asking = threading.Lock()
        self._has_pid, self._ended = threading.Event(), threading.Event()
        self._asks, theirs = socket.socketpair()
        news, tell = os.pipe()
        settings = {
            "news": tell, "asks": theirs.fileno(), "join": list(join), "uid": uid,
            "tasks": limits.processes + limits.threads, "file_bytes": limits.file_mib * MIB,
            "descriptors": limits.descriptors, "mib": limits.files_mib, "keeps": list(keeps),
            "needs": [*needed(command), *portable_code()],
            "packages": [str(TREE), str(Path(psutil.__file__).parent.parent)],
        }  # fmt: skip
        with theirs:
            self.supervisor = subprocess.Popen(
                [sys.executable, "-I", "-c", SUPERVISOR, json.dumps(settings), *command],
                cwd=folder, env=dict(environment), start_new_session=True,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                pass_fds=[tell, theirs.fileno(), *join, *keeps],
            )  # fmt: skip
        os.close(tell)
        self._reader = threading.Thread(target=self._read, args=(news,), daemon=True)
        self._reader.start()

    def _read(self, news: int) -> None:
        with os.fdopen(news, encoding="utf-8") as stream:
            for line in stream:
                event = json.loads(line)
                self.lacks = event.get("lacks", self.lacks)
                if "pid" in event:
                    self._pid, self._first = event["pid"], event["first"]
                    self._has_pid.set()
                if "status" in event:
                    self.status = event["status"]
                    self._ended.set()
        if self.status is None:  # the supervisor itself was ended, and the program with it
            self.status = -signal.SIGKILL
        self._has_pid.set()
        self._ended.set()

    @property
    def process(self) -> psutil.Process | None:
        """The program itself while it runs."""
        self._has_pid.wait(END_LIMIT)
        if self.status is None and self._pid:
            with contextlib.suppress(psutil.NoSuchProcess):
                return psutil.Process(self._pid)
        return None

    def wait(self, seconds: float) -> int | None:
        """Its exit status, or None when it still runs after so many seconds."""
        self._ended.wait(seconds)
        return self.status

    def everything(self) -> list[psutil.Process]:
        """The program and all that it started."""
        with contextlib.suppress(psutil.Error):
            found = psutil.Process(self.supervisor.pid).children(recursive=True)
            return [one for one in found if one.pid != self._first]
        return []

    def socket(self, family: int) -> socket.socket:
        """A new socket in the program's network. :raises ConnectionRefusedError: it is over"""
        (descriptor,) = self._ask(b"6" if family == socket.AF_INET6 else b"4")
        return socket.socket(fileno=descriptor)

    def namespaces(self) -> list[int]:
        """Descriptors for `join`; empty where it shares our network."""
        if "network" in self.lacks:
            return []
        words = [b"n"] if os.geteuid() == 0 else [b"u", b"n"]
        with contextlib.suppress(OSError):
            return [descriptor for word in words for descriptor in self._ask(word)]
        return []

    def _ask(self, word: bytes) -> list[int]:
        with self._asking, contextlib.suppress(OSError):
            self._asks.sendall(word)
            _, descriptors, _, _ = socket.recv_fds(self._asks, 1, 1)
            if descriptors:
                return descriptors
        raise ConnectionRefusedError("the program has been ended")

    def kill(self) -> None:
        """End the program and all that it started, at once."""
        self._asks.shutdown(socket.SHUT_RDWR)

    def end(self) -> None:
        """The same, and wait until nothing is left."""
        with contextlib.suppress(OSError):
            self.kill()
        try:
            status = self.supervisor.wait(END_LIMIT)
        except subprocess.TimeoutExpired:
            self.supervisor.kill()
            status = self.supervisor.wait()
        if status:
            self._end_by_looking()
        self._reader.join(END_LIMIT)
        for path in self.left_behind():
            subprocess.run(["rm", "-rf", "--", path], check=False)
        self._asks.close()
        assert self.supervisor.stdin is not None
        with contextlib.suppress(OSError):
            self.supervisor.stdin.close()

    def left_behind(self) -> list[str]:
        """What it has in folders where everybody may write, where it has none of its own."""
        found = []
        if "files" in self.lacks and self._uid is not None:
            for folder in filter(os.path.isdir, SHARED):
                with os.scandir(folder) as entries:
                    found += [one.path for one in entries if owner(one) == self._uid]
        return found

    def _end_by_looking(self) -> None:
        """Without its supervisor: whatever has the folder of the program as its home."""
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.Error):
                if process.environ().get("HOME") == str(self._folder):
                    process.kill()


class Guard:
    """Watches a child until `stop`, and ends it beyond a limit.

    :param printed: how many bytes it has printed by now
    :param seconds: that it may run
    """

    def __init__(
        self, child: Child, folder: Path, limits: Limits, seconds: float,
        printed: Callable[[], int],
    ) -> None:  # fmt: skip
        self._child, self._folder, self._limits = child, folder, limits
        self._seconds, self._printed = seconds, printed
        self.verdict = ""
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Look no more."""
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        began = last = time.monotonic()
        while not self._stop.wait(LOOK):
            now = time.monotonic()
            if now - began > self._seconds:
                self.verdict = f"ran longer than {self._seconds:g} s"
            elif self._printed() > self._limits.output_kib * 1024:
                self.verdict = f"printed more than {self._limits.output_kib} KiB"
            elif now - last > LOOK_AT_FILES:
                last, self.verdict = now, self._files()
            self.verdict = self.verdict or self._tasks_and_memory(self._child.everything())
            if self.verdict:
                with contextlib.suppress(OSError):
                    self._child.kill()
                return

    def _tasks_and_memory(self, processes: list[psutil.Process]) -> str:
        if len(processes) > self._limits.processes:
            return f"started more than {self._limits.processes} processes"
        if total(processes, psutil.Process.num_threads) > self._limits.threads + len(processes):
            return f"started more than {self._limits.threads} threads"
        most = self._limits.memory_mib * MIB
        if total(processes, resident) > most and total(processes, proportional) > most:
            return f"used more than {self._limits.memory_mib} MiB of memory"
        return ""

    def _files(self) -> str:
        """Only where it has no file system of its own, which the kernel keeps small."""
        if "files" not in self._child.lacks:
            return ""
        used = count = 0
        for top in (str(self._folder), *self._child.left_behind()):
            for folder, _, names in os.walk(top):
                used += sum(size(os.path.join(folder, name)) for name in names)
                count += 1 + len(names)
                if count > MOST_FILES:
                    return f"made more than {MOST_FILES} files"
            used += size(top)
        allowed = self._limits.files_mib
        return f"wrote more than {allowed} MiB of files" if used > allowed * MIB else ""
