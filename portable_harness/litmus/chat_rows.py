"""Rows 59 to 65: what clients may rely on in a chat room, judged from recorded histories.

These cases have no actors of their own. A server, ``python -m portable_server chat``, runs on the
interpreter; many scripted clients talk to it from outside, what each did and saw is recorded on one
clock, and a judge (`portable_harness.chat.checker`) concludes what the server did wrong. The
promises are the protocol's, so they are the same on every interpreter: all outcomes but the first
are forbidden. An outcome counts histories; of how much each consisted, its detail says.
"""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from portable_harness.base.guests import guest_variables
from portable_harness.base.servers import ServerError, ServerProcess
from portable_harness.base.text import clean
from portable_harness.base.tree import guest_tree
from portable_harness.chat import workload
from portable_harness.chat.check import Outcome, check, portable_server_command
from portable_harness.chat.faults import RULES
from portable_harness.chat.history import HistoryError
from portable_harness.chat.recorder import RecordingError
from portable_harness.interpreters import Interpreter
from portable_harness.jython.launcher import fast_command
from portable_harness.litmus import judging
from portable_harness.litmus.chat_lessons import KEPT, case_of_row, grade_of
from portable_harness.litmus.results import CRASH, FORBIDDEN, HANG, Case, Column

BOUND = 15.0  # seconds within which a stopped server has ended; its own promise is 2 and the drain
LATENCY_LIMIT = 30.0  # seconds; a busy machine delays a line by some, a stall is for ever
STORM = 20  # connections that have come and gone before the stop comes in their middle
FAULTS_TOLD = 5
LOOK = 0.2  # seconds between two looks whether the run was interrupted
MIXED_ROWS, SLOW_ROW, DRAIN_ROW, JUDGE_ROW = (59, 60, 61, 62), 63, 64, 65

Update = Callable[[str], None]


def run_rows(
    column: Column,
    interpreter: Interpreter,
    cases: Sequence[Case],
    seed: int,
    seconds: float,
    stop: threading.Event,
    update: Update,
) -> None:
    """Run the chosen rows on an interpreter, ``seconds`` of mixed traffic, into ``column``."""
    fast = replace(interpreter, command=fast_command(interpreter, "throughput"))
    session = _Session(column, fast, seed, seconds, stop)
    rows = {case.rows[0] for case in cases}
    steps = (
        (set(MIXED_ROWS), "a chat of many clients", session.mixed),
        ({SLOW_ROW}, "a member that never reads", session.slow),
        ({DRAIN_ROW}, "stops in the middle of everything", session.drain),
        ({JUDGE_ROW}, "the judge's own histories", session.judge),
    )
    with session.ending_when_stopped():
        for covers, said, step in steps:
            if rows & covers and not stop.is_set():
                update(said)
                session.rows = rows & covers
                session.timed(step)


