"""What the chat room has to do: checks of `portable-server check chat`, and rules of locking."""

from __future__ import annotations

from portable_harness.exercise.kit import Run, check


@check(
    "join",
    "who connects is asked for a name, and on join all are told",
    advice="Tell the others first, then send the list of those who were there; empty, too.",
)
def join(run: Run) -> None:
    run.protocol("chat", ["greeting", "join"])


@check(
    "message",
    "a line goes to every other member as [NAME] TEXT, not to its sender",
    advice="Leave out the sender by its name or connection, not by its text.",
)
def message(run: Run) -> None:
    run.protocol("chat", ["message", "pieces"])


@check(
    "bad-name",
    "a name that is not 1 to 16 letters and digits is refused, and nobody is told",
    advice="Refuse before anything else is done: one line that begins with !, then close.",
)
def bad_name(run: Run) -> None:
    run.protocol("chat", ["bad-name", "bad-name-line", "long-name"])


@check(
    "name-in-use",
    "a name that is in use is refused, nobody is told, and the room goes on",
    advice="Look and enter in one `with` block; every way out of it gives the lock back.",
)
def name_in_use(run: Run) -> None:
    run.protocol("chat", ["name-in-use", "join"])


@check(
    "leave",
    "a leave is told however it comes: a close or a reset",
    advice="Leave in a `finally`, so that an error of recv cannot go around it.",
)
def leave(run: Run) -> None:
    run.protocol("chat", ["leave", "after-a-reset"])


@check(
    "ghost",
    "a connection that never joined is never mentioned, and is told nothing",
    advice="The table has members only: put a connection into it when it has joined.",
)
def ghost(run: Run) -> None:
    run.protocol("chat", ["ghost"])


@check(
    "one-order",
    "with many members at once nothing is lost or torn, and all see the same order",
    advice="Put a line into the queues of all members while you hold the one lock.",
)
def one_order(run: Run) -> None:
    run.protocol("chat", ["history", "total-order"])
