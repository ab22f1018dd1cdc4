"""One load by hand: `python -m portable_harness.load HOST:PORT --connections 100`."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import click

from portable_harness.base.options import Finite, Seconds, address
from portable_harness.base.outputs import STDOUT, json_option, write_json
from portable_harness.load.build import CHAT, HTTP, LOAD, PYTHON, compiled, compiler
from portable_harness.load.reports import LoadError, Report, event
from portable_harness.load.spec import MODES, AnyLoad, Load

EPILOG = """\b
Examples:
  python -m portable_harness.load 127.0.0.1:7007 --connections 10
  python -m portable_harness.load 127.0.0.1:7007 --connections 100 --pipeline 32
  python -m portable_harness.load 127.0.0.1:7007 --mode churn --connections 8
  python -m portable_harness.load 127.0.0.1:7007 --mode rate --rate 5000 --connections 10
  python -m portable_harness.load 127.0.0.1:7007 --mode idle --connections 10000
  python -m portable_harness.load 127.0.0.1:7007 --prefix "work 100 " --connections 2 (service work)

closed: each connection sends --pipeline lines, waits until all are back, sends the next.
rate:   lines at times fixed beforehand, answered or not; latency from the time that was fixed.
churn:  connect, one line there and back, close; --connections at once.
idle:   connect all and hold them, then one line each at the same moment.
Every byte that comes back is compared.
Exit status: 0 measured, 1 the server failed, 2 bad usage."""


@click.command(epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("server", callback=address, metavar="HOST:PORT")
@click.option("--mode", type=click.Choice(MODES), default="closed", show_default=True)
@click.option("--connections", "-c", type=click.IntRange(1), default=1, show_default=True)
@click.option("--pipeline", "-p", type=click.IntRange(1), default=1, show_default=True)
@click.option("--line", type=click.IntRange(15), default=64, show_default=True, metavar="BYTES")
@click.option("--prefix", default="", help="What each line begins with.")
@click.option("--rate", type=Finite(0.1), default=1000.0, show_default=True)
@click.option("--warmup", type=Seconds(0), default=0.5, show_default=True)
@click.option("--seconds", "-s", type=Seconds(0.01), default=2.0, show_default=True)
@click.option("--repeat", "-n", type=click.IntRange(1), default=1, show_default=True)
@click.option(
    "--generator",
    type=click.Choice(("auto", "c", "python")),
    default="auto",
    show_default=True,
    help="auto: in Python where there is no C compiler.",
)
@json_option("the reports")
def main(
    server: tuple[str, int], repeat: int, generator: str, json_file: str | None, **options: Any
) -> None:
    """Put load on an echo or work server and report rate and latencies."""
    load = Load.from_json(options)
    reports = []
    for _ in range(repeat):
        try:
            held, report = measure(load, server, generator)
        except LoadError as error:
            click.echo(f"failed: {error}", err=True)
            raise SystemExit(1) from None
        reports.append({**report.as_json(), "connected": held["seconds"]})
        if json_file != STDOUT:
            click.echo(in_words(load, held, report))
    write_json(json_file, reports)


def measure(
    load: AnyLoad, server: tuple[str, int], engine: str = "auto"
) -> tuple[dict[str, Any], Report]:
    """Run a generator here; its event `connected`, and its report; for a chat and HTTP in C.

    :raises LoadError: when the server fails it
    """
    in_c = engine == "c" or (engine == "auto" and compiler() is not None)
    sources = {"chat": CHAT, "http": HTTP}.get(load.program, LOAD)
    program = [str(compiled(*sources))] if in_c else [sys.executable, str(PYTHON["load"])]
    command = [*program, *load.words(server)]
    limit = 120 + load.warmup + load.seconds
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, timeout=limit, check=False)
    found = {line["event"]: line for line in map(event, done.stdout.splitlines())}
    if "report" not in found:
        raise LoadError("the generator ended without a report")
    return found["connected"], Report.from_json(found["report"])


def in_words(load: Load, held: dict[str, Any], report: Report) -> str:
    latency = report.latency
    times = " ".join(
        f"p{name} {1e6 * latency.quantile(share):.0f}"
        for name, share in (("50", 0.5), ("90", 0.9), ("99", 0.99), ("99.9", 0.999))
    )
    cores = report.cpu_seconds / report.seconds
    text = f"{report.rate:,.0f}/s  {times} max {1e6 * latency.max:.0f} us"
    text += f"  generator {cores:.2f} cores"
    if load.mode == "idle":
        text += f"  served at {held['connections'] / held['seconds']:,.0f} connections/s"
    if load.mode == "rate":
        text += f"  sent {1e6 * report.lateness:.0f} us late"
    return text


if __name__ == "__main__":
    main()
