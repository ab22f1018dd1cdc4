"""What the serial server has to do.

In what pieces bytes come is not left to luck: a line and the beginning of the next are sent as one
segment, and when the answer to the line is there, the beginning has been read as well.
"""

from __future__ import annotations

import threading
import time

from portable_harness.exercise.kit import Client, Run, check

LIMITS = (1, 2, 4, 8)  # seconds of silence: a longer one where this machine was too slow to talk
LONG = 1_000_000  # bytes: far more than the buffers between the two take


def answer(line: bytes) -> bytes:
    """What is due for this line."""
    return b"%d %s\r\n" % (len(line), line)


def ask(client: Client, line: bytes) -> None:
    """The client sends a line and gets its answer."""
    client.send(line + b"\r\n")
    client.expect_line(answer(line))


@check(
    "lines",
    "each line is answered with its length and itself, as soon as it is whole",
    advice="read_line and sendall belong in a loop, which ends when read_line gives None.",
)
def lines(run: Run) -> None:
    with run.connect() as client:
        for size in (1, 8, 30):
            ask(client, run.word(size))


@check(
    "port",
    "it listens on the port of its command line",
    advice="bind((host, port)) with the port that main is given.",
)
def port(run: Run) -> None:
    wanted = run.free_port()
    run.start(str(wanted))
    if run.address[1] != wanted:
        run.fail(f"it listens on {run.address[1]}", f"the port {wanted} of its command line")
    with run.connect() as client:
        ask(client, run.word())


@check(
    "pieces",
    "a line that comes in pieces is one line",
    advice="One recv is not one line: add what came to the rest until it has a b'\\n'.",
)
def pieces(run: Run) -> None:
    with run.connect() as client:
        first, second = run.word(), run.bytes(1000) + b"."  # (no CR LF; nor a CR at its end)
        client.send(first + b"\r\n" + second[:400])
        client.expect_line(answer(first))
        client.send_each(second[400:] + b"\r\n", size=100)
        client.expect_line(answer(second), "one answer to the 1,001 bytes that came in pieces")


@check(
    "split-end",
    "the CR and the LF of a line's end may come in two pieces",
    advice="Look for the LF in the whole rest, and then at what stands before it.",
)
def split_end(run: Run) -> None:
    with run.connect() as client:
        first, second = run.word(), run.word()
        client.send(first + b"\r\n" + second + b"\r")
        client.expect_line(answer(first))
        client.send(b"\n" + first + b"\r\n")
        client.expect_line(answer(second))
        client.expect_line(answer(first))


@check(
    "together",
    "lines that come in one piece are each answered",
    advice="Keep what stands behind the first b'\\n' for the next read_line.",
)
def together(run: Run) -> None:
    with run.connect() as client:
        words = [run.word(), run.word(20), run.word(3)]
        client.send(b"".join(word + b"\r\n" for word in words))
        for word in words:
            client.expect_line(answer(word))


@check(
    "line-feed",
    "a line may end with LF alone",
    advice="Split at b'\\n', then take one b'\\r' off the end if there is one.",
)
def line_feed(run: Run) -> None:
    with run.connect() as client:
        word = run.word()
        client.send(word + b"\n")
        client.expect_line(answer(word))
        ask(client, word)


@check(
    "spaces",
    "spaces and tabs belong to the line",
    advice="No strip(): take off the LF and one CR before it, nothing else.",
)
def spaces(run: Run) -> None:
    with run.connect() as client:
        ask(client, b"  " + run.word() + b" \t ")


@check(
    "carriage-returns",
    "a CR that is not the one before the LF belongs to the line",
    advice="Remove one CR from the end: line[:-1] if line.endswith(b'\\r'). rstrip removes all.",
)
def carriage_returns(run: Run) -> None:
    with run.connect() as client:
        for line in (b"\r" + run.word(4) + b"\r" + run.word(4), run.word(5) + b"\r", b"\r"):
            ask(client, line)


