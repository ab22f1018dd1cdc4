"""One file on one interpreter, in a process of its own: cut off, and ended whatever happens.

The controller calls `results`; the process is this module run with a job on its standard input. It
tells each result as a line of JSON on a descriptor that neither tests nor programs know.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import psutil

from harness.exercise import catalogue, suite
from harness.exercise.isolation import isolate
from harness.exercise.model import Check, Result, Status
from harness.exercise.sandbox import tree
from harness.exercise.suite import Job
from harness.matrix.guests import TREE

WHOLE_RUN = Check("run", "the checks can be run", "This is no fault of yours: tell who made them.")


class Worker:
    """A run of a job; `missing` says what could not be cut off.

    :param limit: seconds for all checks together
    """

    def __init__(self, job: Job, limit: float) -> None:
        self.missing = ""
        self._limit = limit
        self._out_of_time = False
        read, write = os.pipe()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "harness.exercise.worker", str(write)], cwd=TREE,
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
            pass_fds=[write], start_new_session=True,
        )  # fmt: skip
        os.close(write)
        self._stream = os.fdopen(read, "r", encoding="utf-8")
        assert self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError), self._process.stdin as stdin:
            stdin.write(json.dumps(_as_json(job)).encode())

    def results(self) -> Iterator[Result]:
        """Each result as it comes; an end before the last is a result too."""
        timer = threading.Timer(self._limit, self._give_up)
        timer.daemon = True
        timer.start()
        over = False
        try:
            for line in self._stream:
                event = json.loads(line)
                if "isolation" in event:
                    self.missing = event["isolation"]["missing"]
                elif "over" in event:
                    over = True
                else:
                    yield Result.from_json(event["result"])
            if not over:
                yield self._ended_early()
        finally:
            timer.cancel()
            self.end()

    def _give_up(self) -> None:
        self._out_of_time = True
        self._process.kill()

    def _ended_early(self) -> Result:
        if self._out_of_time:
            why = f"the time limit of {self._limit:g} s over all checks was reached"
            return Result.of(WHOLE_RUN, Status.FAILED, came=why, due="an end")
        assert self._process.stderr is not None
        said = self._process.stderr.read().decode("utf-8", "replace").strip()
        last = (said.splitlines() or ["it said nothing"])[-1]
        return Result.of(WHOLE_RUN, Status.ERROR, came=f"the run ended: {last}", output=said)

    def end(self) -> None:
        """End the worker and all that it started."""
        for process in reversed(tree(self._process.pid)):
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        self._process.wait()
        self._stream.close()
        if self._process.stderr is not None:
            self._process.stderr.close()


def _as_json(job: Job) -> dict[str, Any]:
    values = {name: value for name, value in vars(job).items() if name != "isolation"}
    values.update(exercise=str(job.exercise.folder), file=str(job.file.absolute()))
    values.update(limits=asdict(job.exercise.limits))
    return {**values, "command": list(job.command), "only": list(job.only)}


def _from_json(values: dict[str, Any]) -> Job:
    limits = catalogue.Limits(**values.pop("limits"))
    exercise = replace(catalogue.load(Path(values.pop("exercise"))), limits=limits)
    return Job(exercise, Path(values.pop("file")), **values)


def main(descriptor: int) -> None:
    """Do what the job on standard input says."""
    os.set_inheritable(descriptor, False)
    job = _from_json(json.load(sys.stdin))
    with os.fdopen(descriptor, "w", encoding="utf-8") as channel:

        def tell(**event: Any) -> None:
            channel.write(json.dumps(event) + "\n")
            channel.flush()

        isolation = isolate(job.command)
        tell(isolation=isolation.as_json())
        for result in suite.run(replace(job, isolation=isolation)):
            tell(result=result.as_json())
        tell(over=True)


if __name__ == "__main__":
    main(int(sys.argv[1]))
