"""The report of one screen: the root first, the first difference, the server's own words."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from rich.console import Console

from portable_harness.check.first import first_of, own_words, show_first, unreached
from portable_harness.check.model import Level, Outcome, Status
from portable_harness.check.protocol import SENTENCES
from portable_harness.check.run import CHECKS, not_reached

ROOT = Path(__file__).resolve().parents[3]
CHAT = {check.name: check for check in CHECKS["chat"]}
TRACEBACK = """ready
Traceback (most recent call last):
  File "chat.py", line 9, in serve
KeyError: 'ann'
"""


def failed(name: str, *after: str, **more: str) -> Outcome:
    told = {"sent": "ann: b'hi\\n'", "came": "nothing within 20 s", "due": "[ann] hi", **more}
    return Outcome(CHAT[name], Status.FAILED, 1.0, 1, only_after=after, **told)  # type: ignore[arg-type]


def screen(*outcomes: Outcome) -> str:
    stream = io.StringIO()
    show_first(outcomes, Console(file=stream, width=200))
    return stream.getvalue()


def test_the_root_is_what_fails_alone_and_what_others_need() -> None:
    assert first_of([failed("pieces"), failed("message")]).check.name == "message"
    assert first_of([failed("message", "pieces"), failed("storm")]).check.name == "storm"
    assert first_of([failed("total-order"), failed("storm")]).check.name == "storm"
    died = failed("storm", came="the end of the connection; the server's process has ended")
    assert first_of([failed("message"), died]).check.name == "storm"


def test_the_two_lines_are_shown_around_their_first_difference() -> None:
    outcome = failed("long-line")
    outcome.pair = ("x" * 500 + "yes" + "z" * 90, "x" * 500 + "YES")
    shown = screen(outcome).splitlines()
    expected, actual, mark = shown[shown.index(next(s for s in shown if "expected:" in s)) :][:3]
    at = mark.index("^")
    assert expected[at : at + 3] == "yes"
    assert actual[at : at + 3] == "YES"
    assert "character 501" in mark
    assert len(expected) < 90


def test_the_screen_has_all_that_one_needs_to_see() -> None:
    first = failed("message", came="the end; the server's process has ended", said=TRACEBACK)
    shown = screen(first, failed("pieces", "message", "join"))
    assert shown.startswith("Fix this first: message (required)")
    for part in ("sent:     ann", "KeyError: 'ann'", SENTENCES["message"], "one client must never"):
        assert part in shown
    deaf = failed("join", came="nothing, for one who came when the clients of this check had gone")
    assert "when clients leave" in screen(deaf)
    assert "only after join and 1 checks before it" in shown
    assert len(shown.splitlines()) < 24


def test_the_words_of_the_server_are_its_last_traceback_without_control_characters() -> None:
    assert own_words(TRACEBACK)[0].startswith("Traceback")
    assert own_words("one\ntwo \x1b[2J\x07\n") == ["one", r"two \x1b[2J\x07"]
    assert len(own_words("line\n" * 100)) == 8


def test_nothing_is_shown_where_nothing_failed() -> None:
    reached = Outcome(CHAT["join"], Status.PASSED, 0.0, 1)
    assert screen(reached) == ""
    assert unreached([reached]) == ""
    assert unreached([not_reached(CHAT["join"], 1, "no time")]) == (
        "1 checks were not reached: no time"
    )


@pytest.mark.parametrize("name", sorted(SENTENCES))
def test_each_sentence_is_on_the_page_of_the_protocols(name: str) -> None:
    page = " ".join((ROOT / "docs" / "protocols.md").read_text(encoding="utf-8").split())
    assert SENTENCES[name] in page
    assert name in CHAT or name in {check.name for check in CHECKS["echo"]}


def test_each_required_check_of_the_chat_has_its_sentence() -> None:
    required = {check.name for check in CHAT.values() if check.level is Level.REQUIRED}
    assert required - set(SENTENCES) == set()


def test_the_order_begins_with_what_all_others_need() -> None:
    assert list(CHAT)[:4] == ["greeting", "join", "message", "leave"]
    assert not re.search("[A-Z]", "".join(CHAT))
