"""Hand-made histories: one small scene that is right, and edits of it that each break one thing.

A transcript has one event a line, `CLIENT EVENT TEXT`; the line's number is its time in tenths of
a second.  Client 0 is the witness.
"""

from __future__ import annotations

from collections.abc import Callable

from portable_harness.chat.history import EVERYBODY, STOP, Event, Header, History

# Alice and Bob talk, Carol visits and half-closes, Dave leaves in the middle of a line by reset,
# Eve never gives a name, Frank asks for Alice's name, Grace has spaces in hers.
SCENE = """\
0 connect
0 received hello
0 name wanda
0 received * The room contains:
1 connect
1 received hello
1 name alice
1 received * The room contains: wanda
0 received * alice has entered the room
2 connect
2 received hello
2 name bob
2 received * The room contains: wanda, alice
5 connect
5 received hello
1 received * bob has entered the room
0 received * bob has entered the room
1 say a0
1 say a1
2 received [alice] a0
0 received [alice] a0
0 received [alice] a1
2 say b0
2 received [alice] a1
1 received [bob] b0
0 received [bob] b0
3 connect
3 received hello
3 name carol
1 received * carol has entered the room
3 received * The room contains: wanda, alice, bob
2 received * carol has entered the room
0 received * carol has entered the room
6 connect
6 received hello
6 name alice
6 received ! this name is in use
6 ended eof
7 connect
7 received hello
7 name gr ace
7 received ! letters and digits
7 ended eof
2 say b1
3 received [bob] b1
3 say c0
3 leave half-close
0 received [bob] b1
1 received [bob] b1
1 received [carol] c0
2 received [carol] c0
0 received [carol] c0
2 received * carol has left the room
0 received * carol has left the room
1 received * carol has left the room
3 ended eof
4 connect
4 received hello
4 name dave
4 say d0
4 received * The room contains: wanda, alice, bob
4 unfinished d1 is not
4 leave reset
0 received * dave has entered the room
0 received [dave] d0
0 received * dave has left the room
1 received * dave has entered the room
1 received [dave] d0
1 received * dave has left the room
2 received * dave has entered the room
2 received [dave] d0
2 received * dave has left the room
1 say a2
0 received [alice] a2
2 received [alice] a2
"""

STOPPED = """\
-1 stop
0 received * server is closing
1 received * server is closing
2 received * server is closing
0 ended eof
1 ended eof
2 ended eof
5 ended eof
"""

Edit = Callable[[list[str]], list[str]]


def history(lines: list[str], header: Header | None = None) -> History:
    """The history of a transcript's lines."""
    made = History(header or Header())
    for number, line in enumerate(lines):
        client, kind, *text = line.split(" ", 2)
        made.events.append(Event(number / 10, int(client), kind, text[0] if text else ""))
    assert all((e.client == EVERYBODY) == (e.kind == STOP) for e in made.events)
    return made


def scene(*edits: Edit, stopped: bool = False) -> list[str]:
    lines = (SCENE + (STOPPED if stopped else "")).splitlines()
    for edit in edits:
        lines = edit(lines)
    return lines


def without(*gone: str) -> Edit:
    """Without these lines (each must be there)."""

    def edit(lines: list[str]) -> list[str]:
        assert all(line in lines for line in gone), gone
        return [line for line in lines if line not in gone]

    return edit


def after(place: str, *new: str) -> Edit:
    def edit(lines: list[str]) -> list[str]:
        at = lines.index(place) + 1
        return [*lines[:at], *new, *lines[at:]]

    return edit


def instead(old: str, new: str) -> Edit:
    def edit(lines: list[str]) -> list[str]:
        at = lines.index(old)
        return [*lines[:at], new, *lines[at + 1 :]]

    return edit


def swapped(first: str, second: str) -> Edit:
    def edit(lines: list[str]) -> list[str]:
        one, two = lines.index(first), lines.index(second)
        lines = list(lines)
        lines[one], lines[two] = lines[two], lines[one]
        return lines

    return edit


def at_end(*new: str) -> Edit:
    return lambda lines: [*lines, *new]
