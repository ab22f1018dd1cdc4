"""The checks of a module: they run here, and the student's module in a process on the guest.

So the student's code cannot speak for a check: all that it can do is to answer when its functions
are called (mirror.py, link.py). The checks' text is run with an `import` of its own, which gives it
the kit, the module's mirror, and a `socket`, a `sys` and a `threading` of the module's process.

Where a check does not end or the process does, a new process goes on with the checks after it.
"""

from __future__ import annotations

import builtins
import contextlib
import json
import socket
import sys
import threading
import time
import types
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from portable_harness.base.processes import describe
from portable_harness.base.tree import PACKAGE, on_guest
from portable_harness.exercise import starting
from portable_harness.exercise.catalogue import Limits
from portable_harness.exercise.job import (
    Job,
    Reports,
    environment,
    has_lock_rules,
    lock_result,
    tests_text,
)
from portable_harness.exercise.link import Link, text_of
from portable_harness.exercise.model import Check, Result, Status
from portable_harness.exercise.program import Program
from portable_harness.exercise.sandbox import Child
from portable_harness.exercise.waits import Condition, Event

LOAD_LIMIT = 15.0  # seconds for a module to be imported, on a machine that is not busy
MOST_CHECKS = 60
MOST_REPORTS = 100  # of the lock watch that are kept
STACKS_LIMIT = 5.0  # seconds until the process says where it is
KIT = ("exercise_kit", "interleaving", "loopback")
LOADS = Check("loads", "the module can be imported", "Read the traceback below, or run the file.")


def run(job: Job, work: Path) -> Iterator[Result]:
    """Each result as soon as it is there."""
    done: list[str] = []
    reports: Reports = []
    rest = True
    while rest:
        before = len(done)
        run_of_process = Run(job, work, done, reports)
        try:
            for result in run_of_process.results():
                result.not_limited = run_of_process.process.lacks
                done.append(result.check)
                yield result
        finally:
            run_of_process.process.close()
        rest = not run_of_process.finished and len(done) > before
    if has_lock_rules(job):
        yield lock_result(job, reports)


class ModuleProcess(Program):
    """The process that has the module; its stdin and stdout are those of the link."""

    link: Link

    def __init__(self, job: Job, work: Path, reports: Reports) -> None:
        command = [*job.command, str(on_guest("exercise") / "student_side.py")]
        limits = job.exercise.limits
        all_checks: Limits = replace(limits, seconds=limits.seconds * MOST_CHECKS)
        super().__init__(command, work, environment(work), all_checks, job.uid)
        self._reports = reports
        self._clients: list[socket.socket] = []  # of the checks
        rules = job.exercise.lock_rules
        settings = {"work": str(work), "hold_limit": rules.hold_limit if rules else None}
        self.arguments(json.dumps(settings))

    def _look_after(self, child: Child) -> None:
        into, out = child.supervisor.stdin, child.supervisor.stdout
        assert into is not None
        assert out is not None
        self.link = Link(into, out, self._reported)
        child.supervisor.stdout = None
        super()._look_after(child)

    def connect(self, address: tuple[str, int], timeout: float | None = None) -> socket.socket:
        """`socket.create_connection`, in the network of the module."""
        self.address = address
        made = self.socket()
        self._clients.append(made)
        made.settimeout(timeout)
        made.connect(address)
        return made

    def close_clients(self) -> None:
        """Close the connections of the checks that have ended; also wakes who reads from one."""
        while self._clients:
            with self._clients.pop() as client, contextlib.suppress(OSError):
                client.shutdown(socket.SHUT_RDWR)

    def stop(self) -> None:
        """End it, and all that waits for it."""
        super().stop()
        if not self.has_begun:
            return
        self.close_clients()
        self.link.reader.join(STACKS_LIMIT)

    def _reported(self, report: dict[str, Any]) -> None:
        if len(self._reports) < MOST_REPORTS:
            self._reports.append(report)


