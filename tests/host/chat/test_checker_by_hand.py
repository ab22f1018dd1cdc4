"""Row 65: the judge accepts known-good histories and finds each fault of known-bad ones."""

from __future__ import annotations

import io

import pytest

from portable_harness.chat.checker import judge
from portable_harness.chat.faults import RULES
from portable_harness.chat.history import Header, HistoryError, dump, load
from tests.host.chat.transcripts import (
    SCENE,
    Edit,
    after,
    at_end,
    history,
    instead,
    scene,
    swapped,
    without,
)

STALLED = (
    "8 connect", "8 received hello", "8 name slow",
    "8 received * The room contains: wanda, alice, bob", "8 stall",
    "0 received * slow has entered the room", "1 received * slow has entered the room",
    "2 received * slow has entered the room",
)  # fmt: skip
CUT_OFF = tuple(f"{client} received * slow has left the room" for client in (0, 1, 2))
BIG = ("1 say " + "x" * 990, *(f"{c} received [alice] " + "x" * 990 for c in (0, 2)))
TIMED = Header(latency_limit=2.0)
BOUNDED = Header(cut_off_after=500)

GOOD: dict[str, tuple[Edit, ...]] = {
    "the scene": (),
    "reset may destroy what was on its way": tuple(
        without(f"{c} received [dave] d0") for c in (0, 1, 2)
    ),
    "one that vanished may never have joined": (
        without("4 received * The room contains: wanda, alice, bob"),
        *(
            without(f"{c} received {line}")
            for c in (0, 1, 2)
            for line in (
                "* dave has entered the room", "[dave] d0", "* dave has left the room",
            )
        ),
    ),
    "one that left need not get the rest": (without("3 received [bob] b1"),),
    "a slow member is cut off": (at_end(*STALLED, *BIG, *CUT_OFF),),
    "one that left may end within a line": (after("3 received [bob] b1", "3 tail [bo"),),
    "an endless line is cut off": (
        instead("4 unfinished d1 is not", "4 unfinished " + "d" * 2_000),
        instead("4 leave reset", "4 ended eof"),
    ),
}  # fmt: skip

BAD: dict[str, tuple[str, tuple[Edit, ...]]] = {
    "lost to one": ("lost", (without("2 received [carol] c0"),)),
    "lost to the witness": ("lost", (without("0 received [bob] b1"),)),
    "lost to all": ("lost", (without("0 received [alice] a2", "2 received [alice] a2"),)),
    "lost in the middle for one that left": (
        "lost",
        (
            after("2 say b1", "2 say b2"),
            instead("3 received [bob] b1", "3 received [bob] b2"),
            *(after(f"{c} received [bob] b1", f"{c} received [bob] b2") for c in (0, 1)),
        ),
    ),
    "an orderly leaver's line lost": (
        "lost",
        (without(*(f"{c} received [carol] c0" for c in (0, 1, 2))),),
    ),
    "twice": ("duplicate", (after("1 received [bob] b0", "1 received [bob] b0"),)),
    "join twice": ("duplicate", (at_end("1 received * dave has entered the room"),)),
    "leave twice": ("duplicate", (at_end("1 received * dave has left the room"),)),
    "torn": ("torn", (instead("1 received [bob] b1", "1 received [bob] b"),)),
    "two lines run together": ("torn", (instead("2 received [alice] a0", "2 received [al[bob]"),)),
    "partial line delivered": ("torn", (at_end("1 received [dave] d1 is not"),)),
    "ended within a line": ("torn", (at_end("1 tail [bo", "1 ended eof"),)),
    "invented": ("invented", (at_end("1 received [bob] never said"),)),
    "from nobody": ("invented", (at_end("1 received [zoe] hi"),)),
    "before it was said": ("invented", (swapped("1 say a0", "2 received [alice] a0"),)),
    "one sender's lines swapped": (
        "fifo",
        (swapped("0 received [alice] a0", "0 received [alice] a1"),),
    ),
    "two orders": ("order", (swapped("1 received [bob] b1", "1 received [carol] c0"),)),
    "messages and notices swapped": (
        "order",
        (swapped("2 received [carol] c0", "2 received * carol has left the room"),),
    ),
    "an answer before its question": (
        "causality",
        (
            swapped("0 received [bob] b0", "0 received [alice] a1"),
            without("2 received [alice] a1"),
            after("2 received [alice] a0", "2 received [alice] a1"),
        ),
    ),
    "join told to all but one": (
        "notice-lost",
        (without("2 received * carol has entered the room"),),
    ),
    "join told to nobody": (
        "join-missing",
        (without(*(f"{c} received * carol has entered the room" for c in (0, 1, 2))),),
    ),
    "leave told to all but one": (
        "notice-lost",
        (without("1 received * carol has left the room"),),
    ),
    "leave told to nobody": (
        "leave-missing",
        (without(*(f"{c} received * dave has left the room" for c in (0, 1, 2))),),
    ),
    "left while there": (
        "leave-too-early",
        (at_end("0 received * bob has left the room", "1 received * bob has left the room"),),
    ),
    "a refused one is mentioned": ("phantom", (at_end("0 received * gr has left the room"),)),
    "a nameless one leaves": ("phantom", (at_end("0 received * eve has entered the room"),)),
    "something from before the join": (
        "outside-slice",
        (after("3 received * The room contains: wanda, alice, bob", "3 received [bob] b0"),),
    ),
    "said after its leave": (
        "outside-slice",
        tuple(
            swapped(f"{c} received [dave] d0", f"{c} received * dave has left the room")
            for c in (0, 1, 2)
        ),
    ),
    "list with one who left": (
        "member-list",
        (
            instead(
                "4 received * The room contains: wanda, alice, bob",
                "4 received * The room contains: wanda, alice, bob, carol",
            ),
        ),
    ),
    "list without one": (
        "member-list",
        (
            instead(
                "3 received * The room contains: wanda, alice, bob",
                "3 received * The room contains: wanda, bob",
            ),
        ),
    ),
    "list with oneself": (
        "member-list",
        (
            instead(
                "2 received * The room contains: wanda, alice",
                "2 received * The room contains: wanda, alice, bob",
            ),
        ),
    ),
    "list too late": (
        "before-list",
        (
            without("3 received * The room contains: wanda, alice, bob"),
            after("3 received [bob] b1", "3 received * The room contains: wanda, alice, bob"),
        ),
    ),
    "list twice": ("list-twice", (at_end("1 received * The room contains: wanda, bob"),)),
    "no greeting": ("no-greeting", (without("3 received hello"),)),
    "echo": ("echo", (at_end("1 received [alice] a2"),)),
    "own join": ("echo", (at_end("1 received * alice has entered the room"),)),
    "to one that has not joined": ("not-joined", (at_end("5 received [alice] a2"),)),
    "to one that was refused": (
        "not-joined",
        (after("6 received ! this name is in use", "6 received [bob] b0"),),
    ),
    "a reader is cut off": (
        "reader-cut-off",
        (at_end("2 ended eof", "0 received * bob has left the room",
                "1 received * bob has left the room"),),
    ),
    "bad name let in": (
        "bad-name-accepted",
        (instead("7 received ! letters and digits", "7 received * The room contains: wanda"),),
    ),
    "one name held twice": (
        "name-held-twice",
        (
            instead("6 received ! this name is in use", "6 received * The room contains: wanda"),
        ),
    ),
    "good name refused": ("good-name-refused", (instead("6 name alice", "6 name frank"),)),
    "refused without a word": ("refused-silently", (without("7 received ! letters and digits"),)),
    "never answered": (
        "refused-silently",
        (without("7 received ! letters and digits", "7 ended eof"),),
    ),
}  # fmt: skip


