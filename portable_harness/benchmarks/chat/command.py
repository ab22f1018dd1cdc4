"""``benchmark-chat``: the command line of the chat benchmark."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import click
from click.core import ParameterSource
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from portable_harness.base.errors import INTERRUPTED, Problem
from portable_harness.base.options import CommandWithOldNames, Seconds
from portable_harness.base.outputs import (
    STDOUT,
    json_option,
    markdown_option,
    write,
    write_json,
)
from portable_harness.base.servers import ServerError
from portable_harness.benchmarks.chat import membership, shapes, soak, tables
from portable_harness.benchmarks.chat import session as run
from portable_harness.benchmarks.chat.candidates import Candidate, all_names, choose
from portable_harness.benchmarks.chat.measure import MeasurementError, Report
from portable_harness.peers.registry import Missing

EPILOG = """\b
Examples:
  portable-server benchmark-chat --quick
  portable-server benchmark-chat --servers epoll-c,asyncio-protocol,uvloop-protocol,py313 --rounds 7
  portable-server benchmark-chat --members 1000,5000,10000 --servers py313,jython
  portable-server benchmark-chat --soak 600 --servers py313
  portable-server benchmark-chat --input benchmark-chat.jsonl --markdown      (runs nothing)

A ratio is the median over interleaved rounds, with its 95% interval.
Exit status: 0 measured, 1 a server failed or grew, 2 bad usage, 130 interrupted (what was
measured is kept in --save and shown)."""


def _split(_: click.Context, __: click.Parameter, value: str) -> list[str]:
    return [part.strip() for part in value.split(",") if part.strip()]


def _sizes(_: click.Context, __: click.Parameter, value: str | None) -> list[int]:
    if value is None:
        return []
    try:
        sizes = [int(part) for part in value.split(",")]
    except ValueError:
        sizes = []
    if not sizes or min(sizes) < 1:
        raise click.BadParameter("give positive numbers with commas, like 1000,5000")
    return sizes


@click.command(
    epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"]},
    cls=CommandWithOldNames, old_names={"--from": "--input"},
)  # fmt: skip
@click.option(
    "--servers",
    default=",".join(all_names()),
    callback=_split,
    show_default=True,
    help="Comma-separated names: peers, interpreters, INTERPRETER:DESIGN.",
)
@click.option(
    "--shapes",
    "names",
    default=",".join(shapes.BY_NAME),
    callback=_split,
    show_default=True,
    help="Comma-separated names of situations.",
)
@click.option("--rounds", default=5, show_default=True, type=click.IntRange(1))
@click.option(
    "--seconds",
    default=2.0,
    show_default=True,
    type=Seconds(0.1),
    help="Measured seconds per round.",
)
@click.option(
    "--quick",
    is_flag=True,
    help="A first look: two shapes, two rounds, one second, unless other options say otherwise.",
)
@click.option(
    "--members",
    callback=_sizes,
    metavar="N,N",
    help="Measure memory and threads with this many members instead.",
)
@click.option(
    "--soak",
    "soak_seconds",
    type=Seconds(),
    metavar="SECONDS",
    help="Instead, watch threads, descriptors and memory with 200 members that come and go.",
)
@click.option(
    "--save",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Append each result to FILE (JSON lines) as soon as it is measured.",
)
@click.option(
    "--input",
    "source",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="FILE",
    help="Show the results in FILE; run nothing.",
)
@json_option("the results")
@markdown_option("the tables")
@click.pass_context
def benchmark(
    ctx: click.Context,
    servers: list[str],
    names: list[str],
    rounds: int,
    seconds: float,
    quick: bool,
    members: list[int],
    soak_seconds: float | None,
    save: Path | None,
    source: Path | None,
    json_file: str | None,
    markdown_file: str | None,
) -> None:
    """Measure the chat server against what people would use instead, in one interleaved run."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that no server is left behind
    if source:
        _show(_load(source), json_file, markdown_file)
        return
    _check_writable(save)
    if quick:
        names = names if _given(ctx, "names") else list(shapes.QUICK)
        rounds = rounds if _given(ctx, "rounds") else 2
        seconds = seconds if _given(ctx, "seconds") else 1.0
    able = _able(servers)
    if members:
        ctx.exit(_members(able, members, json_file, save))
    if soak_seconds:
        ctx.exit(_soak(able, soak_seconds, json_file, save))
    chosen = _shapes(names)
    with _saving(save) as stream:
        session = run.Session(able, chosen, rounds, seconds, stream)
        ctx.exit(_run(session, json_file, markdown_file))  # fmt: skip


def _given(ctx: click.Context, parameter: str) -> bool:
    """Was it said on the command line, not left to its default?"""
    return ctx.get_parameter_source(parameter) is not ParameterSource.DEFAULT


def _able(names: Sequence[str]) -> list[Candidate]:
    able = []
    for candidate in choose(names):
        if isinstance(candidate, Missing):
            click.echo(f"absent: {candidate.name}: {candidate.reason}", err=True)
        else:
            able.append(candidate)
    if not able:
        raise Problem("none of these servers is here", f"known: {', '.join(all_names())}")
    return able


