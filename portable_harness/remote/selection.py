"""The job ``select``: which interpreters are on this host."""

from __future__ import annotations

from typing import Any

from portable_harness.interpreters import Absent, Interpreter, search, select
from portable_harness.remote.jobs import Job, JobContext


def run(context: JobContext, job: Job) -> None:
    """The interpreters of ``job["names"]``, or all, and those of ``job["at_least"]`` besides."""
    if job["names"] is not None:
        chosen = list(select(job["names"]))
    else:
        found = search.find()
        least = select(job["at_least"], found) if job["at_least"] else []
        chosen = [
            *found.interpreters,
            *(interpreter for interpreter in least if isinstance(interpreter, Absent)),
        ]
    context.chosen = {
        interpreter.name: interpreter
        for interpreter in chosen
        if isinstance(interpreter, Interpreter)
    }
    context.send(
        {"kind": "chosen", "interpreters": [as_json(interpreter) for interpreter in chosen]}
    )


def as_json(interpreter: Interpreter | Absent) -> dict[str, Any]:
    if isinstance(interpreter, Absent):
        return {
            "absent": interpreter.reason,
            "name": interpreter.name,
            "remedy": interpreter.remedy,
        }
    return interpreter.facts()


def from_json(values: dict[str, Any]) -> Interpreter | Absent:
    if "absent" in values:
        return Absent(values["name"], values["absent"], values["remedy"])
    return Interpreter.from_facts(values)