@pytest.mark.parametrize("edits", GOOD.values(), ids=GOOD.keys())
def test_known_good(edits: tuple[Edit, ...]) -> None:
    assert judge(history(scene(*edits))).faults == []


@pytest.mark.parametrize(("kind", "edits"), BAD.values(), ids=BAD.keys())
def test_known_bad(kind: str, edits: tuple[Edit, ...]) -> None:
    assert kind in judge(history(scene(*edits))).kinds


def test_good_stop() -> None:
    assert judge(history(scene(stopped=True))).faults == []


STOP_FAULTS: dict[str, tuple[str, Edit]] = {
    "not told": ("not-told", without("1 received * server is closing")),
    "left open": ("not-closed", without("2 ended eof")),
    "nameless one left open": ("not-closed", without("5 ended eof")),
    "queue dropped": ("lost", without("2 received [alice] a2")),
    "torn at the stop": ("torn", after("1 received * server is closing", "1 tail [bo")),
}


@pytest.mark.parametrize(("kind", "edit"), STOP_FAULTS.values(), ids=STOP_FAULTS.keys())
def test_bad_stop(kind: str, edit: Edit) -> None:
    assert kind in judge(history(scene(edit, stopped=True))).kinds


def test_delayed() -> None:
    late = scene(after("2 say b0", *["5 received hello"] * 30))
    assert "delayed" in judge(history(late, TIMED)).kinds
    assert "delayed" not in judge(history(scene(), TIMED)).kinds


def test_slow_member_never_cut_off() -> None:
    kept = scene(at_end(*STALLED, *BIG))
    assert judge(history(kept, BOUNDED)).kinds == {"slow-not-cut-off"}
    assert judge(history([*kept, *CUT_OFF], BOUNDED)).ok


def test_both_kinds_are_counted_and_every_rule_has_a_bad_history() -> None:
    shown = {kind for kind, _ in BAD.values()} | {kind for kind, _ in STOP_FAULTS.values()}
    assert shown | {"delayed", "slow-not-cut-off"} == set(RULES)
    assert len(BAD) + len(STOP_FAULTS) + 2 >= 40
    assert len(GOOD) + 3 >= 10


def test_counts() -> None:
    verdict = judge(history(scene()))
    assert (verdict.connections, verdict.members, verdict.messages) == (8, 5, 7)
    assert (verdict.deliveries, verdict.notices) == (17, 15)


@pytest.mark.parametrize(
    ("edits", "why"),
    [
        ((without("0 name wanda"), without("0 received * The room contains:")), "no witness"),
        ((instead("1 say a1", "1 say a0"),), "said 'a0' twice"),
        ((without("5 connect"),), "must connect"),
    ],
)
def test_what_cannot_be_judged_is_refused(edits: tuple[Edit, ...], why: str) -> None:
    with pytest.raises(HistoryError, match=why):
        judge(history(scene(*edits)))


def test_round_trip_through_a_file() -> None:
    stream = io.StringIO()
    made = history(SCENE.splitlines(), TIMED)
    dump(made, stream)
    assert load(stream.getvalue().splitlines()) == made


@pytest.mark.parametrize("text", ["", "{}\n", "nonsense\n", '{"format": 1}\n{"time": 0}\n'])
def test_a_file_that_is_none(text: str) -> None:
    with pytest.raises(HistoryError, match="line"):
        load(text.splitlines())
