"""Which cases there are: `python -m portable_server.litmus` lists them in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from typing import Any

from portable_harness.base.errors import Problem
from portable_harness.base.guests import guest_variables
from portable_harness.base.reading import decoded
from portable_harness.base.tree import guest_tree
from portable_harness.litmus.results import Case

LIMIT = 60.0  # seconds to import every case
OUR_PACKAGE = "portable_server.litmus.cases"


def cases(package: str, wanted: Sequence[str], folders: Sequence[str]) -> list[Case]:
    """The cases of a package that ``wanted`` selects (all where it is empty), in their order.

    :raises Problem: for a name that no case has, and a package that cannot be imported
    """
    asked = ["--describe", "--package", package, *wanted]
    done = subprocess.run(
        [sys.executable, "-m", "portable_server.litmus", *asked],
        env=guest_variables([str(guest_tree()), *folders], {}),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=LIMIT,
        check=False,
    )
    if done.returncode:
        said = (done.stderr.strip().splitlines() or [f"status {done.returncode}"])[-1]
        raise Problem(said.removeprefix("litmus: error: "))
    return [case_of(decoded(line), package) for line in done.stdout.splitlines() if line]


def case_of(values: dict[str, Any], package: str) -> Case:
    """A case from the fields of an event ``case`` or ``start``."""
    module = values["case"].rpartition(".")[0]
    folder = package.removeprefix("portable_server.").replace(".", "/")  # as in a checkout
    return Case(
        name=values["case"],
        kind=values["kind"],
        rows=tuple(values["rows"]),
        title=values["title"],
        lesson=values["lesson"],
        mends=values["mends"],
        due=values["due"],
        expectations=tuple(values["expectations"]),
        file=f"{folder}/{module}.py" if package == OUR_PACKAGE else module,
    )
