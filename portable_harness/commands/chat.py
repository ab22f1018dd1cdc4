"""The command ``chat-client``."""

from __future__ import annotations

import click

from portable_harness.base.errors import Problem
from portable_harness.base.options import address
from portable_harness.chat.client import ConnectionLost, run

HELP = {"help_option_names": ["-h", "--help"]}

CLIENT_EPILOG = """\b
Examples:
  portable-server chat-client 127.0.0.1:7000
  portable-server chat-client --name alice
  printf 'bot\\nhello\\n' | portable-server chat-client 127.0.0.1:7000

On a terminal: lines are edited with readline, Ctrl-D leaves. In a pipe: standard input is sent as
it is (the first line is the name, unless --name is given), what comes is printed as it is.
NO_COLOR is honoured. Exit status: 0 left, 1 the server ended it, 2 no server there, 130 Ctrl-C."""


@click.command("chat-client", epilog=CLIENT_EPILOG, context_settings=HELP)
@click.argument("address", callback=address, default="127.0.0.1:7000", metavar="[HOST:PORT]")
@click.option("--name", help="The name to join with (else you are asked).")
@click.pass_context
def client(ctx: click.Context, address: tuple[str, int], name: str | None) -> None:
    """Talk in a chat room (default: the one at 127.0.0.1:7000)."""
    try:
        run(address, name)
    except OSError as problem:
        reason = problem.strerror or str(problem)
        raise Problem(
            f"no chat server at {address[0]}:{address[1]}: {reason}",
            "start one: python -m portable_server chat --port 7000",
        ) from None
    except ConnectionLost as lost:
        click.echo(f"{lost}", err=True)
        ctx.exit(1)
