"""What the one-at-a-time server has to do."""

from __future__ import annotations

from harness.exercise.kit import Client, Run, check


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
    advice="listen(5) lets them wait; do not close the listener while you serve.",
)
def turn(run: Run) -> None:
    with greeted(run, 1) as first:
        word = run.word()
        with run.connect("visitor 2") as second:
            second.send(word + b"\r\n" + b"quit\r\n")
            ask(first, run.word())
            first.send(b"quit\r\n")
            first.expect_line(b"bye\r\n")
            second.expect_line(b"you are visitor 2\r\n")
            second.expect_line(word.upper() + b"\r\n")
            second.expect_line(b"bye\r\n")
            second.expect_end()
