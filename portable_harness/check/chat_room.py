"""What the checks of a chat say and expect: members, notices, lines, refusals.

Nobody is told *nothing* by waiting: after what must not be told, something is said that must, and
the first line that comes has to be that.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator

from portable_harness.check.conversation import Client
from portable_harness.check.dialect import join, next_text, notice, text
from portable_harness.check.model import Room


@contextlib.contextmanager
def members(room: Room, *names: str) -> Iterator[list[Client]]:
    """Members who have all seen each other's joins."""
    with contextlib.ExitStack() as stack:
        joined: list[Client] = []
        for name in names:
            client = stack.enter_context(Client(room, name))
            join(room, client, room.name(name))
            for other in joined:
                expect_notice(room, other, name)
            joined.append(client)
        yield joined


def expect_notice(room: Room, client: Client, name: str, due: str = "") -> None:
    """The next line is a notice that names `name`."""
    due = due or f"a notice (a line that starts with *) that names {room.name(name)}"
    notice(room, client, room.name(name), due)


def expect_line(room: Room, client: Client, name: str, words: str) -> None:
    """The next line is `[NAME] WORDS`."""
    due = f"[{room.name(name)}] {words[:60]}"
    line = next_text(room, client, due)
    if line != f"[{room.name(name)}] {words}":
        raise client.broken(f"{line[:120]!r}", due, (f"[{room.name(name)}] {words}", line))


def is_refused(client: Client, what: str, present: str = "") -> bytes:
    """The connection ends without a list of members; gives what came before the end.

    The refusal may have any words, a * before them too: a list is what names the one who is there.
    """
    due = f"the end of the connection: {what} is refused"
    came = client.to_the_end(due)
    lines = [text(line) for line in came.splitlines()]
    if any(line.startswith("*") and (not present or present in line) for line in lines):
        raise client.broken(repr(came[:200]), due)
    return came


def lists(room: Room, client: Client, line: str, there: str, not_there: str = "") -> None:
    """The list of members has the names of `there` and none of `not_there`."""
    found = set(re.findall("[A-Za-z0-9]+", line))
    here = {room.name(name) for name in there.split()}
    away = {room.name(name) for name in not_there.split()}
    if not here <= found or away & found:
        due = f"a list with {', '.join(sorted(here)) or 'nobody'}"
        raise client.broken(repr(line), due + "".join(f", without {name}" for name in sorted(away)))