class _Session:
    """What is recorded of one interpreter's server; ``rows`` are those to book now.

    An interruption ends the server, so that nobody waits for the end of a recording; what its
    clients see of that is not booked.
    """

    def __init__(
        self,
        column: Column,
        interpreter: Interpreter,
        seed: int,
        seconds: float,
        stop: threading.Event,
    ) -> None:
        self.column, self.interpreter = column, interpreter
        self.seed, self.seconds = seed, seconds
        self.rows: set[int] = set()
        self._stop = stop
        self._current: ServerProcess | None = None

    @contextlib.contextmanager
    def ending_when_stopped(self) -> Iterator[None]:
        over = threading.Event()
        watcher = threading.Thread(target=self._end_when_stopped, args=(over,), daemon=True)
        watcher.start()
        try:
            yield
        finally:
            over.set()
            watcher.join()

    def _end_when_stopped(self, over: threading.Event) -> None:
        while not over.wait(LOOK):
            process = getattr(self._current, "process", None)
            if self._stop.is_set() and process is not None:
                process.kill()

    def timed(self, step: Callable[[], None]) -> None:
        """Take a step; where it gives no verdict, that is said of each of its rows."""
        begin = time.monotonic()
        try:
            step()
        except RecordingError as problem:
            self._book_all(HANG, str(problem))
        except (HistoryError, ServerError, OSError) as problem:
            for row in () if self._stop.is_set() else self.rows:
                self.column.result(case_of_row(row).name).error = clean(str(problem))
        for row in () if self._stop.is_set() else self.rows:
            self.column.result(case_of_row(row).name).seconds += time.monotonic() - begin

    def mixed(self) -> None:
        with self._server() as server:
            played = workload.mixed(self.seed, clients=16, seconds=self.seconds)
            outcome = check(server.address, played)
            self._book_history(outcome, server)

    def slow(self) -> None:
        with self._server() as server:
            played = workload.stalled_member(self.seed, latency_limit=LATENCY_LIMIT)
            self._book_history(check(server.address, played), server)

    def drain(self) -> None:
        """A stop amid traffic; the port taken again at once; two stops amid arriving clients."""
        with self._server() as server:
            played = workload.mixed(self.seed, clients=16, seconds=10)
            outcome = check(server.address, played, server.ask_to_stop_by_stdin)
            ended = _ended(server)
            port = server.address[1]
        self._book_history(outcome, server, also=ended)
        try:
            with self._server("--port", str(port)) as server:
                ended = _stopped_in_a_storm(server)
        except ServerError as problem:
            self._book(DRAIN_ROW, "port not free", str(problem))
            return
        self._book(DRAIN_ROW, ended or KEPT[DRAIN_ROW], server.output if ended else "")

    def judge(self) -> None:
        for outcome, count in judging.counted(self.seed).items():
            self._book(JUDGE_ROW, outcome, "", count)

    def _server(self, *options: str) -> ServerProcess:
        command = portable_server_command(self.interpreter, *options)
        tree = guest_tree()
        server = ServerProcess(command, cwd=tree, env=guest_variables([str(tree)], {}))
        self._current = server
        return server

    def _book_history(self, outcome: Outcome, server: ServerProcess, also: str = "") -> None:
        """Each row: kept, or every kind of fault that belongs to it, once for the history."""
        verdict = outcome.verdict
        if also:
            self._book(DRAIN_ROW, also, server.output)
        for row in sorted(self.rows):
            mine = [fault for fault in verdict.faults if row == self._row_of(fault.kind)]
            for kind in sorted({fault.kind for fault in mine}):
                sentences = [str(fault) for fault in mine if fault.kind == kind]
                self._book(row, kind, "\n".join(sentences[:FAULTS_TOLD]))
            if not mine and not (also and row == DRAIN_ROW):
                self._book(row, KEPT[row], _amount(outcome))

    def _row_of(self, kind: str) -> int:
        """Where several rows are judged from one history, faults of the protocol are row 59's."""
        if len(self.rows) == 1:
            return next(iter(self.rows))
        row = RULES[kind].row
        return row if row in self.rows else min(self.rows)

    def _book_all(self, outcome: str, detail: str) -> None:
        for row in self.rows:
            self._book(row, outcome, detail)

    def _book(self, row: int, outcome: str, detail: str, count: int = 1) -> None:
        if self._stop.is_set():
            return
        result = self.column.result(case_of_row(row).name)
        result.outcomes[outcome] += count
        result.grades[outcome] = grade = grade_of(row, outcome)
        if detail:
            result.details.setdefault(outcome, clean(detail))
        result.rounds += count
        failed = grade == FORBIDDEN
        result.failed[self.seed] = result.failed.get(self.seed, False) or failed


def _amount(outcome: Outcome) -> str:
    v = outcome.verdict
    return (
        f"{v.connections} connections, {v.members} members, {v.messages:,} messages, "
        f"{v.deliveries:,} deliveries, {v.notices:,} notices, p99 {1e3 * v.latency(0.99):.1f} ms"
    )


def _ended(server: ServerProcess) -> str:
    """What is wrong with the end of a server that was asked to stop; "" when nothing is.

    Status 0 within the bound says that no thread is left: a thread that is not a daemon would keep
    the process, one that was torn down would print its traceback or end it otherwise.
    """
    try:
        status = server.wait(BOUND)
    except ServerError:
        return HANG
    if status < 0:
        return CRASH
    return f"status {status}" if status else ""


def _stopped_in_a_storm(server: ServerProcess) -> str:
    """Stop a server twice while clients come and go as fast as they can."""
    over, raging = threading.Event(), threading.Event()
    storm = threading.Thread(target=_storm, args=(server.address, over, raging))
    storm.start()
    try:
        raging.wait(BOUND)
        server.ask_to_stop_by_stdin()
        with contextlib.suppress(ProcessLookupError):
            server.process.terminate()
        return _ended(server)
    finally:
        over.set()
        storm.join(BOUND)


def _storm(address: tuple[str, int], over: threading.Event, raging: threading.Event) -> None:
    number = 0
    while not over.is_set():
        number += 1
        with contextlib.suppress(OSError), socket.create_connection(address, 5) as client:
            client.sendall(f"storm{number}\n".encode())
            client.recv(100)
        if number >= STORM:
            raging.set()