def _shapes(names: Sequence[str]) -> list[shapes.Shape]:
    unknown = [name for name in names if name not in shapes.BY_NAME]
    if unknown:
        raise Problem(f"no shape is called {unknown[0]!r}", f"known: {', '.join(shapes.BY_NAME)}")
    if not names:
        raise Problem("no shape is named", f"known: {', '.join(shapes.BY_NAME)}")
    return [shapes.BY_NAME[name] for name in names]


def _load(path: Path) -> list[Report]:
    try:
        reports = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    except (OSError, ValueError):
        reports = [None]
    if not all(isinstance(report, dict) and "shape" in report for report in reports):
        raise Problem(f"{path} holds no results", "name a file that --save wrote")
    return reports


def _check_writable(path: Path | None) -> None:
    """Say before a run of minutes, not after it, that its results could not be kept."""
    if path is None:
        return
    try:
        path.open("a").close()
    except OSError as error:
        raise Problem(f"cannot write {path}: {error.strerror}", "name another file") from None


@contextmanager
def _saving(path: Path | None) -> Iterator[IO[str] | None]:
    if path is None:
        yield None
        return
    with path.open("a", encoding="utf-8") as stream:
        yield stream


@contextmanager
def _progress(total: int | None) -> Iterator[run.Progress]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeElapsedColumn(), console=Console(stderr=True)) as bar:
        task = bar.add_task("starting", total=total)

        def step(text: str) -> None:
            bar.update(task, description=text)
            if total:
                bar.advance(task)

        yield step


def _run(session: run.Session, json_file: str | None, markdown_file: str | None) -> int:
    status = 0
    try:
        with _progress(session.steps) as progress:
            session.run(progress)
    except KeyboardInterrupt:
        click.echo("interrupted: this is what was measured", err=True)
        status = INTERRUPTED
    _show(session.reports, json_file, markdown_file)
    return status or int(any("error" in report for report in session.reports))


def _show(reports: list[Report], json_file: str | None, markdown_file: str | None) -> None:
    write_json(json_file, reports)
    if markdown_file is not None:
        write(markdown_file, tables.markdown(reports))
    if STDOUT not in (json_file, markdown_file):
        console = Console()
        console.width = max(console.width, 150) if not console.is_terminal else console.width
        tables.show(reports, console)


def _members(
    able: list[Candidate], sizes: list[int], json_file: str | None, save: Path | None
) -> int:
    found: list[membership.Cost] = []
    status = 0
    try:
        with _progress(len(able) * len(sizes)) as progress:
            for cost in membership.costs(able, sizes, progress):
                found.append(cost)
                _save(save, [cost.as_json()])
    except KeyboardInterrupt:
        click.echo("interrupted: this is what was measured", err=True)
        status = INTERRUPTED
    _show_members(found, json_file)
    return status or int(any(cost.error for cost in found))


def _show_members(found: list[membership.Cost], json_file: str | None) -> None:
    write_json(json_file, [cost.as_json() for cost in found])
    if json_file == STDOUT:
        return
    click.echo("| server | members | joined in s | KiB each | threads each | resident MiB |")
    click.echo("| --- | --- | --- | --- | --- | --- |")
    for c in found:
        figures = f"{c.seconds:.1f} | {c.kib_each:.1f} | {c.threads_each:.2f}"
        figures += f" | {c.resident_mib:.0f}"
        click.echo(f"| {c.server} | {c.members:,} | {c.error or figures} |")


def _soak(able: list[Candidate], seconds: float, json_file: str | None, save: Path | None) -> int:
    status = 0
    told = []
    for candidate in able:
        try:
            with _progress(None) as progress:
                result = soak.soak(candidate, seconds, progress)
        except (MeasurementError, ServerError) as problem:
            click.echo(f"{candidate.name}: {problem}", err=True)
            status = 1
            continue
        status = status or int(bool(result.grew))
        samples = [vars(s) for s in result.samples]
        told.append({"server": result.server, "grew": result.grew, "samples": samples})
        if json_file != STDOUT:
            _show_soak(result)
        _save(save, [{**told[-1], "report": result.report}])
    write_json(json_file, told)
    return status


def _show_soak(result: soak.Soak) -> None:
    first, last = result.samples[1], result.samples[-2]
    verdict = "; ".join(result.grew) or "nothing grew"
    click.echo(
        f"{result.server}: {verdict}. threads {first.threads} to {last.threads}, descriptors "
        f"{first.descriptors} to {last.descriptors}, resident {first.resident_mib:.0f} to "
        f"{last.resident_mib:.0f} MiB, p99 {1e3 * result.report['p99']:.1f} ms, "
        f"{result.report['joins']:,} joins"
    )


def _save(path: Path | None, reports: Sequence[dict[str, object]]) -> None:
    if path is not None:
        with path.open("a", encoding="utf-8") as stream:
            stream.writelines(json.dumps(report) + "\n" for report in reports)
