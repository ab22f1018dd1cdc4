"""The controller on the remote host: `python -m portable_harness.remote.controller`.

Standard input has jobs, one JSON object a line; standard output has what comes of them. A job's
events end with {"kind": "end"} or {"kind": "problem", "message": ...}. Other lines of the input are
{"kind": "alive"}, and {"kind": "stop"}: end the job as Ctrl-C would. The end of the input, or
a silence that is too long, is the end of the run: as Ctrl-C, and a while later for good.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import sys
import threading
import traceback
from typing import Any, TextIO

import psutil

from portable_harness.base.errors import Problem
from portable_harness.base.processes import marked
from portable_harness.base.reading import decoded
from portable_harness.remote.addresses import patience
from portable_harness.remote.agent import MARK
from portable_harness.remote.jobs import Job, JobContext, function_of

GRACE = 10.0  # seconds for a job to end when the line is closed; the agent waits less, if it lives


class Line:
    """Our two streams; nothing else is written to standard output, whatever prints."""

    def __init__(self) -> None:
        self.jobs: queue.Queue[Job | None] = queue.Queue()
        self.busy = threading.Event()
        self._output: TextIO = os.fdopen(os.dup(1), "w", encoding="utf-8")
        os.dup2(2, 1)
        self._lock = threading.Lock()
        self._timer = self._wound_up()
        threading.Thread(target=self._listen, daemon=True).start()

    def send(self, event: dict[str, Any]) -> None:
        text = json.dumps(event)
        with self._lock, contextlib.suppress(OSError, ValueError):
            self._output.write(text + "\n")
            self._output.flush()

    def _listen(self) -> None:
        for text in sys.stdin:
            self._timer.cancel()
            self._timer = self._wound_up()
            job = decoded(text)
            if job["kind"] == "stop":
                self._interrupt()
            elif job["kind"] != "alive":
                self.jobs.put(job)
        self._lost()

    def _wound_up(self) -> threading.Timer:
        timer = threading.Timer(patience(), self._lost)
        timer.daemon = True
        timer.start()
        return timer

    def _interrupt(self) -> None:
        if self.busy.is_set():
            # to the main thread, which waits: it has to be woken, not just any thread
            signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGTERM)

    def _lost(self) -> None:
        """Nobody is there any more, and perhaps not even the agent."""
        self.jobs.put(None)
        self._interrupt()
        last = threading.Timer(GRACE, end_all)
        last.daemon = True
        last.start()


def end_all() -> None:
    """Kill what this run has started, and ourselves."""
    mark = os.environ.get(MARK)
    for process in marked(MARK, mark) if mark else ():
        with contextlib.suppress(psutil.Error):
            if process.pid != os.getpid():
                process.kill()
    os._exit(1)


def interrupt(number: int, frame: object) -> None:
    raise KeyboardInterrupt


def main() -> None:
    """Do jobs until there are no more."""
    line = Line()
    signal.signal(signal.SIGTERM, interrupt)
    context = JobContext(line.send)
    with contextlib.suppress(KeyboardInterrupt):  # one that came a moment too late
        while (job := line.jobs.get()) is not None:
            line.send(do(line, context, job))


def do(line: Line, context: JobContext, job: Job) -> dict[str, Any]:
    """Do a job; its last event."""
    line.busy.set()
    try:
        function_of(job["kind"])(context, job)
    except Problem as problem:
        return {"kind": "problem", "message": problem.message}
    except KeyboardInterrupt:
        return {"kind": "problem", "message": "interrupted"}
    except Exception as error:  # a fault of ours: what happens on the other hosts goes on
        traceback.print_exc()
        message = f"the controller failed there, please report it: {error!r}"
        return {"kind": "problem", "message": message}
    finally:
        line.busy.clear()
    return {"kind": "end"}


if __name__ == "__main__":
    main()
