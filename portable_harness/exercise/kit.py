"""What the tests of a program are written with.

    from portable_harness.exercise.kit import Run, check

    @check("echo", "a line comes back unchanged",
           advice="Send back what recv gave.")
    def echo(run: Run) -> None:
        with run.connect() as client:
            client.send(b"hello\\r\\n")
            client.expect(b"hello\\r\\n")

A check is a function of a `Run`. It returns when the program did what was due; everything here
raises `Failed` where it did not. The program is started anew for each check, by the first
`run.connect()`, and ended behind it. Every wait has a limit, so no check can hang.
"""

from __future__ import annotations

import contextlib
import signal
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from random import Random
from typing import Any

import psutil

from portable_harness.check import conversation
from portable_harness.check.model import Broken, Room
from portable_harness.check.run import CHECKS
from portable_harness.check.server import free_port
from portable_harness.check.transcript import shown
from portable_harness.exercise.measures import own_number
from portable_harness.exercise.model import Check, Failed
from portable_harness.exercise.program import Program

__all__ = ["Client", "Failed", "Run", "check", "in_threads", "shown"]

LOOK = 0.02  # seconds between two looks at a process


def check(
    name: str, promise: str, *, advice: str
) -> Callable[[Callable[[Run], None]], Callable[[Run], None]]:
    """Make a function of a `Run` a check.

    :param name: a word or two with dashes, as exercise.json names it
    :param promise: what the program has to do, as a sentence
    :param advice: one line for the student whose program does not
    """

    def mark(function: Callable[[Run], None]) -> Callable[[Run], None]:
        function.check = Check(name, promise, advice, function)  # type: ignore[attr-defined]
        return function

    return mark


class Client(conversation.Client):
    """A client of the program: `send`, `send_each` (in pieces), `line`, `exactly`, `to_the_end`,
    `half_close`, `close`, `reset` of `portable_harness.check.conversation`, and what follows.

    Do not rely on an answer after `half_close`: Jython cannot send it (docs/protocols.md).
    """

    def expect(self, data: bytes, due: str = "") -> None:
        """The next bytes are these."""
        due = due or shown(data)
        came = self.exactly(len(data), due)
        if came != data:
            raise self.broken(shown(came), due)

    def expect_line(self, line: bytes, due: str = "") -> None:
        """The next line, up to and with its newline, is this."""
        due = due or shown(line)
        came = self.line(due)
        if came != line:
            raise self.broken(shown(came), due)

    def expect_end(self) -> None:
        """Nothing more comes, and the program closes the connection."""
        due = "nothing more and the end of the connection"
        rest = self.to_the_end(due)
        if rest:
            raise self.broken(shown(rest), due)

    def fail(self, came: str, due: str) -> None:
        """This client did not get what was due."""
        raise self.broken(came, due)


class Run:
    """One check's run of the program on one interpreter."""

    def __init__(
        self, program: Program, room: Room, interpreter: str, slowly: Sequence[str] = ()
    ) -> None:
        self.program, self.room = program, room
        self._slowly = slowly  # the command of the program in slow motion, without the seconds
        self.interpreter = interpreter  # "py27", "jython", ...
        self._clients: list[Client] = []
        self.random: Random = Random(room.seed)  # repeats what is drawn, and hides it by --hidden

    def start(self, *arguments: str) -> None:
        """Start the program; with arguments: these instead of the port."""
        if arguments:
            self.program.arguments(*arguments)
        self.program.start()

    def slow_motion(self, seconds: float = 0.01) -> None:
        """Before the start: every line of the program takes this long in each thread, so threads
        that do the same thing at the same time come between each other's lines (not on Jython).
        The lock rules are not watched meanwhile.
        """
        *launcher, file = self._slowly
        self.program.command = [*launcher, str(seconds), file]

    def restart(self, *arguments: str) -> None:
        """End it as kill -9 does and start it again, with these arguments."""
        self.program.forget()
        self.start(*arguments)

    @property
    def address(self) -> tuple[str, int]:
        """Where it said that it listens."""
        return self.program.address

    @staticmethod
    def free_port() -> int:
        """A port that nobody uses."""
        return free_port()

    def connect(self, who: str = "client", small_buffer: bool = False) -> Client:
        """A new connection; starts the program where it was not started.

        :param small_buffer: a client that soon can take no more
        """
        self.program.start()
        client = Client(self.room, who, small_buffer)
        self._clients.append(client)
        return client

    def close_clients(self) -> None:
        """Those that a failed check left open."""
        for client in self._clients:
            client.socket.close()

    # --- what is drawn, the same for the same seed

    def word(self, size: int = 8) -> bytes:
        """A random word of lower-case letters."""
        return bytes(self.random.choices(b"abcdefghijklmnopqrstuvwxyz", k=size))

    def bytes(self, size: int) -> bytes:
        """Random bytes without CR and LF."""
        allowed = bytes(value for value in range(256) if value not in b"\r\n")
        return bytes(self.random.choices(allowed, k=size))

    # --- the process

    def expect_exit(self, status: int | None = 0, seconds: float | None = None) -> None:
        """The program ends by itself, with this status (None: with any)."""
        due = "the end of the program" + ("" if status is None else f" with status {status}")
        ended = self.program.wait(seconds or self.room.patience)
        if ended is None:
            raise Failed("the last of the clients is gone", "the program still runs", due)
        if status is not None and ended != status:
            raise Failed("the last of the clients is gone", f"it ended with status {ended}", due)

    def expect_running(self) -> None:
        """The program has not ended."""
        if self.program.process is None:
            status = self.program.wait(1)
            raise Failed("-", f"the program ended with status {status}", "it goes on serving")

    def expect_refused(self) -> None:
        """Nobody can connect any more."""
        try:
            self.connect("one more client").close()
        except Broken:
            return
        raise Failed("a connection request", "it was accepted", "a refusal: the listener is closed")

    def children(self) -> dict[int, psutil.Process]:
        """The processes that the program has started, by the number that it knows them by.

        In the sandbox these are other numbers than outside, which are those of anybody's processes.
        """
        with contextlib.suppress(psutil.NoSuchProcess):
            if process := self.program.process:
                return {own_number(child): child for child in process.children()}
        return {}

    def interrupt(self, number: signal.Signals = signal.SIGTERM) -> None:
        """Send a signal to the program."""
        self.program.signal(number)

    def until(self, condition: Callable[[], Any], came: str, due: str) -> None:
        """Look until the condition holds; for what can be seen by looking only."""
        deadline = time.monotonic() + self.room.patience
        while not condition():
            if time.monotonic() > deadline:
                raise Failed("-", came, due)
            time.sleep(LOOK)

    def fail(self, came: str, due: str, sent: str = "-") -> None:
        """The program did not do what was due."""
        raise Failed(sent, came, due)

    # --- the checks of `portable-server check`

    def protocol(self, name: str, only: Iterable[str]) -> None:
        """Run checks of `portable-server check NAME` ("echo", "chat") against the program."""
        self.program.start()
        known = {one.name: one for one in CHECKS[name]}
        for wanted in only:
            self.room.serial += 1
            known[wanted].run(self.room)


def in_threads(*functions: Callable[[], None], seconds: float = 60.0) -> None:
    """Run functions side by side; the first failure of one of them is raised."""
    failures: list[BaseException] = []

    def guarded(function: Callable[[], None]) -> None:
        try:
            function()
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=guarded, args=(one,), daemon=True) for one in functions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(seconds)
        if thread.is_alive():
            raise Failed("-", f"the clients are not done within {seconds:g} s", "an end")
    if failures:
        raise failures[0]
