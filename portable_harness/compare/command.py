"""The command ``compare``: its options, and what they mean."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from portable_harness.base.errors import Problem
from portable_harness.base.extras import need, needs
from portable_harness.base.options import (
    CommandWithOldNames,
    Finite,
    Seconds,
    pages,
    requirement_options,
)
from portable_harness.base.outputs import json_option
from portable_harness.compare import results, run, sides, workloads
from portable_harness.compare.application import EXAMPLE, application
from portable_harness.compare.options import CompareOptions
from portable_harness.compare.peers import peer_sides
from portable_harness.compare.recorder import open_recorder
from portable_harness.load.generator import Fleet, open_fleet
from portable_harness.remote.addresses import Address, parse_all
from portable_harness.remote.options import on_hosts

EPILOG = """\b
Examples:
  portable-server compare                                     (about 3 minutes for two or three)
  portable-server compare --interpreters cpython,jython --save gil.jsonl
  portable-server compare --interpreters 3.13gil,3.13t --service work
  portable-server compare --service echo --peers asyncio-protocol,uvloop-protocol
  portable-server compare --profile full --save full.jsonl    (and, after an interruption:)
  portable-server compare --profile full --resume full.jsonl
  portable-server compare --workloads ping-pong,churn --rounds 9 --seconds 2
  portable-server compare --command 'PYTHON app.py {port}' --interpreters 3.13,3.13t
  portable-server compare --command 'PYTHON -m waitress --port={port} app:app' --http / \\
                          --with waitress --with flask --interpreters 3.13,3.13t
  portable-server compare --load ssh=HOST,HOST                (load from other machines)
  portable-server compare --on ssh=HOST,local                 (servers and load on each of them)
  portable-server compare --input before.jsonl after.jsonl
  portable-server compare --input gil.jsonl --html gil.html --plots plots

Ratios are to the first side, with an interval from the interleaved rounds: *inconclusive* where
it includes 1 or the machine was too busy, *generator-bound* where the load generator, measured
against a server in C in the same run, may have been the limit.

