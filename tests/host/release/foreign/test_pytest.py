"""The tests of a foreign project, which never heard of us, run as they did before we came.

With the watch on they do too, but for the one that sleeps with a lock.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.host.release.foreign import project
from tests.host.release.foreign.both import Both
from tests.host.release.foreign.conftest import GUESTS, PYTESTS

pytestmark = [pytest.mark.slow, pytest.mark.network, pytest.mark.time_limit(600)]

ALL = [*(f"pytest {major}" for major in PYTESTS), *GUESTS]
WITH_FOLDERS = [name for name in ALL if name not in ("2.7", "jython")]  # Python 2 has packages only
LAYOUTS = [(name, True) for name in ALL] + [(name, False) for name in WITH_FOLDERS]
NO_CACHE = ["-p", "no:cacheprovider"]
STRICT = ["-W", "error", "--strict-markers"]


@pytest.mark.parametrize("words", [["pytest"], ["python", "-m", "pytest"]], ids=" ".join)
@pytest.mark.parametrize(("both", "packages"), LAYOUTS, indirect=["both"])
def test_a_project_that_owns_the_names(
    both: Both, packages: bool, words: list[str], tmp_path: Path
) -> None:
    folder = project.make(tmp_path, packages)
    done = both.same([*words, "-q", *NO_CACHE, *STRICT], folder)
    assert (done.status, "2 passed" in done.out) == (0, True), done


@pytest.mark.parametrize(("both", "packages"), LAYOUTS, indirect=["both"])
def test_the_watch_on_such_a_project(both: Both, packages: bool, tmp_path: Path) -> None:
    folder = project.make(tmp_path, packages)
    done = both.with_ours.run(["pytest", "-q", "--lock-watch", *NO_CACHE], folder)
    assert (done.status, "1 failed, 1 passed" in done.out) == (1, True), done
    assert "lock watch: blocked-while-holding (" in done.out, done
