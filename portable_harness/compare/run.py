"""Run a comparison to its end, whatever that is: complete, interrupted, or failed."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

import click

from portable_harness.base.errors import INTERRUPTED, Problem
from portable_harness.base.servers import ServerError
from portable_harness.compare import environment
from portable_harness.compare.application import Application
from portable_harness.compare.options import RunOptions
from portable_harness.compare.progress import ProgressBar
from portable_harness.compare.quiet import in_quiet
from portable_harness.compare.recorder import Recorder, ResultsLostError
from portable_harness.compare.session import Session, estimate
from portable_harness.compare.sides import Side, interpreter_sides
from portable_harness.compare.workloads import PROFILES, Profile, Workload
from portable_harness.load.generator import Fleet
from portable_harness.load.reports import LoadError

QUICK_SECONDS = 150.0  # what a quick run should take at most, where three rounds fit in
LEAST_ROUNDS = 3


def our_sides(options: RunOptions, application: Application | None = None) -> list[Side]:
    """Our server on the interpreters, or an application; absent ones are reported.

    :raises Problem: when none is here
    """
    if options.design and options.service != "chat":
        raise Problem("--design is of the chat server", "--service chat")
    design = ("--design", options.design) if options.design else ()
    ours, absent = interpreter_sides(
        options.interpreters, options.model, options.switch_interval, design,
        application.on if application else None,
    )  # fmt: skip
    for interpreter in absent:
        click.echo(
            f"absent: {interpreter.name}: {interpreter.reason}; {interpreter.remedy}", err=True
        )
    if not ours:
        raise Problem("none of these interpreters is here", "portable-server interpreters")
    return ours


def supported(chosen: list[Workload], fleet: Fleet) -> list[Workload]:
    """Without those that these generators cannot play, which are reported."""
    if fleet.engine == "python":
        click.echo("the load comes from a generator in Python: slower than one in C", err=True)
    left = [workload for workload in chosen if fleet.plays(workload.load)]
    if out := [workload.name for workload in chosen if workload not in left]:
        click.echo(f"left out, as its generator needs a C compiler: {', '.join(out)}", err=True)
    if not left:
        raise Problem("no workload is left", "install gcc")
    return left


def run_comparison(
    options: RunOptions,
    everyone: list[Side],
    chosen: list[Workload],
    fleet: Fleet,
    recorder: Recorder,
) -> int:
    """Measure into ``recorder``; the exit status.

    :raises Problem: when it has results that were measured otherwise
    """
    profile = _profile(options, everyone, chosen, recorder)
    asked = getattr(options, "application", None)  # another host has none
    first = environment.record(
        everyone, chosen, profile, fleet, service=options.service or "all",
        model=None if asked else options.model, design=options.design, seed=1,
        application=asked,
    )  # fmt: skip
    if recorder.environment is not None:
        environment.must_fit(recorder.environment, first)
    else:
        recorder.begin(first)
    return run_session(Session(everyone, chosen, profile, fleet, recorder), recorder)


def _profile(
    options: RunOptions,
    everyone: list[Side],
    chosen: list[Workload],
    recorder: Recorder,
) -> Profile:
    """The profile with what was asked for; quick takes fewer rounds where there are many sides."""
    profile = PROFILES[options.profile_name]
    if options.seconds:
        profile = replace(profile, seconds=options.seconds)
    if options.rounds:
        fresh = min(options.rounds, profile.fresh_rounds)
        return replace(profile, rounds=options.rounds, fresh_rounds=fresh)
    if recorder.environment is not None:
        return replace(profile, rounds=recorder.environment.get("rounds", profile.rounds))
    profile = in_time(profile, everyone, chosen)
    return in_quiet(profile, lambda text: click.echo(text, err=True))


def in_time(profile: Profile, sides: Sequence[Side], workloads: Sequence[Workload]) -> Profile:
    """A quick profile with as many rounds as fit; three at least."""
    while (
        profile.name == "quick"
        and profile.rounds > LEAST_ROUNDS
        and estimate(sides, workloads, profile) > QUICK_SECONDS
    ):
        profile = replace(profile, rounds=profile.rounds - 1)
    return profile


def run_session(session: Session, recorder: Recorder) -> int:
    """The exit status; what went wrong is one line on standard error."""
    begin = time.monotonic()
    status, message = "complete", None
    try:
        total = estimate(session.sides, session.workloads, session.profile)
        with ProgressBar(total) as progress:
            session.progress = progress
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
