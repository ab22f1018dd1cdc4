"""What all Python peers share: the command line, the readiness line, the end."""

from __future__ import annotations

import argparse
import os
import sys
import threading

LIMIT = 65_536  # bytes that are read at once, or that a line may have
BACKLOG = 4096


def arguments() -> tuple[str, int]:
    """--host and --port of the command line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0)
    chosen = parser.parse_args()
    return chosen.host, chosen.port


def ready(address: tuple[str, int]) -> None:
    """Print the line that whoever started us waits for; from now on we end with our input.

    SIGTERM has its default action, so that no event loop is in its way.
    """
    print(f"listening on {address[0]}:{address[1]}", flush=True)
    threading.Thread(target=_end_with_input, daemon=True).start()


def _end_with_input() -> None:
    while os.read(sys.stdin.fileno(), 4096):
        pass
    os._exit(0)
