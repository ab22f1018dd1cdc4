"""What the one-time echo server has to do."""

from __future__ import annotations

from portable_harness.exercise.kit import Run, check, shown

WELCOME = b"welcome\r\n"
BLOCK = 16_384  # bytes: both ends of the connection can hold them while nobody reads


@check(
    "port",
    "it listens on 127.0.0.1, and nowhere else, at the port that it was given",
    advice="Bind to ('127.0.0.1', int(sys.argv[1])).",
)
def port(run: Run) -> None:
    wanted = run.free_port()
    run.start(str(wanted))
    if run.address != ("127.0.0.1", wanted):
        run.fail(f"listening on {run.address[0]}:{run.address[1]}", f"127.0.0.1:{wanted}")
    with run.program.socket() as other:
        other.settimeout(1.0)  # the system answers, not the program
        try:
            other.connect(("127.0.0.2", wanted))  # of this machine as well, but not asked for
        except OSError:
            pass
        else:
            run.fail(f"it listens on 127.0.0.2:{wanted}, too", "127.0.0.1 and nothing else")
    run.connect().close()


@check(
    "welcome",
    "the client gets the line `welcome` before it has said anything",
    advice=r"Send b'welcome\r\n' right after accept; bytes, with the b, and with CR and LF.",
)
def welcome(run: Run) -> None:
    with run.connect() as client:
        client.expect(WELCOME)


@check(
    "echo",
    "what the client sends comes back at once",
    advice="Send what one recv gave before you call recv again; do not wait for a line's end.",
)
def echo(run: Run) -> None:
    with run.connect() as client:
        client.expect(WELCOME)
        line = run.word() + b"\r\n"
        client.send(line)
        client.expect(line)
        piece = run.word()
        client.send(piece)
        client.expect(piece, f"{shown(piece)}, though the line has no end yet")


@check(
    "goes-on",
    "the echo goes on until the client closes, whatever it sends and however much",
    advice="recv and send belong in a loop, which ends when recv returns b'', and not before.",
)
def goes_on(run: Run) -> None:
    with run.connect() as client:
        client.expect(WELCOME)
        for line in (run.word() + b"\r\n", b"\r\n", b" ", b"\x00", run.word() + b"\r\n"):
            client.send(line)
            client.expect(line)
        for number in range(1, 81):
            data = run.bytes(BLOCK)
            client.send(data)
            client.expect(data, f"block {number} of 80, of {BLOCK} bytes each")


@check(
    "bytes",
    "bytes that are no text come back too",
    advice="Do not decode: recv gives bytes and send takes bytes.",
)
def every_byte(run: Run) -> None:
    with run.connect() as client:
        client.expect(WELCOME)
        data = run.bytes(300) + b"\xff\x00\n"
        client.send(data)
        client.expect(data, "the same 303 bytes")


@check(
    "ends",
    "when the client has closed, the program ends with status 0",
    advice="Close the connection and return: one-time means no second accept.",
)
def ends(run: Run) -> None:
    with run.connect() as client:
        client.expect(WELCOME)
        client.send(b"last words\r\n")
        client.expect(b"last words\r\n")
    run.expect_exit(0)
    run.expect_refused()