@check(
    "empty-line",
    "an empty line is a line: it is answered with 0 and a space",
    advice="b'' is false in an `if`: return None for the end and ask `is None`.",
)
def empty_line(run: Run) -> None:
    with run.connect() as client:
        ask(client, b"")
        ask(client, run.word())
        ask(client, b"")


@check(
    "long",
    "a line of a million bytes comes back whole",
    advice="send returns how many bytes it has sent; sendall is the loop around it.",
)
def long(run: Run) -> None:
    with run.connect(small_buffer=True) as client:
        line = run.word(1000) * (LONG // 1000)
        client.send(line + b"\r\n")
        due = f"{LONG} and the {LONG} bytes"
        came = client.exactly(len(answer(line)), due)
        if came != answer(line):
            client.fail(f"other bytes, which begin {came[:40]!r}", due)


@check(
    "done",
    "for `quit` the client gets `bye` and the end of the connection",
    advice="Leave the loop and send the answer; main closes the connection.",
)
def done(run: Run) -> None:
    with run.connect() as client:
        ask(client, run.word())
        client.send(b"quit\r\n")
        client.expect_line(b"bye\r\n")
        client.expect_end()


@check(
    "whole-word",
    "only the line `quit` is the end: not in capitals, with spaces or with more letters",
    advice="Compare the whole line, unchanged: line == b'quit'.",
)
def whole_word(run: Run) -> None:
    word = b"quit"
    with run.connect() as client:
        for line in (word.upper(), b" " + word, word + b" ", word + b"X", b"X" + word, word[:-1]):
            ask(client, line)


@check(
    "next",
    "the next client begins with nothing, whatever the last one left",
    advice="The rest belongs to one client: set it to b'' in __init__, on self.",
)
def the_next(run: Run) -> None:
    with run.connect("the first client") as client:
        ask(client, run.word())
        client.send(b"only a piece of a li")
    with run.connect("the second client") as client:
        ask(client, run.word())
        client.send(b"quit" + b"\r\nnobody reads this")
        client.expect_line(b"bye\r\n")
    with run.connect("the third client") as client:
        ask(client, run.word())


@check(
    "half-line",
    "what stands behind the last end of a line is no line",
    advice="When recv gives b'' return None, also when there is a rest.",
)
def half_line(run: Run) -> None:
    with run.connect("a client that closes in a line") as client:
        ask(client, run.word())
        client.send(b"only a piece of a li")
        client.half_close()
        client.expect_end()
    with run.connect("the next client") as client:
        ask(client, run.word())


@check(
    "silent",
    "a client that is silent too long is let go, and the next is served",
    advice="socket.timeout is a socket.error: main, as it was given, catches it and goes on.",
)
def silent(run: Run) -> None:
    run.start("0", "2")
    with run.connect("a silent client") as first, run.connect("the next client") as second:
        line = run.word()
        second.send(line + b"\r\n")
        second.expect_line(answer(line))
        first.expect_end()


@check(
    "talking",
    "a client that goes on talking is served for longer than SECONDS",
    advice="settimeout limits each recv, not the conversation: keep no clock of your own.",
)
def talking(run: Run) -> None:
    for seconds in LIMITS:
        run.restart("0", str(seconds))
        with run.connect("a client that talks") as client:
            if _talks(run, client, seconds):
                return
    run.fail("this machine was too busy to talk", "a line in each second")


def _talks(run: Run, client: Client, seconds: float) -> bool:
    """Talk for twice as long as a silence may last; False if we were silent for nearly as long."""
    begun = last = time.monotonic()
    pause = threading.Event()
    while last < begun + 2 * seconds:
        line = run.word()
        client.send(line + b"\r\n")
        sent = time.monotonic()
        if sent > last + 0.8 * seconds:
            return False
        last = sent
        client.expect_line(answer(line))
        pause.wait(seconds / 4)
    return True


@check(
    "reset",
    "a client whose connection is reset does not stop the server",
    advice="A reset is a socket.error: main, as it was given, catches it and goes on.",
)
def reset(run: Run) -> None:
    client = run.connect("a client that breaks off")
    ask(client, run.word())
    client.reset()
    with run.connect("the next client") as client:
        ask(client, run.word())
