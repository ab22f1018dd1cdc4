"""What the checks of a chat say and expect: members, notices, lines, refusals.

Nobody is told *nothing* by waiting: after what must not be told, something is said that must, and
the first line that comes has to be that.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from harness.check.conversation import Client
from harness.check.dialect import join, next_text, notice
from harness.check.model import Room


@contextlib.contextmanager
def members(room: Room, *names: str) -> Iterator[list[Client]]:
    """Members who have all seen each other's joins."""
    with contextlib.ExitStack() as stack:
        joined: list[Client] = []
        for name in names:
            client = stack.enter_context(Client(room, name))
            join(room, client, room.name(name))
            for other in joined:
                told(room, other, name)
            joined.append(client)
        yield joined


def told(room: Room, client: Client, name: str, due: str = "") -> None:
    """The next line is a notice that names `name`."""
    due = due or f"a notice (a line that starts with *) that names {room.name(name)}"
    notice(room, client, room.name(name), due)


def hears(room: Room, client: Client, name: str, words: str) -> None:
    """The next line is `[NAME] WORDS`."""
    due = f"[{room.name(name)}] {words[:60]}"
    line = next_text(room, client, due)
    if line != f"[{room.name(name)}] {words}":
        raise client.broken(f"{line[:120]!r}", due)


def is_refused(client: Client, what: str) -> bytes:
    """The connection ends without a list of members; gives what came before the end."""
    due = f"the end of the connection: {what} is refused"
    came = client.to_the_end(due)
    if any(line.startswith(b"*") for line in came.splitlines()):
        raise client.broken(repr(came[:200]), due)
    return came