Exit status: 0 measured, 1 a server failed or the run ended early, 2 bad usage, 130 interrupted
(what was measured is shown, and kept in --save)."""
EPILOG += pages("compare", "hosts")


def _split(_: click.Context, __: click.Parameter, value: str | None) -> list[str]:
    return [part.strip() for part in (value or "").split(",") if part.strip()]


def _hosts(_: click.Context, __: click.Parameter, value: str | None) -> list[Address]:
    found = parse_all(value) if value else [Address(None)]
    if any(address.host is not None for address in found):
        need("execnet")
    return found


def _file(exists: bool = False) -> click.Path:
    return click.Path(path_type=Path, dir_okay=False, exists=exists)


@click.command(
    "compare", epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"]},
    cls=CommandWithOldNames, old_names={"--from": "--input"},
)  # fmt: skip
@click.option(
    "--interpreters",
    metavar="LIST",
    help="Comma-separated names; the first is "
    "the reference. Default: CPython, the free-threaded one and its GIL twin, PyPy, Jython.",
)
@click.option(
    "--command",
    metavar="COMMAND",
    help="Measure a server of yours, with PYTHON for each interpreter and {port} for its port. "
    "It must send each line back, or answer --http.",
)
@requirement_options("Install this for --command on each interpreter.")
@click.option("--http", metavar="PATH", help="Request PATH from --command by HTTP/1.1.")
@click.option("--body", metavar="TEXT", help="With --http: POST this text.")
@click.option("--close", is_flag=True, help="With --http: use a new connection for each request.")
@click.option(
    "--rate",
    type=click.FloatRange(0.1, 1e6),
    metavar="NUMBER",
    help="With --http: also offer this number of requests per second.",
)
@click.option("--service", type=click.Choice(workloads.SERVICES), help="Only its workloads.")
@click.option(
    "--model",
    default="thread-subclass",
    show_default=True,
    metavar="MODEL",
    help="How our server serves connections.",
)
@click.option(
    "--design",
    type=click.Choice(workloads.DESIGNS),
    help="How our chat server is built, instead of its default.",
)
@click.option(
    "--profile",
    "profile_name",
    type=click.Choice(sorted(workloads.PROFILES)),
    default="quick",
    show_default=True,
    help="full: all workloads, longer.",
)
@click.option(
    "--workloads",
    "names",
    callback=_split,
    metavar="LIST",
    help="Which workloads or families; --list shows them.",
)
@click.option("--list", "listing", is_flag=True, help="List the workloads and exit.")
@click.option("--rounds", type=click.IntRange(1, 1000), help="Rounds per workload.")
@click.option("--seconds", type=Seconds(0.05), help="Measured seconds per round.")
@click.option(
    "--peers",
    callback=_split,
    metavar="LIST",
    help="Also measure servers that people would use instead: names with commas, or all.",
)
@click.option(
    "--switch-interval",
    type=Finite(1e-6, 10),
    metavar="SECONDS",
    help="Measure interpreters with a GIL again with this switch interval.",
)
@click.option(
    "--load",
    "hosts",
    callback=_hosts,
    metavar="ssh=HOST,...",
    help="Hosts that generate the load. Default: this machine.",
)
@click.option(
    "--generator",
    type=click.Choice(("auto", "c", "python")),
    default="auto",
    show_default=True,
    help="auto: C if there is a compiler, else Python (slower).",
)
@click.option(
    "--save", type=_file(), metavar="FILE", help="Write results to FILE as they are measured."
)
@click.option(
    "--resume",
    type=_file(exists=True),
    metavar="FILE",
    help="Continue an interrupted run; give the same options again.",
)
@click.option(
    "--input",
    "sources",
    type=_file(exists=True),
    metavar="FILE [FILE]",
    multiple=True,
    help="Show the results in FILE, or compare two files; nothing is run.",
)
@click.argument("more", type=_file(exists=True), nargs=-1, metavar="")
@click.option(
    "--html",
    type=_file(),
    metavar="FILE",
    callback=needs("jinja2", "matplotlib", extra="compare"),
    help="Write a page with plots to FILE.",
)
@click.option(
    "--plots",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    callback=needs("matplotlib"),
    help="Write the plots into DIR, as SVG and PNG files.",
)
@click.option(
    "--pyperf",
    type=_file(),
    callback=needs("pyperf"),
    metavar="FILE",
    help="Write FILE, and one more file per side, for python -m pyperf.",
)
@json_option("the summary")
@on_hosts("Servers and load on the interpreters")
@click.pass_context
def compare(ctx: click.Context, /, **given: Any) -> None:
    """Measure the same server on each interpreter, under load from outside."""
    options = CompareOptions(**given)
    if options.listing:
        for load in workloads.FULL:
            quick = "quick" if load.name in workloads.QUICK else ""
            click.echo(f"{load.name:20} {load.family:12} {load.service:5} {quick:6} {load.title}")
        return
    output = results.Output(options.json_file, options.html, options.plots, options.pyperf)
    output.check()
    if options.more and not options.sources:
        raise Problem(f"nothing is done with {options.more[0]}", f"--input {options.more[0]}")
    if options.sources:
        output.show_files([*options.sources, *options.more])
        return
    if options.on:
        refuse(options)
        from portable_harness.compare import remote

        remote.refuse(options)
        ctx.exit(remote.measure(options, output))
    refuse(options)
    chosen = _chosen(options)
    everyone = _sides(options, chosen)
    with open_fleet(options.hosts, options.generator) as fleet:
        status = _measure(options, everyone, run.supported(chosen, fleet), fleet, output)
    ctx.exit(status)


def refuse(options: CompareOptions) -> None:
    """:raises Problem: for options that do not go together"""
    of_http = {"body": options.body is not None, "close": options.close,
               "rate": options.rate is not None}  # fmt: skip
    of_command = {"http": options.http is not None, "with": options.packages,
                  "requirement": options.requirement_files}  # fmt: skip
    of_ours = {"service": options.service, "design": options.design, "peers": options.peers,
               "switch-interval": options.switch_interval, "on": options.on,
               "load": options.hosts != [Address(None)]}  # fmt: skip
    if options.command is None and (given := _first(of_command)):
        raise Problem(f"--{given} needs --command", EXAMPLE)
    if options.http is None and (given := _first(of_http)):
        raise Problem(f"--{given} needs --http", f"{EXAMPLE} --http /")
    if options.command is not None and (given := _first(of_ours)):
        raise Problem(f"--{given} does not go with --command", "leave one of them out")


def _first(given: Mapping[str, object]) -> str | None:
    return next((name for name, value in given.items() if value), None)


def _chosen(options: CompareOptions) -> list[workloads.Workload]:
    if options.http is not None:
        pool = workloads.http_workloads(options.http, options.body, options.close, options.rate)
        return workloads.choose(options.profile_name, None, options.names, pool=pool)
    service, model = options.service, options.model
    if options.command is not None:
        service, model = "echo", ""
    return workloads.choose(options.profile_name, service, options.names, model)


def _sides(options: CompareOptions, chosen: list[workloads.Workload]) -> list[sides.Side]:
    made = None
    if options.command is not None:
        made = application(options.command, options.packages, options.requirement_files)
    ours = run.our_sides(options, made)
    return [*ours, *peer_sides(options.peers, chosen, options.interpreters)]


def _measure(
    options: CompareOptions,
    everyone: list[sides.Side],
    chosen: list[workloads.Workload],
    fleet: Fleet,
    output: results.Output,
) -> int:
    recorder = open_recorder(options)
    try:
        status = run.run_comparison(options, everyone, chosen, fleet, recorder)
    finally:
        recorder.close()
    output.show(recorder.records)
    return status
