"""The job ``check``: a file on this host's interpreters, or a program, check by check."""

from __future__ import annotations

import os
from pathlib import Path

from portable_harness.base.errors import Problem
from portable_harness.check.run import CHECKS, Plan
from portable_harness.check.server import StartedServer, python_command
from portable_harness.check.session import each
from portable_harness.remote.check_wire import outcome_to
from portable_harness.remote.far import Far, Job
from portable_harness.remote.keeper import path_of


def run(far: Far, job: Job) -> None:
    checks = [one for one in CHECKS[job["protocol"]] if one.name in job["checks"]]
    plan = Plan(**job["plan"])
    for name, server in _servers(far, job).items():
        problem = ""
        try:
            for outcome in each(server, checks, plan, job["kinds"]):
                far.send({"kind": "outcome", "name": name, "outcome": outcome_to(outcome)})
        except Problem as found:
            problem = str(found)
        finally:
            server.stop()
        far.send({"kind": "done", "name": name, "problem": problem, "output": server.output})


def _servers(far: Far, job: Job) -> dict[str, StartedServer]:
    limit = job["start_limit"]
    if job["command"]:
        os.chdir(Path.home())  # where ssh would start it
        server = StartedServer(job["command"], limit, port=job["port"])
        return {Path(job["command"][0]).name: server}
    file = Path(path_of(job["project"])) / job["file"]
    return {
        name: StartedServer(python_command(one.command, file), limit)
        for name, one in far.chosen.items()
    }
