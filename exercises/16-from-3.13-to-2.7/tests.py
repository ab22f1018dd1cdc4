"""What the server of small services has to do, on 2.7 as on 3.13."""

from __future__ import annotations

from portable_harness.exercise.kit import Client, Run, check


def asks(client: Client, question: bytes, answer: bytes) -> None:
    """A line, and the line that comes back."""
    client.send(question + b"\n")
    client.expect_line(answer + b"\n")


@check(
    "starts",
    "it starts, and answers what it does not understand with `ERR what?`",
    advice="socket() and listen() for create_server; no flush=, no daemon=; Queue for queue.",
)
def starts(run: Run) -> None:
    with run.connect() as client:
        asks(client, b"dance", b"ERR what?")
        asks(client, b"", b"ERR what?")


@check(
    "hex",
    "HEX tells the bytes in hexadecimal",
    advice="binascii.hexlify, which both have.",
)
def in_hex(run: Run) -> None:
    with run.connect() as client:
        data = run.bytes(40).replace(b" ", b"_")
        asks(client, b"HEX " + data, data.hex().encode())
        asks(client, b"HEX \xff\x00", b"ff00")


@check(
    "first",
    "FIRST tells the number of the first byte",
    advice="data[0] is a number on 3 and a string on 2: ord(data[:1]) is the same on both.",
)
def first(run: Run) -> None:
    with run.connect() as client:
        asks(client, b"FIRST A", b"65")
        asks(client, b"FIRST \xfe", b"254")
        asks(client, b"FIRST", b"ERR what?")


@check(
    "trim",
    "TRIM takes one x- from the beginning and one -x from the end",
    advice="startswith and a slice. lstrip takes any of the letters, as often as they come.",
)
def trim(run: Run) -> None:
    with run.connect() as client:
        for data, due in ((b"x-a-x", b"a"), (b"x-x-a", b"x-a"), (b"xx", b"xx"), (b"-x-", b"-x-")):
            asks(client, b"TRIM " + data, due)


@check(
    "round",
    "ROUND takes halves to the even number",
    advice="Python 2 rounds halves away from zero: write it out with math.floor.",
)
def rounded(run: Run) -> None:
    with run.connect() as client:
        for text, due in ((b"2.5", b"2"), (b"3.5", b"4"), (b"-2.5", b"-2"), (b"-0.2", b"0"),
                          (b"7.49", b"7"), (b"inf", b"ERR not a number"),
                          (b"x", b"ERR not a number")):  # fmt: skip
            asks(client, b"ROUND " + text, due)


@check(
    "pad",
    "PAD tells a number with eight digits",
    advice="rjust(8, b'0'), or make text first: '%08d' % number, then encode.",
)
def pad(run: Run) -> None:
    with run.connect() as client:
        asks(client, b"PAD 42", b"00000042")
        asks(client, b"PAD 000000123", b"00000123")
        asks(client, b"PAD x", b"ERR what?")


@check(
    "meet",
    "two clients that ask for it meet, again and again; who is alone is told so",
    advice="A Condition and a place for who waits; who waited in vain takes itself out.",
)
def meet(run: Run) -> None:
    with run.connect("ann") as ann, run.connect("bob") as bob:
        for _ in range(2):
            met(run, ann, bob)
        asks(ann, b"MEET", b"nobody came")
        met(run, ann, bob)


def met(run: Run, one: Client, two: Client) -> None:
    """Both ask; one of them is told that it was first."""
    for client in (one, two):
        client.send(b"MEET\n")
    due = "`met, you are first` for one and `met` for the other"
    answers = sorted(client.line(due) for client in (one, two))
    if answers != [b"met\n", b"met, you are first\n"]:
        run.fail(repr(answers), due, "MEET by two clients")


@check(
    "quit",
    "QUIT closes the connection, after all that was asked before has been answered",
    advice="Put an END into the queue and wait for the writing thread; then close.",
)
def leaves(run: Run) -> None:
    with run.connect("who stays") as stays:
        for number in range(12):  # a quick writing thread may be in time once or twice
            with run.connect(f"who goes {number}") as goes:
                words = [run.word() for _ in range(500)]
                goes.send(b"".join(b"TRIM " + word + b"\n" for word in words) + b"QUIT\n")
                for word in words:
                    goes.expect_line(word + b"\n")
                goes.expect_end()
        asks(stays, b"PAD 1", b"00000001")
