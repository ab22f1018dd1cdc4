"""Rows 59 to 65 as cases: what each promises, why it is easily broken, and its outcomes."""

from __future__ import annotations

from typing import NamedTuple

from portable_harness.base.tree import page_name
from portable_harness.chat.faults import RULES
from portable_harness.interpreters.classes import CLASSES
from portable_harness.litmus import judging
from portable_harness.litmus.results import ACCEPTABLE, CRASH, FORBIDDEN, HANG, RECORDED, Case

MODULE = "chat_rows"
FILE = "portable_harness/litmus/chat_lessons.py"
SOURCE = f"{page_name('protocols')}: chat"


class Row(NamedTuple):
    """A row: the name of its case, the outcome of a server that keeps it, and the lesson."""

    number: int
    name: str
    kept: str
    title: str
    lesson: str


ROWS = (
    Row(59, "NothingLost", "kept", "Is each message delivered once, whole, to every member?",
        "A sender's thread that iterates over the list of members while another one changes it "
        "skips a member; two threads that write to one socket tear each other's lines. What is "
        "lost is seen only when everything has been received: the recording goes on until every "
        "member has the last line of every other one."),
    Row(60, "FifoOfEachSender", "kept", "Do the lines of one sender stay in order?",
        "One thread per line, or a retry after a full buffer, lets a later line overtake an "
        "earlier one of the same sender."),
    Row(61, "OneOrderForAll", "kept", "Do all members see the same order?",
        "With a lock for each socket only, two senders reach two members in different orders. "
        "One order needs one place where it is decided: a line gets its position under one lock, "
        "and every member's queue is filled in that order."),
    Row(62, "JoinAndLeaveAreAtomic", "kept",
        "Does a member see exactly the slice between its own join and leave?",
        "The list of members that a newcomer gets, the notice to the others and its first line "
        "belong to one moment. Where they are taken under the lock one by one, somebody comes or "
        "goes between them: a member that nobody announced, a line from before the join."),
    Row(63, "SlowMemberIsBounded", "cut off, others unaffected",
        "Is a member that never reads bounded, cut off, and unnoticed by the others?",
        "A send to a full socket under the room's lock stops the room for as long as one client "
        "does not read: the second rule of locking. A queue for each member with a limit, emptied "
        "by a thread of its own, bounds both the memory and the wait."),
    Row(64, "DrainAndStop", "drained", "Does a stop in the middle of everything come to its end?",
        "What was accepted is delivered or its client notified, within the bound of the drain; the "
        "process ends with status 0, so that no thread is left; the port can be taken again at "
        "once; a second stop, and one while clients arrive, do no harm."),
    Row(65, "JudgeIsJudged", judging.ACCEPTED, "Is the judge of these histories right?",
        "Known-good histories must be accepted and known-bad ones found; the two errors are "
        "counted apart. The judge runs on the controller's Python, with another seed in each "
        "column's repetition."),
)  # fmt: skip
KEPT = {row.number: row.kept for row in ROWS}


def _outcomes(row: Row) -> dict[str, bool]:
    """Outcome -> whether it is what must be."""
    if row.number == 65:
        return {judging.ACCEPTED: True, judging.FOUND: True,
                judging.ACCUSED: False, judging.MISSED: False}  # fmt: skip
    kinds = [kind for kind, rule in RULES.items() if rule.row == row.number]
    return {row.kept: True, **dict.fromkeys([*kinds, CRASH, HANG], False)}


def _case(row: Row) -> Case:
    expectations = [
        {
            "outcome": outcome,
            "source": SOURCE,
            "grades": dict.fromkeys(CLASSES, ACCEPTABLE if kept else FORBIDDEN),
        }
        for outcome, kept in _outcomes(row).items()
    ]
    return Case(
        name=f"{MODULE}.{row.name}",
        kind=RECORDED,
        rows=(row.number,),
        title=row.title,
        lesson=f"{row.title}\n\n{row.lesson}",
        expectations=tuple(expectations),
        file=FILE,
    )


CASES = tuple(_case(row) for row in ROWS)
_BY_ROW = {case.rows[0]: case for case in CASES}


def case_of_row(row: int) -> Case:
    """The case of a row."""
    return _BY_ROW[row]


def grade_of(row: int, outcome: str) -> str:
    """The grade, the same in all classes; what is not in the table is forbidden."""
    is_kept = _outcomes(ROWS[row - ROWS[0].number]).get(outcome, False)
    return ACCEPTABLE if is_kept else FORBIDDEN


def select(wanted: tuple[str, ...]) -> tuple[list[Case], tuple[str, ...]]:
    """The cases that names, the module or numbers of rows choose (all for none), and the rest.

    The rest are the names for the guests' own catalogue.
    """
    if not wanted:
        return list(CASES), ()
    chosen = [case for case in CASES if any(_matches(case, name) for name in wanted)]
    rest = tuple(name for name in wanted if not any(_matches(case, name) for case in CASES))
    return chosen, rest


def _matches(case: Case, wanted: str) -> bool:
    return wanted in (case.name, case.module, case.short, str(case.rows[0]))
