"""The job ``check``: a server file on the interpreters of this host, told check by check."""

from __future__ import annotations

from pathlib import Path

from harness.check.run import CHECKS, Plan
from harness.check.server import StartedServer, python_command
from harness.check.session import each
from harness.errors import Problem
from harness.remote.check_wire import outcome_to
from harness.remote.far import Far, Job
from harness.remote.keeper import path_of


def run(far: Far, job: Job) -> None:
    checks = [one for one in CHECKS[job["protocol"]] if one.name in job["checks"]]
    file, plan = Path(path_of(job["project"])) / job["file"], Plan(**job["plan"])
    for name, interpreter in far.chosen.items():
        server = StartedServer(python_command(interpreter.command, file), job["start_limit"])
        problem = ""
        try:
            for outcome in each(server, checks, plan, job["kinds"]):
                far.send({"kind": "outcome", "name": name, "outcome": outcome_to(outcome)})
        except Problem as found:
            problem = str(found)
        finally:
            server.stop()
        far.send({"kind": "done", "name": name, "problem": problem, "output": server.output})