class Run:
    """The checks that one process does, until it ends or must."""

    def __init__(self, job: Job, work: Path, done: list[str], reports: Reports) -> None:
        self._job, self._done = job, done
        self.finished = False
        self.process = ModuleProcess(job, work, reports)
        self.process.begin()
        self._modules = Modules(job, self.process)

    def results(self) -> Iterator[Result]:
        """Load the checks, which import the module, and do those that are not done yet."""
        loading = Attempt(self._modules.load_tests)
        limit = min(starting.START_LIMIT, starting.patient(LOAD_LIMIT))
        if not loading.ends(limit) or loading.error is not None:
            self.finished = True
            yield self._failed(LOADS, loading, limit)
            return
        limit = self._job.exercise.limits.seconds
        left = self._left()
        for check in left:
            assert check.run is not None
            attempt = Attempt(check.run)
            ended = attempt.ends(limit)
            if ended and attempt.error is None and not self.process.link.is_over.is_set():
                result = Result.of(check, Status.PASSED, seconds=attempt.seconds)
            else:
                result = self._failed(check, attempt, limit)
            self.process.close_clients()
            yield result
            if not ended or self.process.link.is_over.is_set():
                self.finished = check is left[-1]
                return
        self.finished = True

    def _left(self) -> list[Check]:
        """The checks that are wanted and not done yet."""
        wanted = self._job.checks
        every = self._modules.checks()
        return [one for one in every
                if one.name not in self._done and (not wanted or one.name in wanted)]  # fmt: skip

    def _failed(self, check: Check, attempt: Attempt, limit: float) -> Result:
        told = self._told(attempt, limit)
        return Result.of(check, Status.FAILED, seconds=attempt.seconds, **told)

    def _told(self, attempt: Attempt, limit: float) -> dict[str, str]:
        error = attempt.error
        if self.process.link.is_over.is_set():
            due = "an end of the check, not of the process"
            came = self._end()
            return {"sent": "-", "came": came, "due": due, "output": self.process.output}
        if error is None:
            return {"sent": "-", "came": f"it does not end within {limit:g} s", "due": "an end",
                    "output": self._stacks()}  # fmt: skip
        if isinstance(error, self._modules.failed):
            return {"sent": str(error.did), "came": str(error.came), "due": str(error.due)}
        words = f"{type(error).__name__}: {error}".rstrip(": ")
        return {"sent": "-", "came": words, "due": "no exception", "output": text_of(error)}

    def _end(self) -> str:
        """Why the process is no more."""
        trouble = self.process.link.trouble
        status = self.process.wait(STACKS_LIMIT)
        self.process.stop()
        used = self.process.verdict or self.process.refused
        if used:
            return f"it was ended: it {used}"
        return trouble or (describe(status) if status is not None else "it closed its connection")

    def _stacks(self) -> str:
        """Of all threads of the module's process."""
        asking = Attempt(lambda: [list(one) for one in self.process.link.ask("stacks")])
        asking.ends(STACKS_LIMIT)
        return "\n".join("".join(map(str, one)) for one in asking.value or ())


class Attempt:
    """A function that runs in a thread, as it may not end."""

    def __init__(self, function: Any) -> None:
        self.error: BaseException | None = None
        self.value: Any = None
        self.seconds = 0.0
        self._function = function
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._began = time.monotonic()
        self._thread.start()

    def _run(self) -> None:
        try:
            self.value = self._function()
        except BaseException as error:
            self.error = error

    def ends(self, seconds: float) -> bool:
        """Whether it returned or raised within so many seconds."""
        self._thread.join(seconds)
        self.seconds = time.monotonic() - self._began
        return not self._thread.is_alive()


class Modules:
    """What the checks import: the kit, the mirror of the student's module, and Python's."""

    def __init__(self, job: Job, process: ModuleProcess) -> None:
        self._job, self._process = job, process
        self._student = Path(job.exercise.file).stem
        self._ask = process.link.ask
        self._loaded: dict[str, Any] = {"socket": self._sockets(), "threading": self._threads()}
        own = {**sys.modules, "threading": self._loaded["threading"]}
        self._loaded["sys"] = self._copy(sys, modules=own)
        for name in KIT:
            path = PACKAGE / "exercise" / "on_guest" / f"{name}.py"
            self._loaded[name] = self._run(name, path.read_text(encoding="utf-8"), str(path))
        kit = self._loaded["exercise_kit"]
        kit.use_seed(job.seed)
        self.failed: Any = kit.Failed

    def load_tests(self) -> None:
        """Run tests.py, which imports the module."""
        self._loaded["sys"].platform = self._ask("platform")
        self._run("tests", tests_text(self._job.exercise, self._job.words), "tests.py")

    def checks(self) -> list[Check]:
        """Those that it has."""
        return [Check(*one) for one in self._loaded["exercise_kit"].CHECKS]

    def _run(self, name: str, text: str, path: str) -> types.ModuleType:
        made = types.ModuleType(name)
        made.__file__ = path
        own = {**vars(builtins), "__import__": self._import}
        vars(made).update(__builtins__=own, ask=self._ask)
        exec(compile(text, path, "exec", dont_inherit=True), vars(made))
        return made

    def _import(self, name: str, *more: Any) -> Any:
        if name in self._loaded:
            return self._loaded[name]
        if name == self._student:
            return self._ask("import", name=name, named=self._replaced())
        return __import__(name, *more)

    def _replaced(self) -> dict[str, Any]:
        """What a check has put into `sys.modules["threading"]`, for the student's module alone."""
        known = vars(self._loaded["threading"])
        found = vars(self._loaded["sys"].modules["threading"]).items()
        return {f"threading.{name}": value for name, value in found
                if not name.startswith("__") and known.get(name) is not value}  # fmt: skip

    def _sockets(self) -> types.ModuleType:
        """`socket`, whose connections are made in the network of the module."""
        return self._copy(socket, create_connection=self._process.connect)

    def _threads(self) -> types.ModuleType:
        """`threading`, which knows the threads of the module, and whose waits end with it."""

        def current_thread() -> Any:
            if self._process.link.conversation().depth:
                return self._ask("thread")
            return threading.current_thread()

        def everything() -> list[Any]:
            return list(self._ask("threads"))

        waits = self._process.link.waits
        return self._copy(
            threading, current_thread=current_thread, enumerate=everything,
            Condition=partial(Condition, waits), Event=partial(Event, waits),
        )  # fmt: skip

    @staticmethod
    def _copy(module: types.ModuleType, **changes: Any) -> types.ModuleType:
        made = types.ModuleType(module.__name__)
        vars(made).update(vars(module), **changes)
        return made
