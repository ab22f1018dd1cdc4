"""The search as a whole: doubles, names, order, memory, Java, Ctrl-C."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from portable_harness.base import cache
from portable_harness.interpreters import find, java, places, search
from portable_harness.interpreters.model import Found, Interpreter
from portable_harness.interpreters.places import Candidate
from portable_harness.interpreters.probe import PYTHON_SECONDS

from .conftest import MakeProgram

JYTHON = {"implementation": "Jython", "version": [2, 7, 4], "class": "J", "gil_enabled": False}


SearchAmong = Callable[..., Found]


@pytest.fixture
def found_in(monkeypatch: pytest.MonkeyPatch) -> SearchAmong:
    """Search among the given files only, the first preferred."""

    def search_among(*paths: Path, refresh: bool = False) -> Found:
        candidates = [Candidate(path, f"place{n}") for n, path in enumerate(paths)]
        monkeypatch.setattr(places, "candidates", lambda: iter(candidates))
        return find(refresh=refresh)

    return search_among


def calls(path: Path) -> int:
    return len(Path(f"{path}.calls").read_text().split())


def test_an_interpreter_is_what_it_says(answering: MakeProgram, found_in: SearchAmong) -> None:
    free = {"free_threaded_build": True, "gil_enabled": False, "class": "FT"}
    path = answering("bin/python3.13t", **free)
    [one] = found_in(path).interpreters
    assert one.name == "py313t"
    assert one.command == (str(path),)
    assert (one.klass, one.free_threaded_build, one.gil_enabled) == ("FT", True, False)
    assert one.source == "place0"
    assert json.dumps(one.as_json())


def test_one_file_found_by_a_hard_link_is_one(
    answering: MakeProgram, found_in: SearchAmong
) -> None:
    path = answering("bin/python3.13")
    other = path.with_name("python3")
    os.link(path, other)
    found = found_in(path, other)
    assert [one.path for one in found.all] == [path]


def test_a_second_of_a_name_is_kept_apart(answering: MakeProgram, found_in: SearchAmong) -> None:
    first = answering("a/python3.13", version=[3, 13, 5])
    second = answering("b/python3.13", version=[3, 13, 9])
    found = found_in(first, second)
    assert [one.path for one in found.interpreters] == [first]
    assert [one.path for one in found.others] == [second]


def test_the_order_is_by_kind_and_version(answering: MakeProgram, found_in: SearchAmong) -> None:
    free = {"free_threaded_build": True, "gil_enabled": False}
    paths = [
        answering("a/pypy3", implementation="PyPy", version=[3, 9, 1]),
        answering("b/python3.13t", **free),
        answering("c/python3.13"),
        answering("d/python2.7", version=[2, 7, 18]),
    ]
    names = ["py27", "py313", "py313t", "pypy39"]
    assert [one.name for one in found_in(*paths).interpreters] == names
    assert [one.name for one in found_in(*reversed(paths)).interpreters] == names


def test_an_answer_is_remembered_until_the_file_changes(
    answering: MakeProgram, found_in: SearchAmong
) -> None:
    path = answering("bin/python3.13")
    found_in(path)
    found_in(path)
    assert calls(path) == 1
    found_in(path, refresh=True)
    assert calls(path) == 2
    os.utime(path, ns=(1, 1))
    found_in(path)
    assert calls(path) == 3


def test_a_broken_one_is_remembered_too(program: MakeProgram, found_in: SearchAmong) -> None:
    path = program("bin/python3", 'echo x >> "$0.calls"; exit 3')
    for _ in range(2):
        [(rejected, reason)] = found_in(path).rejected
        assert rejected == str(path)
        assert reason.startswith("broken (exit status 3)")
    assert calls(path) == 1


def test_a_damaged_memory_is_no_obstacle(answering: MakeProgram, found_in: SearchAmong) -> None:
    memory = cache.directory("interpreters") / "probes.json"
    memory.parent.mkdir(parents=True)
    memory.write_text("{half")
    assert len(found_in(answering("bin/python3.13")).interpreters) == 1
    assert json.loads(memory.read_text())


def test_a_cache_that_cannot_be_written_is_no_obstacle(
    answering: MakeProgram, found_in: SearchAmong, tmp_path: Path
) -> None:
    (tmp_path / "cache").write_text("a file where the folder would be")
    assert len(found_in(answering("bin/python3.13")).interpreters) == 1


def test_without_java_jython_is_not_even_started(
    answering: MakeProgram, found_in: SearchAmong, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    path = answering("bin/jython", **JYTHON)
    [(_, reason)] = found_in(path).rejected
    assert reason == java.ABSENT
    assert "\n" not in reason
    assert not Path(f"{path}.calls").exists()


def test_with_java_a_jar_is_an_interpreter(
    answering: MakeProgram, found_in: SearchAmong, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    machine = answering("jdk/bin/java", java="21", java_vm="Fake VM", **JYTHON)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "jdk"))
    jar = tmp_path / "jython-standalone-2.7.4.jar"
    jar.touch()
    [one] = found_in(jar).interpreters
    assert one.command == (str(machine), "-jar", str(jar))
    assert (one.name, one.java, one.java_vm) == ("jython", "21", "Fake VM")


def test_an_answer_without_sense_is_a_rejection(
    answering: MakeProgram, found_in: SearchAmong
) -> None:
    [(_, reason)] = found_in(answering("bin/python3", version=[3, "x", 1])).rejected
    assert "broken" in reason


def test_ctrl_c_ends_the_probes(program: MakeProgram, tmp_path: Path) -> None:
    """A search of its own process is interrupted while a probe hangs: over at once, none left."""
    note = tmp_path / "pid"
    hanging = program("bin/python3", f"echo $$ > {note}; sleep 600")
    script = (
        "import sys; from pathlib import Path\n"
        "from portable_harness.interpreters import search\n"
        "from portable_harness.interpreters.places import Candidate\n"
        f"search.probe_all([Candidate(Path({str(hanging)!r}), 'x')])\n"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(
        [sys.executable, "-c", script], env=environment, stderr=subprocess.PIPE
    ) as process:
        wait_for(note)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
    assert b"KeyboardInterrupt" in errors
    with pytest.raises(ProcessLookupError):
        os.kill(int(note.read_text()), 0)


def test_ctrl_c_before_all_probes_are_under_way(program: MakeProgram, tmp_path: Path) -> None:
    note = tmp_path / "pid"
    hanging = Candidate(program("bin/python3", f"echo $$ > {note}; sleep 600"), "x")

    class Interrupted(list[Candidate]):
        def __iter__(self) -> Iterator[Candidate]:
            yield hanging
            wait_for(note)
            raise KeyboardInterrupt

    begin = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        search.probe_all(Interrupted())
    assert time.monotonic() - begin < PYTHON_SECONDS  # it would have been waited for so long
    with pytest.raises(ProcessLookupError):
        os.kill(int(note.read_text()), 0)


def wait_for(path: Path, seconds: float = 30.0) -> None:
    """Until a file has text in it: that is how another process says that it got there."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if path.exists() and path.read_text().strip():
            return
        time.sleep(0.02)
    raise AssertionError(f"{path} did not appear within {seconds:g} s")


# Rights bind no superuser: the child gives its own up, after all imports.
AS_NOBODY = """
import os, sys
from portable_harness.interpreters import places
if os.geteuid() == 0:
    os.setuid(65534)
print([list(files) for source, files in places._places() if source == "pyenv"])
"""


def test_a_pyenv_that_may_not_be_entered_is_no_obstacle(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0)
    variables = {**os.environ, "PYENV_ROOT": str(closed / ".pyenv")}
    command = [sys.executable, "-c", AS_NOBODY]
    done = subprocess.run(command, env=variables, capture_output=True, text=True, timeout=60)
    assert done.stdout == "[[]]\n", done.stderr


def test_the_real_machine_has_the_python_we_run_on() -> None:
    """No fakes: whatever interpreters there are, ours is one, and each is what its name says."""
    found = find()
    assert any(one.version == sys.version_info[:3] for one in found.all)
    for one in found.all:
        assert isinstance(one, Interpreter)
        assert one.free_threaded_build is (one.klass == "FT")
        assert bool(one.java) is one.is_jython
    names = [one.name for one in found.interpreters]
    assert len(names) == len(set(names))
    assert search.find() == found
