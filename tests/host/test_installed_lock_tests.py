"""CPython's own tests of locks pass with `compat.threads`, on every interpreter of this machine.

They are read where they are installed and nothing of them is stored here. An interpreter takes its
own copy; those that have none or that of Python 2 take CPython 3.8's, which is changed in memory
as tests/compat/installed_lock_tests.py explains. Debian's `python3` and PyPy come without tests.
"""

from __future__ import annotations

import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

from portable_harness.base.guests import guest_variables
from portable_harness.guest.facts import facts
from portable_harness.interpreters import Interpreter, find
from portable_harness.jython import fast_command
from tests.host.house import TREE

pytestmark = pytest.mark.slow
FEWEST = 80  # tests; there were 93 in 3.6


def copy_of(interpreter: Interpreter) -> Path | None:
    path = Path(facts(interpreter).places["stdlib"], "test", "lock_tests.py")
    return path if path.is_file() else None


@cache
def copy_of_38() -> Path | None:
    """The one with the changes that 2.7 needs."""
    of_38 = [
        interpreter
        for interpreter in find().all
        if interpreter.name == "py38" or interpreter.version[:2] == (3, 8)
    ]
    return next(filter(None, map(copy_of, of_38)), None)


def arguments(interpreter: Interpreter) -> list[str]:
    """What the program is called with; skips where there is no copy to be had."""
    if interpreter.version >= (3,) and copy_of(interpreter):
        return []
    path = copy_of_38()
    if path is None:
        pytest.skip("absent: this interpreter has no tests of its own, and there is no CPython 3.8")
    return [str(path)]


@pytest.mark.parametrize(
    "interpreter", find().interpreters, ids=lambda interpreter: interpreter.name
)
def test_they_pass(interpreter: Interpreter) -> None:
    program = [*fast_command(interpreter), "-m", "tests.compat.installed_lock_tests"]
    done = subprocess.run(
        [*program, *arguments(interpreter)], cwd=TREE, env=guest_variables([str(TREE)], {}),
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=200,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    ran = re.search(r"^Ran (\d+) tests", done.stdout, re.MULTILINE)
    assert ran is not None, done.stdout
    assert int(ran[1]) >= FEWEST
