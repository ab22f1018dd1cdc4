"""The ways in which a chat server can be wrong, by the numbers of the project's rows 59 to 64."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from portable_harness.chat.lines import Line


class Rule(NamedTuple):
    """The row of the concurrency suite that a fault breaks (0: the protocol itself)."""

    row: int
    text: str


RULES: dict[str, Rule] = {
    "lost": Rule(59, "a message was not delivered to a member that was there"),
    "duplicate": Rule(59, "a line was delivered twice to one member"),
    "torn": Rule(59, "a line that is none of the protocol's, or a piece of one"),
    "invented": Rule(59, "a message that nobody sent, or delivered before it was sent"),
    "fifo": Rule(60, "two messages of one sender arrived in the wrong order"),
    "order": Rule(61, "no single order agrees with what all members saw"),
    "causality": Rule(61, "the order puts an event before one that was seen before it began"),
    "notice-lost": Rule(62, "a join or leave was not announced to a member that was there"),
    "join-missing": Rule(62, "a join was announced to nobody"),
    "leave-missing": Rule(62, "a member's leave was announced to nobody"),
    "leave-too-early": Rule(62, "a member was said to have left while it was there"),
    "phantom": Rule(62, "a join or leave of someone who never joined"),
    "outside-slice": Rule(62, "an event from before the join or after the leave"),
    "member-list": Rule(62, "the member list is not the room at the position of the join"),
    "before-list": Rule(62, "a line of the room came before the member list"),
    "list-twice": Rule(62, "a second member list"),
    "delayed": Rule(63, "a reading member waited longer than the limit"),
    "slow-not-cut-off": Rule(63, "a member that never reads was not cut off"),
    "reader-cut-off": Rule(63, "a member that reads and behaves was cut off"),
    "not-told": Rule(64, "a member was not told that the server is closing"),
    "not-closed": Rule(64, "a connection was left open by a server that stopped"),
    "echo": Rule(0, "an event came back to the one that caused it"),
    "not-joined": Rule(0, "a line of the room went to a connection that has not joined"),
    "no-greeting": Rule(0, "the member list came without a greeting before it"),
    "bad-name-accepted": Rule(0, "a name that is not alphanumeric was accepted"),
    "name-held-twice": Rule(0, "one name was held by two members at once"),
    "good-name-refused": Rule(0, "a valid name that was free was refused"),
    "refused-silently": Rule(0, "a name was refused without a line that starts with !"),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that the server did wrong, as one client's recording shows it."""

    kind: str
    client: int
    detail: str
    line: Line | None = field(default=None, compare=False, repr=False)  # the one that came

    @property
    def rule(self) -> Rule:
        return RULES[self.kind]

    def __str__(self) -> str:
        row = f"row {self.rule.row}" if self.rule.row else "protocol"
        return f"{self.kind} ({row}), client {self.client}: {self.detail}"
