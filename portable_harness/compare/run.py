"""Run a session to its end, whatever that is: complete, interrupted, or failed."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

import click

from portable_harness.base.errors import INTERRUPTED
from portable_harness.base.servers import ServerError
from portable_harness.compare.recorder import Recorder, ResultsLostError
from portable_harness.compare.session import Session, estimate
from portable_harness.compare.showing import Showing
from portable_harness.compare.sides import Side
from portable_harness.compare.workloads import Profile, Workload
from portable_harness.load.reports import LoadError

QUICK_SECONDS = 150.0  # what a quick run should take at most, where three rounds fit in
LEAST_ROUNDS = 3


def in_time(profile: Profile, sides: Sequence[Side], workloads: Sequence[Workload]) -> Profile:
    """A quick profile with as many rounds as fit; three at least."""
    while (
        profile.name == "quick"
        and profile.rounds > LEAST_ROUNDS
        and estimate(sides, workloads, profile) > QUICK_SECONDS
    ):
        profile = replace(profile, rounds=profile.rounds - 1)
    return profile


def run(session: Session, recorder: Recorder) -> int:
    """The exit status; what went wrong is one line on standard error."""
    begin = time.monotonic()
    status, message = "complete", None
    try:
        total = estimate(session.sides, session.workloads, session.profile)
        with Showing(total) as showing:
            session.progress = showing
            session.run()
    except KeyboardInterrupt:
        status, message = "interrupted", "interrupted: this is what was measured"
    except (LoadError, ServerError, ResultsLostError) as error:
        status, message = "failed", f"{error}: this is what was measured until then"
    if message:
        more = f" (go on with --resume {recorder.path})" if recorder.path else ""
        click.echo(message + more, err=True)
    _end(recorder, status, message, time.monotonic() - begin)
    if status == "interrupted":
        return INTERRUPTED
    return int(status == "failed" or session.failed)


def _end(recorder: Recorder, status: str, message: str | None, seconds: float) -> None:
    record = {"kind": "end", "status": status, "message": message, "seconds": seconds}
    try:
        recorder.put(record)
    except ResultsLostError as error:
        if status == "complete":
            click.echo(str(error), err=True)
