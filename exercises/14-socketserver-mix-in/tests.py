"""What the visitors' book has to do."""

from __future__ import annotations

from portable_harness.exercise.kit import Run, check, in_threads

AT_ONCE = 4  # visitors that connect at the same time: a listener keeps 5 waiting, if not told else


@check(
    "reversed",
    "every line comes back reversed, behind `visitor 1`",
    advice="handle() is a loop over self.rfile.readline().",
)
def reversed_lines(run: Run) -> None:
    with run.connect() as client:
        client.expect_line(b"visitor 1\n")
        for _ in range(3):
            word = run.word()
            client.send(word + b"\r\n")
            client.expect_line(word[::-1] + b"\n")


@check(
    "at-once",
    "a second visitor is served while the first one stays",
    advice="ThreadingMixIn comes before TCPServer, and no lock is held during a visit.",
)
def at_once(run: Run) -> None:
    with run.connect("the first") as first:
        first.expect_line(b"visitor 1\n")
        with run.connect("the second") as second:
            second.expect_line(b"visitor 2\n")
            for client in (second, first, second):
                word = run.word()
                client.send(word + b"\n")
                client.expect_line(word[::-1] + b"\n")


@check(
    "as-sent",
    "only the end of a line is taken away, and only `bye` itself is the end",
    advice="rstrip(b'\\r\\n') takes the end of the line and leaves spaces; compare with ==.",
)
def as_sent(run: Run) -> None:
    with run.connect() as client:
        client.expect_line(b"visitor 1\n")
        end = b"bye"
        for text in (b"  two words \t", end + b"s", end + b" " + end, end + b" ", end.upper()):
            client.send(text + b"\r\n")
            client.expect_line(text[::-1] + b"\n")


@check(
    "numbers",
    "thirty visitors, several at once, get the numbers 1 to 30, none twice",
    advice="Count in the server, under a lock; a handler object is new for each connection.",
)
def numbers(run: Run) -> None:
    run.start()
    seen: list[bytes] = []

    def visit() -> None:
        client = run.connect("one of thirty")  # and stays
        seen.append(client.line("visitor N"))

    while len(seen) < 30:
        in_threads(*[visit] * min(AT_ONCE, 30 - len(seen)))
    due = sorted(b"visitor %d\n" % number for number in range(1, 31))
    if sorted(seen) != due:
        run.fail(f"{len(set(seen))} different numbers", "visitor 1 to visitor 30, each once")


@check(
    "bye",
    "`bye` ends this one connection",
    advice="return from handle(): what is behind it closes the connection.",
)
def bye(run: Run) -> None:
    with run.connect("who stays") as stays:
        stays.expect_line(b"visitor 1\n")
        with run.connect("who goes") as goes:
            goes.expect_line(b"visitor 2\n")
            goes.send(b"bye\n")
            goes.expect_line(b"bye, visitor 2\n")
            goes.expect_end()
        stays.send(b"abc\n")
        stays.expect_line(b"cba\n")
        with run.connect("who comes") as comes:
            comes.expect_line(b"visitor 3\n")


@check(
    "reset",
    "a visitor that is reset harms nobody",
    advice="Each connection has a thread of its own; let its errors end there.",
)
def reset(run: Run) -> None:
    with run.connect("who stays") as stays:
        stays.expect_line(b"visitor 1\n")
        for _ in range(5):
            with run.connect("who is reset") as gone:
                gone.line("visitor N")
                gone.send(b"unfinished")
                gone.reset()
        stays.send(b"abc\n")
        stays.expect_line(b"cba\n")


@check(
    "again",
    "it can be started again at the same port at once",
    advice="allow_reuse_address = True, in the server class.",
)
def again(run: Run) -> None:
    with run.connect() as client:
        client.expect_line(b"visitor 1\n")
        _, port = run.address
        run.restart(str(port))  # its end of the connection lingers
    with run.connect() as client:
        client.expect_line(b"visitor 1\n")
