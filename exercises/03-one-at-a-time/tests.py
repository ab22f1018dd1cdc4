"""What the one-at-a-time server has to do."""

from __future__ import annotations

import contextlib
from pathlib import Path

from portable_harness.exercise.kit import Client, Failed, Run, check, shown


def greeted(run: Run, number: int) -> Client:
    """A client that has got its number."""
    client = run.connect(f"visitor {number}")
    client.expect_line(b"you are visitor %d\r\n" % number)
    return client


def ask(client: Client, word: bytes) -> None:
    """The client sends a line and gets it in capitals."""
    client.send(word + b"\r\n")
    client.expect_line(word.upper() + b"\r\n")


@check(
    "greeting",
    "a client is greeted with its number before it has said anything",
    advice=r"b'you are visitor %d\r\n' % number, right after accept.",
)
def greeting(run: Run) -> None:
    greeted(run, 1).close()


@check(
    "capitals",
    "every line comes back in capitals, until the client is done",
    advice="readline, upper and sendall belong in a loop; strip the line's end, send your own.",
)
def capitals(run: Run) -> None:
    with greeted(run, 1) as client:
        for _ in range(3):
            ask(client, run.word())
        word = run.word()
        client.send(word + b"\n")
        client.expect_line(word.upper() + b"\r\n")


@check(
    "as-it-is",
    "an empty line, blanks, and bytes that are no letters come back as they are",
    advice=r"Take off only the line's end, rstrip(b'\r\n'). bytes.upper takes any byte: no decode.",
)
def as_it_is(run: Run) -> None:
    with greeted(run, 1) as client:
        for word in (b"", b"  " + run.word() + b" \t ", run.bytes(200), b""):
            ask(client, word)


@check(
    "pieces",
    "a line whose bytes come one by one is one line",
    advice="One recv is not one line: let readline of connection.makefile('rb') collect it.",
)
def pieces(run: Run) -> None:
    with greeted(run, 1) as client:
        word = run.word()
        client.send_each(word + b"\r\n")
        client.expect_line(word.upper() + b"\r\n")
        client.send(word + b"\r\n" + word[:3])  # a line and a half: they come as one piece
        client.expect_line(word.upper() + b"\r\n")
        client.send(word[3:] + b"\r\n")
        client.expect_line(word.upper() + b"\r\n")


@check(
    "long",
    "a line of 20 000 bytes is one line",
    advice="readline() without a number gives the whole line, however long.",
)
def long(run: Run) -> None:
    with greeted(run, 1) as client:
        ask(client, run.word(20_000))
        ask(client, run.word())


@check(
    "together",
    "two lines that come in one piece are two lines",
    advice="One recv is not one line: let readline of connection.makefile('rb') take them apart.",
)
def together(run: Run) -> None:
    with greeted(run, 1) as client:
        first, second = run.word(), run.word()
        client.send(first + b"\r\n" + second + b"\r\n" + b"quit\r\n")
        client.expect_line(first.upper() + b"\r\n")
        client.expect_line(second.upper() + b"\r\n")
        client.expect_line(b"bye\r\n")


@check(
    "done",
    "for the line `quit` the client gets `bye` and the end of the connection",
    advice="Leave the inner loop, and close the connection and its file behind it.",
)
def is_done(run: Run) -> None:
    with greeted(run, 1) as client:
        ask(client, run.word())
        client.send(b"quit\r\n")
        client.expect_line(b"bye\r\n")
        client.expect_end()


@check(
    "not-done",
    "for any other line, however like it, the connection goes on",
    advice="Compare the whole line, with ==, and as it came: b'quit' and nothing else.",
)
def is_not_done(run: Run) -> None:
    with greeted(run, 1) as client:
        for line in (b"quit".upper(), b"quit " + run.word(), b"quit ", b" quit"):
            ask(client, line)


@check(
    "next",
    "when one client is done the next one is served, with the next number",
    advice="accept belongs in a loop of its own, around everything for one client.",
)
def the_next(run: Run) -> None:
    for number in range(1, 6):
        with greeted(run, number) as client:
            ask(client, run.word())
            client.send(b"quit\r\n")
            client.expect_line(b"bye\r\n")


@check(
    "vanishes",
    "a client that just closes makes place for the next one",
    advice="readline gives b'' for ever once the client has closed: leave the loop then.",
)
def vanishes(run: Run) -> None:
    with greeted(run, 1) as client:
        ask(client, run.word())
    with greeted(run, 2) as client:
        client.send(b"only a piece of a li")
    with greeted(run, 3) as client:
        ask(client, run.word())


@check(
    "reset",
    "a client whose connection is reset does not stop the server",
    advice="Catch socket.error around the handling of one client, and go on with the next.",
)
def is_reset(run: Run) -> None:
    client = greeted(run, 1)
    ask(client, run.word())
    client.reset()
    with greeted(run, 2) as client:
        ask(client, run.word())


@check(
    "turn",
    "who comes while another is served waits, and then gets all its answers",
    advice="handle ends before the next accept: no threads yet. listen(5) lets the others wait.",
)
def turn(run: Run) -> None:
    with greeted(run, 1) as first:
        words = {run.word(): run.connect(f"visitor {number}") for number in (2, 3, 4)}
        for word, other in words.items():
            other.send(word + b"\r\n" + b"quit\r\n")
        ask(first, run.word())
        do_all_there_is_to_do(run)
        ask(first, run.word())
        for other in words.values():
            gets_nothing(other)
        first.send(b"quit\r\n")
        first.expect_line(b"bye\r\n")
        greetings = []
        for word, other in words.items():  # whoever is the first of them
            greetings.append(other.line("you are visitor 2, 3 or 4"))
            other.expect_line(word.upper() + b"\r\n")
            other.expect_line(b"bye\r\n")
            other.expect_end()
        due = [b"you are visitor %d\r\n" % number for number in (2, 3, 4)]
        if sorted(greetings) != due:
            run.fail(shown(b"".join(sorted(greetings))), shown(b"".join(due)))


def do_all_there_is_to_do(run: Run) -> None:
    """The program has done with all that has come so far: each of its threads waits for more.

    What never rests, or cannot be looked at, is not accused: it is taken as it is.
    """
    process = run.program.process
    if process is not None:
        threads = Path(f"/proc/{process.pid}/task")
        with contextlib.suppress(Failed, OSError):
            for _ in range(3):  # a thread may have been started during a look
                run.until(lambda: all(map(is_asleep, threads.glob("*/stat"))), "-", "-")


def is_asleep(stat: Path) -> bool:
    """Whether a thread sleeps, by its line in Linux's /proc."""
    return stat.read_text().rpartition(") ")[2].startswith("S")


def gets_nothing(client: Client) -> None:
    """Nothing has come to one who waits for its turn."""
    if client.wait(0):
        came = client.available("")
        due = "nothing while visitor 1 is being served, not even the greeting"
        client.fail(shown(came) if came else "the end of the connection", due)
