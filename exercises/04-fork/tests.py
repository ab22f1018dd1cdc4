"""What the forking server has to do."""

from __future__ import annotations

import contextlib

import psutil

from portable_harness.exercise.kit import Client, Run, check


def greeted(run: Run, who: str = "client") -> tuple[Client, int]:
    """A client that has got its greeting, and the process that it names."""
    client = run.connect(who)
    line = client.line("a line `process PID`")
    words = line.split()
    if len(words) != 2 or words[0] != b"process" or not words[1].isdigit():
        client.fail(repr(line), r"b'process PID\r\n'")
    return client, int(words[1])


def ask(run: Run, client: Client) -> None:
    """The client sends a line and gets it back."""
    line = run.word() + b"\r\n"
    client.send(line)
    client.expect_line(line)


def leave(client: Client) -> None:
    """The client quits and sees the end."""
    client.send(b"quit\r\n")
    client.expect_line(b"bye\r\n")
    client.expect_end()
    client.close()


def children(run: Run) -> dict[int, str]:
    """The state of each process that the program has started."""
    found = {}
    for pid, child in run.children().items():
        with contextlib.suppress(psutil.NoSuchProcess):
            found[pid] = child.status()
    return found


def until_ended(run: Run, pids: list[int]) -> None:
    """Each of these children has ended; what the parent knows of it is another matter."""
    run.until(
        lambda: all(children(run).get(pid, psutil.STATUS_ZOMBIE) == psutil.STATUS_ZOMBIE
                    for pid in pids),
        "a child still runs after its client has gone",
        "the end of the child: os._exit when the client is done",
    )  # fmt: skip


def only_child(run: Run, pid: int) -> None:
    """All that the program has is this child."""
    run.until(
        lambda: list(children(run)) == [pid],
        f"zombies stay after the next client was accepted; its children: {children(run)}",
        f"one child, {pid}",
    )


@check(
    "child",
    "each client is served by a child process of its own, whose number it is told",
    advice="os.fork() after accept; where it gives 0 you are the child.",
)
def child(run: Run) -> None:
    one, first = greeted(run, "the first client")
    other, second = greeted(run, "the second client")
    mine = children(run)
    if first == second or first not in mine or second not in mine:
        run.fail(f"processes {first} and {second}; the server's children are {sorted(mine)}",
                 "two different children")  # fmt: skip
    one.close()
    other.close()


@check(
    "side-by-side",
    "a client that is silent does not keep the others waiting",
    advice="The parent must not wait for a child: no os.wait(), and no waitpid without os.WNOHANG.",
)
def side_by_side(run: Run) -> None:
    silent, _ = greeted(run, "a silent client")
    for number in range(3):
        client, _ = greeted(run, f"client {number + 2}")
        ask(run, client)
        leave(client)
    ask(run, silent)
    leave(silent)


@check(
    "done",
    "for `quit` the client gets `bye` and sees the end of the connection",
    advice="A connection is closed when *both* have closed it: the child, and the parent at once.",
)
def done(run: Run) -> None:
    client, _ = greeted(run)
    ask(run, client)
    leave(client)


@check(
    "child-ends",
    "a child ends when its client is done, and does not go on to accept",
    advice="os._exit(0) at the child's end, in a finally: it must never get back into the loop.",
)
def child_ends(run: Run) -> None:
    client, pid = greeted(run)
    leave(client)
    until_ended(run, [pid])
    client, pid = greeted(run, "one that breaks off")
    client.reset()
    until_ended(run, [pid])


@check(
    "reaped",
    "a child that has ended is no zombie any more once the next client is there",
    advice="After each accept: os.waitpid(-1, os.WNOHANG) until nothing more has ended.",
)
def reaped(run: Run) -> None:
    for _ in range(3):
        client, pid = greeted(run)
        leave(client)
        until_ended(run, [pid])
    client, pid = greeted(run, "the last client")
    only_child(run, pid)
    leave(client)


@check(
    "burst",
    "children that end at the same moment are all reaped",
    advice="Call waitpid in a loop: one SIGCHLD, or one accept, may stand for many ended children.",
)
def burst(run: Run) -> None:
    pairs = [greeted(run, f"client {number}") for number in range(4)]
    process = run.program.process
    assert process is not None
    process.suspend()  # so that none is seen before all have ended
    for client, _ in pairs:
        leave_while_suspended(client)
    until_ended(run, [pid for _, pid in pairs])
    process.resume()
    client, pid = greeted(run, "the next client")
    only_child(run, pid)
    leave(client)


def leave_while_suspended(client: Client) -> None:
    """The parent, which is stopped, may still hold a copy: the end is not looked for."""
    client.send(b"quit\r\n")
    client.expect_line(b"bye\r\n")
    client.close()


@check(
    "goes-on",
    "clients come and go one after the other, and the server is still there",
    advice="With a SIGCHLD handler, accept of Python 2.7 raises EINTR: no handler, or try again.",
)
def goes_on(run: Run) -> None:
    for _ in range(6):
        client, pid = greeted(run)
        ask(run, client)
        leave(client)
        until_ended(run, [pid])
    run.expect_running()


@check(
    "killed",
    "when a child is killed its client sees the end, and nobody else notices",
    advice="The system closes what the child had. Has the parent closed its own copy?",
)
def killed(run: Run) -> None:
    unlucky, pid = greeted(run, "the client of the killed child")
    other, _ = greeted(run, "another client")
    run.children()[pid].kill()
    unlucky.expect_end()
    ask(run, other)
    leave(other)
    client, _ = greeted(run, "a new client")
    leave(client)
