"""What the chat room has to do: checks of `portable-server check chat`, and rules of locking."""

from __future__ import annotations

from contextlib import ExitStack

from portable_harness.exercise.kit import Client, Run, check

RIVALS, TURNS = 5, 2


def member(run: Run, name: bytes) -> Client:
    """A client that has joined and read its list of members."""
    client = run.connect(name.decode())
    client.line("a greeting that asks for a name")
    client.send(name + b"\n")
    came = client.line("the list of the members")
    if not came.startswith(b"* "):
        client.fail(repr(came), "the list of the members: * The room contains: ...")
    return client


def rivals(run: Run, stack: ExitStack, count: int) -> list[Client]:
    """Clients that have read their greeting."""
    clients = [stack.enter_context(run.connect(f"rival {number}")) for number in range(count)]
    for client in clients:
        client.line("a greeting that asks for a name")
    return clients


@check(
    "join",
    "who connects is asked for a name, and on join all are told",
    advice="Tell the others first, then send the list of those who were there; empty, too.",
)
def join(run: Run) -> None:
    run.protocol("chat", ["greeting", "join", "words"])


@check(
    "message",
    "a line goes to every other member as [NAME] TEXT, not to its sender",
    advice="Leave out the sender by its name or connection, not by its text.",
)
def message(run: Run) -> None:
    run.protocol("chat", ["message", "pieces", "similar-names", "no-past"])


@check(
    "text",
    "TEXT is what was sent, unchanged: spaces, long lines, odd bytes; an empty line is a line",
    advice="Remove the end of the line and nothing else: rstrip(b'\\r\\n'), never strip().",
)
def text(run: Run) -> None:
    with member(run, b"ann") as ann, member(run, b"bob") as bob:
        ann.line("the notice that bob has entered")
        for line in (b"  two  words \t ", b"", b"\t", b"[bob] no", b"* cy has left the room", b"!",
                     b"\xff\x00", b"x" * 1000, run.bytes(40) + b"."):  # fmt: skip
            ann.send(line + b"\n")
            due = b"[ann] " + line
            came = bob.line(repr(due[:80]))
            if came.rstrip(b"\r\n") != due:
                bob.fail(repr(came[:80]), repr(due[:80]))


@check(
    "half-line",
    "what comes without the end of its line is no line, and no name",
    advice="readline gives a last piece without newline, too: check endswith(b'\\n').",
)
def half_line(run: Run) -> None:
    run.protocol("chat", ["partial-line", "half-a-name"])


@check(
    "bad-name",
    "a name that is not 1 to 16 letters and digits is refused, and nobody is told",
    advice="Refuse before anything else is done: one line that begins with !, then close.",
)
def bad_name(run: Run) -> None:
    run.protocol("chat", ["bad-name", "bad-name-line", "long-name", "plain-names", "odd-name"])


@check(
    "name-in-use",
    "a name that is in use is refused, nobody is told, and the room goes on",
    advice="Look and enter in one `with` block; every way out of it gives the lock back.",
)
def name_in_use(run: Run) -> None:
    run.protocol("chat", ["name-in-use", "join"])


@check(
    "refusal",
    "any other name, or one in use, gets one line that begins with !, and the end",
    advice="Send b'! ...\\n', then close; the same for every reason.",
)
def refusal(run: Run) -> None:
    with member(run, b"ann") as ann:
        for name in (b"ann", b"a" * 17, b"", b"two words", b"no_letter", b"caf\xc3\xa9"):
            with run.connect(f"one who says {name!r}") as client:
                client.line("a greeting that asks for a name")
                client.send(name + b"\n")
                came = client.line("one line that begins with !")
                if not came.startswith(b"!"):
                    client.fail(repr(came), "one line that begins with !")
                client.expect_end()
        with member(run, b"b" * 16):
            ann.expect_line(b"* " + b"b" * 16 + b" has entered the room\n")


@check(
    "one-gets-it",
    "of clients that ask for one name at the same time one gets it",
    advice="Look whether the name is free and enter it in one `with` block, not in two.",
)
def one_gets_it(run: Run) -> None:
    run.slow_motion()
    for turn in range(TURNS):
        with ExitStack() as stack:
            clients = rivals(run, stack, RIVALS)
            for client in clients:
                client.send(b"same%d\n" % turn)
            came = [client.line("a list of the members or a refusal") for client in clients]
            joined = [line for line in came if line.startswith(b"* The room contains")]
            if len(joined) != 1:
                sent = f"the same name by {RIVALS} clients at the same time (in slow motion)"
                run.fail(f"{len(joined)} of them joined", "one of them joins", sent)


@check(
    "joins-at-once",
    "clients that join at the same time learn of each other, each once",
    advice="The list of the others, the notice to them and the entry belong in one `with` block.",
)
def joins_at_once(run: Run) -> None:
    run.slow_motion()
    for turn in range(TURNS):
        names = {b"n%dx%d" % (number, turn) for number in range(RIVALS)}
        with ExitStack() as stack:
            clients = rivals(run, stack, RIVALS)
            for client, name in zip(clients, sorted(names), strict=True):
                client.send(name + b"\n")
            for client, name in zip(clients, sorted(names), strict=True):
                learns(client, names - {name})


def learns(client: Client, others: set[bytes]) -> None:
    """Of each of them once: in the list, or by a notice; of an earlier turn's leaves as well."""
    due = f"the name of each of the {len(others)} others once, in the list or in a notice"
    heard = words(client.line(due)) & others
    while heard != others:
        line = client.line(f"{due}; missing: {sorted(others - heard)}")
        found = words(line) & others
        if found & heard or not line.startswith(b"* "):
            client.fail(repr(line), due)
        heard |= found


def words(line: bytes) -> set[bytes]:
    """The words of a line."""
    return set(line.replace(b",", b" ").split())


@check(
    "leave",
    "a leave is told however it comes: a close or a reset",
    advice="Leave in a `finally`, so that an error of recv cannot go around it.",
)
def leave(run: Run) -> None:
    run.protocol("chat", ["leave", "after-a-reset", "rejoin"])


@check(
    "ghost",
    "a connection that never joined is never mentioned, and is told nothing",
    advice="The table has members only: put a connection into it when it has joined.",
)
def ghost(run: Run) -> None:
    run.protocol("chat", ["ghost", "nameless"])


@check(
    "one-order",
    "with many members at once nothing is lost or torn, and all see the same order",
    advice="Put a line into the queues of all members while you hold the one lock.",
)
def one_order(run: Run) -> None:
    run.protocol("chat", ["history", "total-order"])


@check(
    "slow-member",
    "a member that does not read delays nobody, misses no line in between, and is disconnected",
    advice="A bounded queue for each member; when it is full, disconnect; never drop a line.",
)
def slow_member(run: Run) -> None:
    # Not on Jython: its sendall does not wait, as Netty keeps without a limit what the client does
    # not read. There it is asked only whether lines come.
    only = ["message"] if run.interpreter == "jython" else ["slow-member", "paused-member"]
    run.protocol("chat", only)


@check(
    "nothing-left",
    "when a connection has ended, its threads end and its socket is closed",
    advice="Put END into the queue of the writing thread; close the connection in a `finally`.",
)
def nothing_left(run: Run) -> None:
    run.protocol("chat", ["no-leak"])
