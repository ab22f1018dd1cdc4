"""A guest of an installed harness imports nothing from the environment of the harness.

The packages there are for another Python, and a guest's compiled modules would stay there.
(test_every_command.py looks at guests of this Python.)
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.host.release.records import Records
from tests.host.release.user import User, command_of

pytestmark = [pytest.mark.xdist_group("release"), pytest.mark.time_limit(900)]
OLD = ("2.7", "jython")  # they compile next to the sources
SAYS_ITS_PATH = """\
import os, sys
sys.stdout.write('path ' + os.pathsep.join([os.getcwd()] + sys.path))
"""


def compiled(user: User) -> set[Path]:
    """What pip would not remove from our packages."""
    files = user.site_packages.rglob("*")
    ours = (".pyc", ".class")
    return {file for file in files if file.suffix in ours and file.parent.name != "__pycache__"}


LITMUS, FINDINGS = "litmus --package mine --time 5s", "findings queue --rounds 2"
COMPARE = "compare --workloads ping-pong-1 --rounds 2 --seconds 0.05 --peers socketserver"
JYTHON = pytest.param(LITMUS, "jython", marks=pytest.mark.slow)


@pytest.mark.parametrize(
    ("words", "wanted"),
    [(LITMUS, "2.7"), (FINDINGS, "2.7"), (COMPARE, "2.7"), JYTHON],
    ids=lambda text: text.split()[0],
)
def test_an_old_python_sees_nothing_of_our_environment(
    words: str, wanted: str, user: User, folder: Path, records: Records
) -> None:
    words = f"{words} --interpreters {command_of(wanted)}"
    done = user.run(["portable-server", *words.split()], folder)
    assert done.status == 0, done
    records.check(user, done, at_least=1)
    assert compiled(user) == set()


@pytest.mark.parametrize("wanted", OLD)
def test_the_program_of_a_student_sees_nothing_of_our_environment(
    wanted: str, user: User, folder: Path
) -> None:
    (folder / "server.py").write_text(SAYS_ITS_PATH)
    words = (
        f"exercise submit-check 1 server.py --gradescope r.json --interpreters {command_of(wanted)}"
    )
    done = user.run(["portable-server", *words.split()], folder)
    results = json.loads((folder / "r.json").read_text())
    paths = [
        line.partition("path ")[2].split(os.pathsep)
        for test in results["tests"]
        for line in test["output"].splitlines()
        if "path " in line
    ]
    assert any("on_guest" in entry for path in paths for entry in path), results
    assert [entry for path in paths for entry in path if str(user.environment) in entry] == [], done
    assert compiled(user) == set()
