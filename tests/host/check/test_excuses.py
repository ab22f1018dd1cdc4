"""What looks like a fault of a server and is none, told apart from what is one."""

from __future__ import annotations

import socket
import sys
import threading

import pytest

from portable_harness.base.tree import TREE
from portable_harness.chat.case import prepare
from portable_harness.chat.checker import judge
from portable_harness.chat.observation import observe
from portable_harness.check.dialect import STANDARD, learn
from portable_harness.check.histories import _ended_in_a_line
from portable_harness.check.model import Room
from portable_harness.check.server import Server, StartedServer
from portable_harness.check.transcript import Transcript
from tests.host.chat.transcripts import history, instead, scene


@pytest.fixture
def room() -> Room:
    """That of check number 7; nothing is started."""
    server = Server(("127.0.0.1", 1))
    known = {"annx6": 6, "bobx6": 6, "annx77": 77, "annx7": 7, "bobx7": 7, "evex7": 7}
    return Room(server, Transcript(), seed=1, quick=True, patience=1.0, serial=7, known=known)


@pytest.mark.parametrize(
    ("line", "awaited", "stale"),
    [
        ("* annx6 has left the room", "", True),
        ("* annx7 has left the room", "", False),
        ("* annx77 has left the room", "", True),
        ("[annx6] who talks is no notice", "", False),
        ("* nobody of ours", "", False),
        # words of the server that look like a name of ours
        ("* x64 says: annx7 came", "annx7", False),
        ("* x64 max3 says: annx6 came", "", True),
        # who is still here is listed after whom it is about, or before
        ("* annx6 has left, here are bobx7, eve", "bobx7", True),
        ("* annx7 has left, here are bobx6, eve", "annx7", False),
        ("* here are bobx7, gone is annx6", "", False),
        ("* here are bobx7, gone is annx6", "evex7", True),
        ("* here are bobx7, gone is annx6", "bobx7", False),
    ],
)
def test_a_notice_of_an_earlier_check(room: Room, line: str, awaited: str, stale: bool) -> None:
    assert room.is_stale(line, awaited) is stale


LONG = "".join(str(number) for number in range(60))  # its like is nowhere within it
LATER = [instead(f"{c} received [dave] d0", f"{c} received [dave] {LONG}") for c in (1, 2)]


def excused(came: str, instead_of: str = "0 received [dave] d0") -> list[bool]:
    """For each torn line, when client 0 got this from dave, who was reset: is it excused?"""
    edits = [instead("4 say d0", f"4 say {LONG}"), *LATER]
    edits.append(instead(instead_of, f"0 received {came}"))
    if "[dave]" not in instead_of:
        edits.append(instead("0 received [dave] d0", f"0 received [dave] {LONG}"))
    recorded = history(scene(*edits))
    case = prepare(observe(recorded))
    return [
        _ended_in_a_line(case, fault) for fault in judge(recorded).faults if fault.kind == "torn"
    ]


def test_the_beginning_of_a_line_of_one_who_was_reset_is_no_fault() -> None:
    assert excused(f"[dave] {LONG}") == []
    assert excused(f"[dave] {LONG[:-1]}") == [True]
    assert excused(f"[dave] {LONG[:1]}") == [True]


@pytest.mark.parametrize(
    "came", [f"[dave] {LONG[1:]}", f"[dave] {LONG}[alice] a1", f"dave] {LONG}", f"[dave]{LONG}"]
)
def test_every_other_piece_of_it_is_torn(came: str) -> None:
    assert excused(came) == [False]


def test_who_stays_has_sent_the_whole_line() -> None:
    assert excused("[alice] a", "0 received [alice] a1") == [False]


def test_words_are_not_learnt_from_a_list_with_members_of_an_earlier_check(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Their connections are closed; a server may notice that in its own time."""
    monkeypatch.chdir(TREE)
    command = (sys.executable, "-m", "portable_server", "chat", "--port", "{port}")
    server = StartedServer((*command, "--log-level", "error"))
    server.start()
    try:
        known = {"bobx6": 6}
        room = Room(server, Transcript(), seed=1, quick=True, patience=30.0, serial=7, known=known)
        with socket.create_connection(server.address, timeout=30.0) as early:
            early.sendall(b"bobx6\n")
            with early.makefile("rb") as lines:
                assert b"bobx6" not in lines.readline()  # the greeting
                assert lines.readline().startswith(b"*")
            later = threading.Timer(0.3, early.shutdown, (socket.SHUT_RDWR,))
            later.start()
            assert learn(room) == STANDARD
            later.join(30.0)
    finally:
        server.stop()
