"""Programs in the folder of a foreign project: its own as before, and ours with its modules."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import DEVNULL, PIPE, STDOUT, Popen

import pytest

from tests.host.house import TREE
from tests.host.release.foreign import project
from tests.host.release.foreign.both import Both
from tests.host.release.foreign.test_pytest import ALL, LAYOUTS
from tests.host.release.user import User

pytestmark = [pytest.mark.slow, pytest.mark.network, pytest.mark.time_limit(600)]

READY = 120  # seconds, for a Jython on a busy machine
REPORTED = 3  # exit status of the watch
SORTED = "sorted: ['a', 'b', 'c']\n"


@pytest.mark.parametrize(("both", "packages"), LAYOUTS, indirect=["both"])
def test_a_module_of_its_benchmarks(both: Both, packages: bool, tmp_path: Path) -> None:
    done = both.same(["python", "-m", "benchmarks.bench_sort"], project.make(tmp_path, packages))
    assert (done.status, done.out) == (0, SORTED), done


@pytest.mark.parametrize("both", ALL, indirect=True)
def test_its_program_under_the_watch(both: Both, tmp_path: Path) -> None:
    folder = project.make(tmp_path)
    plain = both.same(["python", "program.py", "one"], folder)
    assert plain.out.startswith(", ".join(f"{name} of the project" for name in project.NAMES))
    watch = ["python", "-m", "portable_server.litmus.watch", "program.py", "one"]
    done = both.with_ours.run(watch, folder)
    assert (done.status, done.out) == (REPORTED, plain.out), done
    assert "lock watch: blocked-while-holding of " in done.err


@pytest.mark.parametrize("both", ALL, indirect=True)
def test_our_server_in_its_folder(both: Both, tmp_path: Path) -> None:
    with (
        _echo_server(both.with_ours, project.make(tmp_path)) as address,
        socket.create_connection(address, timeout=READY) as client,
    ):
        client.sendall(b"ours\n")
        assert client.recv(100) == b"ours\n"


@pytest.mark.parametrize("both", ALL, indirect=True)
def test_no_file_of_ours_is_loaded_under_two_names(both: Both, tmp_path: Path) -> None:
    """All modules that can be imported there, in the project's folder."""
    program = TREE / "tests" / "support" / "doubles.py"
    done = both.with_ours.run(["python", program], project.make(tmp_path))
    count, doubles = map(int, re.findall(r"\d+", done.out.splitlines()[-1]))
    assert (done.status, doubles) == (0, 0), done
    assert count > 100


@contextmanager
def _echo_server(user: User, folder: Path) -> Iterator[tuple[str, int]]:
    command = [str(user.python), "-m", "portable_server", "echo", "--port", "0"]
    server = Popen(
        command, cwd=folder, env=user.variables(), text=True,
        stdin=DEVNULL, stdout=PIPE, stderr=STDOUT,
    )  # fmt: skip
    limit = threading.Timer(READY, server.kill)
    limit.start()
    try:
        assert server.stdout is not None
        said = server.stdout.readline()
        found = re.search(r"(127\.0\.0\.1):(\d+)", said)
        assert found, said + server.stdout.read()
        yield found[1], int(found[2])
    finally:
        limit.cancel()
        server.terminate()
        server.communicate(timeout=READY)
