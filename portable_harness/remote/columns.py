"""A column for each interpreter of each host, made of the events of a job there.

A host that is lost, from the start or in the middle, is so in its own columns; the others go on.
"""

from __future__ import annotations

import abc
import threading
import time
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from portable_harness.base.errors import Problem
from portable_harness.base.tasks import run_all
from portable_harness.interpreters import Absent, Interpreter
from portable_harness.remote.host import Event, Lost
from portable_harness.remote.hosts import ConnectedHost, Request

Column = TypeVar("Column")


class ColumnCollector(abc.ABC, Generic[Column]):
    """One host; a subclass knows what the events of its job mean.

    :param make: a column of a name with nothing in it, and why: ``absent=`` or ``lost=``
    :param others: what there is on this host instead of interpreters
    """

    def __init__(
        self, host: ConnectedHost, make: Callable[..., Column], others: Sequence[str] = ()
    ) -> None:
        self.host, self._make, self._others = host, make, others
        self._begin = time.monotonic()

    @abc.abstractmethod
    def on_event(self, name: str, at: str, event: Event) -> None:
        """An event of the interpreter ``name``, whose column is called ``at``."""

    @abc.abstractmethod
    def result(self, name: str, at: str, lost: str, stopped: bool) -> Column:
        """What came of it; ``lost`` says why the host is not there any more, if it is not."""

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._begin

    def run(self, request: Request, job: Event, stop: threading.Event) -> list[Column]:
        """Do the job there; a column for each interpreter, whatever happens to the host."""
        if self.host.lost:
            names = map(self.host.at, self._others or request.wanted())
            return [self._make(name, lost=self.host.lost) for name in names]
        lost = ""
        try:
            if (self.host.present or self._others) and not stop.is_set():
                for event in self.host.ask(job, stop):
                    self.on_event(event["name"], self.host.at(event["name"]), event)
        except Lost as error:
            lost = str(error)
        except Problem as problem:
            lost = problem.message
        everything = self._others or self.host.chosen
        return [self._column(subject, lost, stop.is_set()) for subject in everything]

    def _column(self, subject: Interpreter | Absent | str, lost: str, stopped: bool) -> Column:
        name = subject if isinstance(subject, str) else subject.name
        at = self.host.at(name)
        if isinstance(subject, Absent):
            why = f"{subject.reason}; on {self.host.name} try: {subject.remedy}"
            return self._make(at, absent=why)
        return self.result(name, at, "" if stopped else lost or "nothing was heard of it", stopped)


def collect_columns(
    collectors: Sequence[ColumnCollector[Column]], request: Request, job: Event
) -> tuple[list[Column], bool]:
    """Do the job on all hosts at the same time; and whether that was interrupted."""

    def task(collector: ColumnCollector[Column]) -> Callable[[threading.Event], list[Column]]:
        return lambda stop: collector.run(request, job, stop)

    ended, interrupted = run_all([task(collector) for collector in collectors], len(collectors))
    return [column for of_host in ended for column in of_host], interrupted
