"""A right chat server on which all that ends late does: `python -m ... PORT`.

A leave is announced after the last lines of those who stay, and one member hears of it a second
after all others.
"""

from __future__ import annotations

import sys
import threading

from tests.host.check.faults.base import Member, Server


class LateToOne(Server):
    """The recorder's talkers say a "last line" when all visitors have gone."""

    def __init__(self) -> None:
        super().__init__()
        self.last_lines = threading.Event()

    def say(self, member: Member, text: bytes) -> None:
        super().say(member, text)
        if text.startswith(b"last line"):
            self.last_lines.set()

    def leave(self, member: Member) -> None:
        if member.name.startswith("visitor"):
            self.last_lines.wait(10)
        super().leave(member)

    class member(Member):  # noqa: N801
        def send(self, line: bytes) -> None:
            if self.name.startswith("talker") and line.startswith(b"* visitor"):
                threading.Event().wait(1)
            super().send(line)


if __name__ == "__main__":
    LateToOne().run(int(sys.argv[1]))
