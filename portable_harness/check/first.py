"""The report of one screen: what to mend first, with all that one needs to see for it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from portable_harness.check.blame import GONE
from portable_harness.check.model import Check, Level, Outcome, Status
from portable_harness.check.protocol import SENTENCES

if TYPE_CHECKING:  # the autograder of Gradescope takes its checks from here, and has no rich
    from rich.console import Console

WINDOW = 24  # characters on both sides of the first difference
SAID_LINES = 8  # of the server's own words
OTHERS = 12  # names of other failures
ROOTS = ("greeting", "join", "line", "message", "leave")  # others come of these
LEVELS = (Level.REQUIRED, Level.STRONG, Level.INFORMATIONAL)
WHEN_GONE = "Look at what the server does when clients leave: by a close, a half-close, a reset."
WHY_ENDED = "Find out why the process ended: one client must never end the server."
CRASH = re.compile("Traceback|Exception|[Ee]rror|panic|[Ff]atal|BUG")


def _has_died(outcome: Outcome) -> bool:
    return "the server's process" in outcome.came


def root(check: Check) -> int:
    """How many roots come before this check; all that are none are alike."""
    return ROOTS.index(check.name) if check.name in ROOTS else len(ROOTS)


def first_of(failed: Sequence[Outcome]) -> Outcome:
    """The root, as far as can be told: what fails alone, and on which the others hang."""

    def rank(outcome: Outcome) -> tuple[bool, bool, int, bool, int]:
        check, ends = outcome.check, _has_died(outcome)
        level = LEVELS.index(check.level)
        return (bool(outcome.only_after), "@" in check.name, level, not ends, root(check))

    return min(failed, key=rank)  # the first of equals, in the order of the checks


def show_first(outcomes: Sequence[Outcome], console: Console) -> None:
    """What to mend first, then the names of the other failures."""
    failed = [outcome for outcome in outcomes if outcome.fails]
    if not failed:
        return
    first = first_of(failed)
    lines = [f"Fix this first: {first.check.name} ({first.check.level.value})", *_story(first)]
    if others := _others(failed, first):
        lines += ["", f"Also failed ({len(others)}):", *others[:OTHERS]]
        lines += [f"  ... and {len(others) - OTHERS} more"] if len(others) > OTHERS else []
        lines.append("Mend the first one, then run check again; --verbose shows each in full.")
    console.print(*lines, sep="\n", markup=False, soft_wrap=True)


def _story(outcome: Outcome) -> list[str]:
    check = outcome.check
    rows = [("promise", check.promise)]
    if sentence := SENTENCES.get(check.name.partition("@")[0]):
        rows.append(("protocol", sentence))
    rows.append(("sent", outcome.sent))
    rows += _side_by_side(*outcome.pair) if outcome.pair else [
        ("expected", outcome.due), ("actual", outcome.came)]  # fmt: skip
    rows += [("server", line) for line in own_words(outcome.said)]
    if after := after_what(outcome):
        rows.append(("alone", f"it passes on a fresh server; it failed {after}"))
    advice = WHY_ENDED if _has_died(outcome) else check.advice
    advice = WHEN_GONE if GONE in outcome.came else advice
    rows.append(("advice", f"{advice} (seed {outcome.seed})"))
    return [f"  {name and name + ':':10}{text}" for name, text in rows]


def _side_by_side(expected: str, actual: str) -> list[tuple[str, str]]:
    """Both lines around their first difference, and a mark below it."""
    both = zip(expected, actual, strict=False)
    same = next((at for at, (one, two) in enumerate(both) if one != two), None)
    at = min(len(expected), len(actual)) if same is None else same
    start = max(0, at - WINDOW)
    before = "... " if start else ""
    mark = " " * len(before + _plain(expected[start:at])) + f"^ differs at character {at + 1}"
    return [
        ("expected", before + _cut(expected, start, at)),
        ("actual", before + _cut(actual, start, at)),
        ("", mark),
    ]


def _cut(text: str, start: int, at: int) -> str:
    end = at + WINDOW
    return _plain(text[start:end]) + (" ..." if len(text) > end else "")


def _plain(text: str) -> str:
    """Without what a terminal would obey."""
    return repr(text)[1:-1]


def own_words(said: str) -> list[str]:
    """What the server printed: its last traceback, or the end of it where there is none."""
    lines = [_plain(line.rstrip()) for line in said.splitlines() if line.strip()]
    marks = [number for number, line in enumerate(lines) if CRASH.search(line)]
    starts = [number for number in marks if "Traceback" in lines[number]] or marks
    if starts:
        lines = lines[starts[-1] :]
    if len(lines) > SAID_LINES:
        lines = [lines[0], "...", *lines[2 - SAID_LINES :]] if starts else lines[-SAID_LINES:]
    return lines


def after_what(outcome: Outcome) -> str:
    """After which checks it failed, where it passes on a fresh server."""
    if not outcome.only_after:
        return ""
    *_, last = outcome.only_after
    others = len(outcome.only_after) - 1
    return f"only after {last}" + (f" and {others} checks before it" if others else "")


def _others(failed: Sequence[Outcome], first: Outcome) -> list[str]:
    """A line for each other failure, by its name; the same check again is no other."""
    found: dict[str, str] = {}
    for outcome in failed:
        name = outcome.check.name.partition("@")[0]
        after = after_what(outcome)
        text = f"  {name:16} {outcome.check.promise}" + (f" ({after})" if after else "")
        if name != first.check.name.partition("@")[0]:
            found.setdefault(name, text)
    return list(found.values())


def unreached(outcomes: Sequence[Outcome]) -> str:
    """One line about what was not reached; empty where all was."""
    names = {outcome.check.name for outcome in outcomes if outcome.status is Status.NOT_REACHED}
    reasons = {outcome.reason for outcome in outcomes if outcome.status is Status.NOT_REACHED}
    return f"{len(names)} checks were not reached: {', '.join(sorted(reasons))}" if names else ""
