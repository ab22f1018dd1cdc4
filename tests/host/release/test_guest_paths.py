"""An installed harness gives its guests nothing of its own environment, and they write nothing there.

Every Python that a user starts imports `usercustomize` from below the home, but for those of virtual
environments: it tells where the guest imports from. What runs with another home tells it itself.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from portable_harness.interpreters import Interpreter, select
from tests.host.release.user import Done, User

pytestmark = pytest.mark.xdist_group("release")

SAME = f"{sys.version_info[0]}.{sys.version_info[1]}"  # as the harness's own Python
OLD = "2.7"  # writes compiled modules next to its source files
TELLS = """\
from __future__ import print_function
import atexit, json, os, sys

def tell(argv=getattr(sys, 'orig_argv', None) or [], where=os.getcwd()):
    with open({file!r}, 'a') as stream:
        print(json.dumps([where] + sys.path + list(argv)), file=stream)

tell()
atexit.register(tell)
"""
OF_THE_USER = {
    "mine.py": """\
from portable_server.litmus import Case, actor, expect

class Mine(Case):
    expectations = (expect('1', 'A', 'mine'),)

    @actor
    def one(self):
        pass

    def observe(self):
        return '1'
""",
    "echo.py": """\
import sys
from threading import Thread
from socket import socket, SOL_SOCKET, SO_REUSEADDR

def serve(client):
    for data in iter(lambda: client.recv(4096), b''):
        client.sendall(data)
    client.close()

listener = socket()
listener.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
listener.bind(('127.0.0.1', int(sys.argv[1])))
listener.listen(50)
while True:
    Thread(target=serve, args=listener.accept()[:1]).start()
""",
    "tells.py": "import json, sys\nprint('TOLD ' + json.dumps(sys.path))\n",
    "project/tests/test_path.py": """\
import json, os, sys

def test_path():
    with open(os.path.join(os.path.dirname(__file__), 'told'), 'w') as stream:
        json.dump([os.getcwd()] + sys.path, stream)
""",
}


class Guests:
    """The guests of a user on one interpreter."""

    def __init__(self, user: User, folder: Path, wanted: str) -> None:
        (found,) = select(wanted)
        if not isinstance(found, Interpreter):
            pytest.skip(f"absent: {wanted}: {found.reason}; {found.remedy}")
        self.wanted = str(found.path)
        self._user, self._folder, self._file = user, folder, folder / "told.json"
        version = ".".join(map(str, found.version[:2]))
        self._module = user.home / f".local/lib/python{version}/site-packages/usercustomize.py"
        self._module.parent.mkdir(parents=True, exist_ok=True)
        self._module.write_text(TELLS.format(file=str(self._file)))

    def remove(self) -> None:
        self._module.unlink()

    def run(self, words: str) -> Done:
        command = ["portable-server", *words.split(), "--interpreters", self.wanted]
        return self._user.run(command, self._folder)

    def places(self) -> set[str]:
        """Every folder and file that they were started in or with, or import from."""
        lines = self._file.read_text(encoding="utf-8").splitlines()
        return {place for line in lines for place in json.loads(line)}

    def must_be_apart(self, places: Any) -> None:
        assert [one for one in places if str(self._user.environment) in one] == []


@pytest.fixture(params=[SAME, OLD])
def guests(user: User, empty: Path, request: pytest.FixtureRequest) -> Iterator[Guests]:
    for name, text in OF_THE_USER.items():
        (empty / name).parent.mkdir(parents=True, exist_ok=True)
        (empty / name).write_text(text)
    before = _without_caches(user.site_packages)
    made = Guests(user, empty, request.param)
    yield made
    made.remove()
    assert _without_caches(user.site_packages) == before


def _without_caches(folder: Path) -> set[Path]:
    """Its files but those in `__pycache__`, which the harness writes and pip removes."""
    found = set[Path]()
    for where, folders, files in os.walk(folder):  # Path.walk came with 3.12
        folders[:] = [one for one in folders if one != "__pycache__"]
        found.update(Path(where, file) for file in files)
    return found


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ("litmus --package mine --time 0.5s", 0),
        ("litmus NothingLost --time 1s", 0),
        ("findings queue --rounds 2", 0),
        ("check echo --only bytes --python echo.py --adverse stalls", 0),
        ("compare --workloads ping-pong-1 --rounds 2 --seconds 0.05 --peers socketserver", 0),
    ],
)
def test_guests_are_apart_from_the_harness(guests: Guests, words: str, status: int) -> None:
    done = guests.run(words)
    assert done.status == status, done
    places = guests.places()
    assert any("/portable-server/tree/" in place for place in places), places
    guests.must_be_apart(places)


def test_a_program_of_a_student_is_apart(guests: Guests) -> None:
    done = guests.run("exercise test 1 tells.py")
    assert done.status == 1, done
    (line, *_) = [line for line in done.out.splitlines() if "TOLD" in line]
    guests.must_be_apart(json.loads(line.partition("TOLD ")[2]))


@pytest.mark.network
def test_a_test_of_a_project_is_apart(guests: Guests, index: None, empty: Path) -> None:
    done = guests.run("matrix --project project")
    assert done.status == 0, done
    guests.must_be_apart(json.loads((empty / "project/tests/told").read_text()))
