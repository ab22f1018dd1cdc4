"""What the recorder's clients do: a script for each, drawn from one seed.

Every way of arriving, sending and going that the protocol allows is in here: names in one piece
or byte by byte, lines many to a segment, lines cut anywhere, members that leave by half-close,
close, reset or in the middle of a line, names that must be refused, connections that never say
who they are, lines without an end, storms in which all talk at once, and members that never read.
A script is data; the recorder decides nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from typing import Literal

from portable_harness.chat import history as h

Pieces = Literal["whole", "bytes", "cut"]


@dataclass(frozen=True)
class Wait:
    """Do nothing for `seconds`."""

    seconds: float


@dataclass(frozen=True)
class WaitForList:
    """Go on when the member list (or a refusal, or the end) has come."""


@dataclass(frozen=True)
class Send:
    """Send `lines` (the first is the name if `named`), each ended by `end`, cut into `pieces`."""

    lines: tuple[str, ...]
    pieces: Pieces = "whole"
    end: str = "\n"
    named: bool = False


@dataclass(frozen=True)
class SendPiece:
    """Send text without an end of line."""

    text: str


@dataclass(frozen=True)
class StopReading:
    """Never read again."""


@dataclass(frozen=True)
class Leave:
    """End the connection: one of history.LEAVES."""

    how: str


Step = Wait | WaitForList | Send | SendPiece | StopReading | Leave


@dataclass(frozen=True)
class Script:
    """One connection: connects at `start` (seconds) and takes the steps in turn.

    `witness`: joined before all others start.  `small_buffer`: a receive buffer of a few KiB.
    """

    steps: tuple[Step, ...]
    start: float = 0.0
    witness: bool = False
    small_buffer: bool = False


@dataclass(frozen=True)
class Workload:
    """All scripts of a recording, and what the checker may conclude about time and bounds."""

    scripts: tuple[Script, ...]
    header: h.Header = field(default_factory=h.Header)


def mixed(
    seed: int,
    clients: int = 20,
    seconds: float = 3.0,
    tag: str = "",
    ends: tuple[str, ...] = ("\n", "\n", "\r\n"),
) -> Workload:
    """About `clients` connections at a time for `seconds`, of every kind.

    `tag`: what all names end in; `ends`: the ends of lines to draw from.
    """
    maker = _Maker(Random(seed), seconds, tag, ends)
    scripts = [maker.witness(), maker.witness()]
    for slot in range(max(clients - 2, 3)):
        scripts += maker.talker() if slot % 3 == 0 else maker.visitors()
    scripts += [maker.lurker(), maker.refused("no spaces"), maker.refused(""), maker.endless()]
    scripts.append(maker.taken(scripts))
    return Workload(tuple(scripts), h.Header(seed=seed))


def stalled_member(
    seed: int,
    talkers: int = 4,
    megabytes: float = 8.0,
    latency_limit: float = 2.0,
    tag: str = "",
) -> Workload:
    """One member that never reads while others send it `megabytes`: the others must not notice."""
    maker = _Maker(Random(seed), 1.0, tag)
    lines = int(megabytes * 1_000_000 / (talkers * 1_000))
    scripts = [maker.witness(), maker.witness(), maker.never_reads()]
    scripts += [maker.flood(lines, size=980) for _ in range(talkers)]
    # Kernel buffers and the server's queue are within this; see docs/chat.md.
    bound = int(megabytes * 1_000_000 * 0.75)
    return Workload(
        tuple(scripts), h.Header(seed=seed, latency_limit=latency_limit, cut_off_after=bound)
    )


class _Maker:
    """Draws scripts; gives each its own name and each line its own text."""

    def __init__(
        self, random: Random, seconds: float, tag: str, ends: tuple[str, ...] = ("\n",)
    ) -> None:
        self.random = random
        self.tag = tag
        self.ends = ends
        self.seconds = seconds
        self.names = 0
        self.texts = 0

    def name(self, kind: str) -> str:
        self.names += 1
        return f"{kind}{self.names}{self.tag}"

    def text(self, size: int | None = None) -> str:
        self.texts += 1
        size = size or self.random.choice((8, 8, 20, 60, 200, 1_000))
        filler = self.random.choice(("x", "[a] ", "* b has left the room ", "\u00e9", "\t!"))
        text = f"{self.texts} " + filler * (size // len(filler))
        return text[: size - 1].encode("ascii", "replace").decode().rstrip() + "."

    def pieces(self) -> Pieces:
        choices: tuple[Pieces, ...] = ("whole", "whole", "cut", "bytes")
        return self.random.choice(choices)

    def says(self, count: int, pieces: Pieces | None = None) -> Send:
        pieces = pieces or self.pieces()
        size = 12 if pieces == "bytes" else None
        end = self.random.choice(self.ends)
        return Send(tuple(self.text(size) for _ in range(count)), pieces, end)

    def join(self, name: str) -> tuple[Step, ...]:
        return (Send((name,), self.pieces(), named=True), WaitForList())

    def witness(self) -> Script:
        return Script(self.join(self.name("witness")), witness=True)

    def chatter(self, seconds: float) -> list[Step]:
        """Lines over `seconds`, alone and in bunches, with a storm in the middle."""
        steps: list[Step] = []
        rest = seconds
        while rest > 0:
            pause = min(rest, self.random.expovariate(12 / self.seconds) + 0.001)
            steps += [Wait(pause), self.says(self.random.choice((1, 1, 2, 5, 40)))]
            rest -= pause
        return steps

    def talker(self) -> list[Script]:
        half = self.seconds / 2
        steps = [*self.join(self.name("talker")), *self.chatter(half)]
        steps += [self.says(60, "whole"), *self.chatter(half)]
        return [Script(tuple(steps), start=self.random.uniform(0, 0.2))]

    def visitors(self) -> list[Script]:
        """One after the other on one slot: short lives with every kind of end."""
        scripts, start = [], self.random.uniform(0, 0.3)
        while start < self.seconds:
            life = self.random.uniform(0.02, 0.25) * self.seconds
            scripts.append(Script(tuple(self.visit(life)), start=start))
            start += life + self.random.uniform(0, 0.05)
        return scripts

    def visit(self, seconds: float) -> list[Step]:
        steps = list(self.join(self.name("visitor")))
        if self.random.random() < 0.2:  # the lines right after the name, or gone at once
            steps.pop()
        if self.random.random() < 0.85:
            steps += [self.says(self.random.randint(1, 8)), Wait(seconds / 2)]
            steps += [self.says(self.random.randint(1, 8))]
        if self.random.random() < 0.3:
            steps.append(SendPiece(self.text(20)))
        return [*steps, Leave(self.random.choice(sorted(h.LEAVES)))]

    def lurker(self) -> Script:
        return Script((SendPiece("neverEnds"),), start=0.01)

    def refused(self, name: str) -> Script:
        return Script((Send((name,), named=True), WaitForList()), start=self.seconds / 3)

    def taken(self, scripts: list[Script]) -> Script:
        """Asks for the name of a witness, who surely holds it."""
        first = scripts[0].steps[0]
        assert isinstance(first, Send)
        return self.refused(first.lines[0])

    def endless(self) -> Script:
        """A line beyond any limit: must be cut off, and never delivered."""
        steps = (*self.join(self.name("endless")), SendPiece(self.text(2_000_000)), Wait(0.5))
        return Script((*steps, Leave(h.CLOSE)), start=self.seconds / 4)

    def never_reads(self) -> Script:
        return Script((*self.join(self.name("stalled")), StopReading()), small_buffer=True)

    def flood(self, lines: int, size: int) -> Script:
        steps: list[Step] = [*self.join(self.name("flood")), Wait(0.5)]
        for _ in range(0, lines, 50):
            steps += [Send(tuple(self.text(size) for _ in range(50))), Wait(0.04)]
        return Script(tuple(steps))
