"""A package of cases that go wrong in every way, and this Python as the guest to run them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from portable_harness.interpreters import Absent
from portable_harness.litmus import catalogue
from portable_harness.litmus.plan import Plan
from portable_harness.litmus.progress import Lines
from portable_harness.litmus.results import Table
from portable_harness.litmus.run import Work, measure
from tests.host.litmus_controller.this_python import CONSOLE, HERE

CASES = '''
import atexit, os, signal, threading
from portable_server.litmus import Case, Forced, actor, expect

class _Base(Case):
    """What the cases share."""
    rows = (1,)
    expectations = (expect('fine', 'A', 'a test'), expect('odd', 'I', 'a test'))
    batch = 1
    seen = 'fine'
    @actor
    def first(self):
        pass
    @actor
    def second(self):
        pass
    def observe(self):
        return self.seen

class AFine(_Base):
    """Nothing happens."""

class BAborts(_Base):
    """The interpreter aborts itself, as one that has lost its senses does."""
    @actor
    def second(self):
        os.abort()

class CInteresting(_Base):
    """A race."""
    seen = 'odd'

class CInterestingMended(_Base):
    """The same, mended."""
    mends = 'CInteresting'

class DHangs(_Base):
    """An actor that never ends."""
    @actor
    def waits_for_ever(self):
        threading.Event().wait()

class EForbidden(_Base):
    """An outcome that is in no table."""
    seen = 'never promised'

class FStops(_Base):
    """The whole process stands still: nobody inside can say so."""
    @actor
    def second(self):
        os.kill(os.getpid(), signal.SIGSTOP)

class GCrashIsKnown(_Base):
    """A crash that the table knows of."""
    expectations = _Base.expectations + (expect('CRASH', 'I', 'a bug that is known'),)
    @actor
    def second(self):
        os.kill(os.getpid(), signal.SIGKILL)

class HRaises(_Base):
    """An actor raises what the table does not name."""
    @actor
    def second(self):
        raise ValueError('on purpose')

class IBroken(_Base):
    """The case itself is at fault."""
    def observe(self):
        return {}['nothing']

class JForced(Forced):
    """A schedule that gives its outcome."""
    rows = (2,)
    schedule = 'first:a second:b'
    outcome = 'ab'
    def __init__(self):
        self.text = ''
    @actor
    def first(self):
        self.at('a')
        self.text += 'a'
    @actor
    def second(self):
        self.at('b')
        self.text += 'b'
    def observe(self):
        return self.text

class KForcedWrong(JForced):
    """A schedule that does not."""
    outcome = 'ba'

class LLast(_Base):
    """It is reached, whatever was before."""

class MCrashesAtExit(_Base):
    """All goes well but for the end of the process."""
    @actor
    def second(self):
        atexit.register(os.abort)
'''

RunCases = Callable[..., Table]


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """The folder with the package ``wrong_cases``."""
    (tmp_path / "wrong_cases.py").write_text(CASES, encoding="utf-8")
    return tmp_path


@pytest.fixture
def run_cases(package: Path) -> RunCases:
    """Run some of the cases on this Python (and what is absent), with short limits."""

    def run(*wanted: str, repeats: int = 1, absent: Sequence[Absent] = ()) -> Table:
        cases = catalogue.cases("wrong_cases", wanted, [str(package)])
        plan = Plan(
            wanted, "wrong_cases", (str(package),), seconds=0.05, quiet_seconds=0.05,
            repeats=repeats, patience=1.0, start_limit=60.0, margin=3.0,
        )  # fmt: skip
        return measure(Work(plan, cases, ()), [HERE, *absent], 2, Lines(CONSOLE))

    return run
