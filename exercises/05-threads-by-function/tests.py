"""What the server with a thread for each client has to do.

That clients are served side by side is proven without a clock: one of them is silent, and the
others get their answers nevertheless.
"""

from __future__ import annotations

from collections.abc import Callable

from portable_harness.exercise.kit import Client, Run, check, in_threads

MANY = 20  # clients that come and go
SPARE = 10  # descriptors or threads that an interpreter may have taken for itself meanwhile


def ask(run: Run, client: Client, number: int) -> None:
    """The client sends a line and gets it with this number."""
    line = run.word()
    client.send(line + b"\r\n")
    client.expect_line(b"%d %s\r\n" % (number, line))


def leave(client: Client) -> None:
    """The client quits and sees the end."""
    client.send(b"quit" + b"\r\n")
    client.expect_line(b"bye\r\n")
    client.expect_end()
    client.close()


@check(
    "lines",
    "each line of a client comes back with its number: 1, 2, 3 and so on",
    advice="This works at the start; keep it.",
)
def lines(run: Run) -> None:
    with run.connect() as client:
        for number in range(1, 4):
            ask(run, client, number)


@check(
    "side-by-side",
    "a client that is silent does not keep the others waiting",
    advice="After accept: threading.Thread(target=handle, args=(connection,)), then start().",
)
def side_by_side(run: Run) -> None:
    silent = run.connect("a silent client")
    for who in ("second", "third", "fourth"):
        client = run.connect(f"the {who} client")
        ask(run, client, 1)
        leave(client)
    ask(run, silent, 1)
    leave(silent)


@check(
    "own-numbers",
    "the lines of each client are counted from 1, whoever talks in between",
    advice="What belongs to one client is a local variable of handle, not a global one.",
)
def own_numbers(run: Run) -> None:
    with run.connect("ann") as ann, run.connect("bob") as bob:
        ask(run, ann, 1)
        ask(run, bob, 1)
        ask(run, ann, 2)
        ask(run, ann, 3)
        ask(run, bob, 2)
    with run.connect("cy, who comes later") as later:
        ask(run, later, 1)


@check(
    "own-answers",
    "each client gets the answers to its own lines, with all of them at once",
    advice="handle gets its connection as an argument: args=(connection,). No global variable.",
)
def own_answers(run: Run) -> None:
    clients = [run.connect(f"client {number + 1}") for number in range(8)]
    for client in clients:
        ask(run, client, 1)
    for client in clients:
        ask(run, client, 2)
    words = [run.word() for _ in clients]
    in_threads(*(_talk(client, word) for client, word in zip(clients, words, strict=True)))
    for client in clients:
        leave(client)


def _talk(client: Client, word: bytes) -> Callable[[], None]:
    """A function that sends 50 lines and looks at their answers."""

    def talk() -> None:
        for number in range(3, 53):
            client.send(word + b"\r\n")
            client.expect_line(b"%d %s\r\n" % (number, word))

    return talk


@check(
    "done",
    "for `quit` a client gets `bye` and the end of the connection, and the others go on",
    advice="The thread that serves a client closes its connection, and nothing else.",
)
def done(run: Run) -> None:
    with run.connect("one that stays") as stays:
        ask(run, stays, 1)
        client = run.connect("one that quits")
        ask(run, client, 1)
        leave(client)
        ask(run, stays, 2)
        client = run.connect("one that comes later")
        ask(run, client, 1)
        leave(client)


@check(
    "breaks-off",
    "a client that breaks off does not disturb the others",
    advice="An error of its connection ends its own thread; main knows nothing of it.",
)
def breaks_off(run: Run) -> None:
    with run.connect("one that stays") as stays:
        ask(run, stays, 1)
        for _ in range(3):
            client = run.connect("one that breaks off")
            ask(run, client, 1)
            client.reset()
        with run.connect("one that comes later") as later:
            ask(run, later, 1)
        ask(run, stays, 2)


@check(
    "closed",
    "whatever way clients go, the server closes their connections",
    advice="close() of the file and the connection belong in a finally: a reset raises an error.",
)
def closed(run: Run) -> None:
    _come_and_go(run, 2)
    process = run.program.process
    assert process is not None
    before = process.num_fds()
    _come_and_go(run, MANY)
    run.until(
        lambda: process.num_fds() <= before + SPARE,
        f"{process.num_fds() - before} more descriptors are open after {MANY} clients "
        "that were reset have gone",
        "that their connections are closed",
    )


@check(
    "threads-end",
    "when a client has gone its thread ends",
    advice="readline gives b'' for ever once the client has closed: leave the loop then.",
)
def threads_end(run: Run) -> None:
    _come_and_go(run, MANY)  # a Java interpreter starts threads of its own, up to a number
    process = run.program.process
    assert process is not None
    before = process.num_threads()
    for number in range(MANY):
        with run.connect(f"client {number + 1}, which just closes") as client:
            ask(run, client, 1)
    run.until(
        lambda: process.num_threads() <= before + SPARE,
        f"{process.num_threads() - before} more threads run after {MANY} clients have gone",
        "that the thread of a client ends with it",
    )


def _come_and_go(run: Run, count: int) -> None:
    """Clients, one after the other, that talk and break off."""
    for number in range(count):
        client = run.connect(f"client {number + 1}, which breaks off")
        ask(run, client, 1)
        client.reset()
