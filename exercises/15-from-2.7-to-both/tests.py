"""What the server of scores has to do, on Python 2 and on Python 3."""

from __future__ import annotations

from portable_harness.exercise.kit import Client, Run, check


def asks(client: Client, question: bytes, answer: bytes) -> None:
    """A line, and the line that comes back."""
    client.send(question + b"\n")
    client.expect_line(answer + b"\n")


@check(
    "starts",
    "it starts, and answers what it does not understand with `ERR what?`",
    advice="Imports that have another name on Python 3; no flush= and no str on the wire.",
)
def starts(run: Run) -> None:
    with run.connect() as client:
        asks(client, b"dance", b"ERR what?")
        asks(client, b"", b"ERR what?")
        asks(client, b"GET", b"ERR what?")


@check(
    "scores",
    "PUT keeps points, GET tells them",
    advice="bytes come from the wire: decode the line, encode the answer. `in`, not has_key.",
)
def scores(run: Run) -> None:
    with run.connect() as client:
        asks(client, b"PUT ann 12", b"OK")
        asks(client, b"GET ann", b"ann 12")
        asks(client, b"GET bob", b"ERR nobody")
        asks(client, b"PUT ann many", b"ERR not a number")
        asks(client, b"PUT ann -3\r", b"OK")
        asks(client, b"GET ann\r", b"ann -3")


@check(
    "top",
    "TOP tells the best first; who has as many comes by name",
    advice="key=lambda pair: (-pair[1], pair[0])",
)
def top(run: Run) -> None:
    with run.connect() as client:
        asks(client, b"TOP 3", b"ERR nobody")
        for line in (b"dan 5", b"bob 7", b"cy 5", b"ann 7", b"eve 12"):
            asks(client, b"PUT " + line, b"OK")
        asks(client, b"TOP 3", b"eve 12, ann 7, bob 7")
        asks(client, b"TOP 9", b"eve 12, ann 7, bob 7, cy 5, dan 5")
        asks(client, b"TOP 1", b"eve 12")
        asks(client, b"TOP 0", b"ERR nobody")


@check(
    "average",
    "AVG is rounded down to a whole number",
    advice="// on both; / of two whole numbers is a fraction on Python 3.",
)
def average(run: Run) -> None:
    with run.connect() as client:
        asks(client, b"AVG", b"ERR nobody")
        for line, due in ((b"ann 7", b"7"), (b"bob 8", b"7"), (b"cy -20", b"-2")):
            asks(client, b"PUT " + line, b"OK")
            asks(client, b"AVG", due)


@check(
    "names",
    "NAMES are sorted",
    advice="keys() is no list on Python 3: sorted(...) makes one on both.",
)
def names(run: Run) -> None:
    with run.connect() as client:
        for name in (b"dan", b"ann", b"cy"):
            asks(client, b"PUT " + name + b" 1", b"OK")
        asks(client, b"NAMES", b"ann cy dan")


@check(
    "rot13",
    "ROT turns small letters by thirteen, and leaves the rest",
    advice="string.maketrans and string.lowercase are gone: a dict of letters works on both.",
)
def rot13(run: Run) -> None:
    with run.connect() as client:
        asks(client, b"ROT hello", b"uryyb")
        asks(client, b"ROT Nop-9z", b"Nbc-9m")


@check(
    "any-bytes",
    "bytes that are not ASCII come back as they came, whatever their encoding",
    advice="decode('latin-1') makes a character of each byte, encode('latin-1') this byte of it.",
)
def any_bytes(run: Run) -> None:
    drawn = b"x" + bytes(run.random.choices(range(0xC0, 0x100), k=6))
    with run.connect() as client:
        for number, name in enumerate((b"bj\xc3\xb6rn", b"mich\xe8le", drawn)):
            asks(client, b"PUT %b %d" % (name, number), b"OK")
            asks(client, b"GET " + name, b"%b %d" % (name, number))
        asks(client, b"NAMES", b"bj\xc3\xb6rn mich\xe8le " + drawn)
        asks(client, b"TOP 2", drawn + b" 2, mich\xe8le 1")
        asks(client, b"ROT \xe9t\xe9", b"\xe9g\xe9")


@check(
    "two-clients",
    "two clients see the same scores, and QUIT ends one connection only",
    advice="A thread for each connection; on both it is the module threading that has them.",
)
def two_clients(run: Run) -> None:
    with run.connect("ann") as ann, run.connect("bob") as bob:
        asks(ann, b"PUT ann 3", b"OK")
        asks(bob, b"GET ann", b"ann 3")
        ann.send(b"QUIT\n")
        ann.expect_end()
        asks(bob, b"AVG", b"3")
