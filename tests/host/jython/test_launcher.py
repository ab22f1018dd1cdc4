"""The fast start on the real Jython: it is the same Jython, it is made once, and it falls back."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from portable_harness.interpreters import Interpreter, java, search
from portable_harness.interpreters.places import Candidate
from portable_harness.interpreters.probe import guest_environment
from portable_harness.jython import archive, fast_command, is_ready, launcher
from portable_harness.jython.archive import NoArchiveError
from portable_harness.jython.classpath import Runtime, all_jars
from tests.host.interpreters.maven_repository import SYSTEM_JAR, merge

JVMS = [path.parents[1] for path in Path("/usr/lib/jvm").glob("*/bin/java")]
pytestmark = pytest.mark.time_limit(300)  # the first to ask for it makes the archive
FACTS = """
import json, sys
from java.lang import System
from java.util import HashMap
from org.python.core import PySystemState
kept = [name for name in PySystemState.registry.propertyNames() if "python" in name]
try:
    import io.netty
    netty = True
except ImportError:
    netty = False
print(json.dumps({
    "prefix": sys.prefix, "path": sys.path[1:], "argv": sys.argv, "encoding": sys.stdout.encoding,
    "netty": netty, "map": str(HashMap),
    "registry": dict((n, str(PySystemState.registry.getProperty(n))) for n in kept
                     if n != "python.executable"),
    "cache": str(PySystemState.registry.getProperty("python.cachedir")),
}, sort_keys=True))
"""


def run(
    command: tuple[str, ...], *arguments: str, **changes: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*command, *arguments],
        env={**guest_environment(), **changes},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_it_is_the_same_jython(jython: Interpreter, tmp_path: Path) -> None:
    """Home, search path, arguments, encodings, registry, Java packages: as the stock one has."""
    script = tmp_path / "facts.py"
    script.write_text(FACTS)
    stock = run(jython.command, str(script), "a", "-b")
    fast = run(fast_command(jython), str(script), "a", "-b")
    assert stock.returncode == 0, stock.stderr
    assert json.loads(fast.stdout) == json.loads(stock.stdout)
    assert fast.stderr == stock.stderr


def test_the_archive_is_what_the_classes_come_from(jython: Interpreter) -> None:
    """The control of all the others: that it is used at all. `-Xlog:class+load` says the source."""
    start = launcher.fast_start(jython)
    assert start.problem == ""
    command = list(start.java_command("start", "x"))
    command.insert(1 + command.index("-Xlog:disable"), "-Xlog:class+load:stdout")
    loaded = run(tuple(command), "-c", "pass").stdout.splitlines()
    shared = sum("source: shared objects file" in line for line in loaded)
    jython_own = [line for line in loaded if " org.python." in line]
    assert len(jython_own) > 500
    assert sum("shared objects file" in line for line in jython_own) > 0.8 * len(jython_own)
    assert shared > 2000


def test_the_executable_is_a_launcher_that_is_fast_too(jython: Interpreter) -> None:
    command = fast_command(jython)
    code = "import sys, subprocess; print(sys.executable); sys.stdout.flush(); "
    code += "sys.exit(subprocess.call([sys.executable, '-c', 'import sys; print(sys.executable)']))"
    done = run(command, "-c", code)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == [command[0], command[0]]


def test_the_exit_status_and_the_streams_are_the_programs(jython: Interpreter) -> None:
    code = "import sys; sys.stdout.write('out'); sys.stderr.write('err'); sys.exit(7)"
    done = run(fast_command(jython), "-c", code)
    assert (done.returncode, done.stdout, done.stderr) == (7, "out", "err")


@pytest.mark.slow
def test_a_launcher_of_ones_own_can_hold_the_command(jython: Interpreter, tmp_path: Path) -> None:
    path = tmp_path / "bin" / "python"
    path.parent.mkdir()
    path.write_text(
        f'#!/bin/sh\nexec {" ".join(fast_command(jython, executable=str(path)))} "$@"\n'
    )
    path.chmod(0o755)
    done = run((str(path),), "-c", "import sys; print(sys.executable)")
    assert done.stdout.strip() == str(path)


@pytest.mark.slow
def test_throughput_runs_with_the_full_compiler(jython: Interpreter) -> None:
    start = launcher.fast_start(jython)
    words = start.launcher("start").read_text()
    full = start.launcher("throughput").read_text()
    assert "-XX:TieredStopAtLevel=1" in words
    assert "-XX:+UseSerialGC" in words
    assert "TieredStopAtLevel" not in full
    assert "UseSerialGC" not in full
    assert "-XX:SharedArchiveFile=" in full
    command = fast_command(jython, "throughput")
    assert run(command, "-c", "print(1)").stdout == "1\n"


def test_it_is_made_once(jython: Interpreter) -> None:
    first = launcher.fast_start(jython)
    before = first.archive.stat().st_mtime_ns
    assert is_ready(jython)
    assert launcher.fast_start(jython) == first
    assert first.archive.stat().st_mtime_ns == before


@pytest.mark.parametrize("damage", ["missing", "truncated", "another"])
def test_without_its_archive_it_starts_and_says_nothing(
    jython: Interpreter, damage: str, tmp_path: Path
) -> None:
    start = launcher.fast_start(jython)
    kept = tmp_path / "kept"
    shutil.copy2(start.archive, kept)
    start.archive.unlink()
    if damage == "truncated":
        start.archive.write_bytes(kept.read_bytes()[:100_000])
    elif damage == "another":
        start.archive.write_text("no archive at all")
    try:
        done = run(fast_command_of(start), "-c", "print('ok')")
        assert (done.returncode, done.stdout, done.stderr) == (0, "ok\n", "")
    finally:
        start.archive.unlink(missing_ok=True)
        os.replace(kept, start.archive)


def fast_command_of(start: launcher.FastStart) -> tuple[str, ...]:
    """The launcher as it stands, without having it repaired first."""
    return (str(start.launcher("start")),)


def test_when_java_has_gone_the_stock_command_is_used(jython: Interpreter) -> None:
    start = launcher.fast_start(jython)
    path = start.launcher("start")
    text = path.read_text()
    assert start.runtime is not None
    try:
        path.write_text(text.replace(start.runtime.java, "/nonexistent/java"))
        assert run((str(path),), "-c", "print('ok')").stdout == "ok\n"
    finally:
        path.write_text(text)


def test_others_keep_their_command(jython: Interpreter) -> None:
    other = replace(jython, implementation="CPython", command=("/usr/bin/python3",))
    assert fast_command(other) == ("/usr/bin/python3",)
    assert is_ready(other)


def test_where_no_archive_can_be_made_the_stock_command_is_used(
    jython: Interpreter, own_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[Path] = []

    def make(runtime: object, target: Path) -> None:
        calls.append(target)
        raise NoArchiveError("this Java cannot")

    monkeypatch.setattr(archive, "make", make)
    for _ in range(2):
        assert fast_command(jython) == jython.command
    assert launcher.fast_start(jython).problem == "this Java cannot"
    assert len(calls) == 1, "what failed is remembered until the jars or Java change"


@pytest.mark.slow
def test_a_change_of_any_jar_or_of_java_makes_it_anew(
    jython: Interpreter, own_cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also of a jar that only a manifest names, and of a Java that only Jython's script knows."""
    files = [tmp_path / name for name in ("java", "first.jar", "second.jar")]
    for file in files:
        file.touch()
    found = Runtime(str(files[0]), (str(files[1]), str(files[2])), {})
    made: list[Path] = []

    def make(runtime: Runtime, target: Path) -> None:
        made.append(target)
        target.touch()

    monkeypatch.setattr(launcher, "runtime", lambda interpreter: found)
    monkeypatch.setattr(archive, "make", make)
    fast_command(jython)
    for number, file in enumerate(files, start=2):
        fast_command(jython)
        os.utime(file, ns=(1, number))
        fast_command(jython)
        assert len(made) == number


def test_where_the_cache_cannot_be_written_the_stock_command_is_used(
    jython: Interpreter, own_cache: Path
) -> None:
    own_cache.write_text("a file where the folder would be")
    assert fast_command(jython) == jython.command


@pytest.fixture(scope="module")
def standalone(jython: Interpreter, tmp_path_factory: pytest.TempPathFactory) -> Interpreter:
    """Jython in one jar, as Maven has it, made of the system's jars."""
    if not SYSTEM_JAR.exists() or java.executable() is None:
        pytest.skip("no system Jython to make a jar of")
    jar = tmp_path_factory.mktemp("jar") / "jython-standalone-2.7.4.jar"
    merge(all_jars([str(SYSTEM_JAR)]), jar)
    outcome = search.probe_all([Candidate(jar, "test")])[0]
    assert isinstance(outcome, Interpreter), outcome
    return outcome


@pytest.mark.slow
def test_a_standalone_jar_is_fast_too_and_has_an_executable(standalone: Interpreter) -> None:
    """Started by `java -jar` it has none: `sys.executable` is None."""
    command = fast_command(standalone)
    assert launcher.fast_start(standalone).problem == ""
    done = run(command, "-c", "import sys; print(sys.executable)")
    assert done.stdout.strip() == command[0], done.stderr


@pytest.mark.slow
def test_when_the_jar_changes_all_is_made_anew(standalone: Interpreter) -> None:
    first = launcher.fast_start(standalone)
    jar = standalone.path
    os.utime(jar, ns=(1, 10**18))
    assert not is_ready(standalone)
    second = launcher.fast_start(standalone)
    assert second.problem == ""
    assert second.folder != first.folder
    assert run(fast_command(standalone), "-c", "print('ok')").stdout == "ok\n"
    stale = run(fast_command_of(first), "-c", "print('ok')")
    assert (stale.stdout, stale.stderr) == ("ok\n", ""), "the old one falls back silently"


@pytest.mark.slow
@pytest.mark.parametrize("home", sorted({path.resolve() for path in JVMS}), ids=lambda h: h.name)
def test_every_java_of_this_machine_is_served(
    jython: Interpreter, home: Path, own_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What an archive that does not fit is called, and where that is logged, varies with Java."""
    monkeypatch.setenv("PATH", f"{home / 'bin'}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("JAVA_HOME", str(home))
    stock = run(jython.command, "-c", "print('ok')")
    start = launcher.fast_start(jython)
    assert start.problem == ""
    assert start.runtime is not None
    assert Path(start.runtime.java).is_relative_to(home)
    for archive_bytes in (None, b"x" * 10_000):
        if archive_bytes is not None:
            start.archive.unlink()
            start.archive.write_bytes(archive_bytes)
        done = run(fast_command_of(start), "-c", "print('ok')")
        assert (done.stdout, done.stderr) == ("ok\n", stock.stderr)


@pytest.mark.slow
def test_many_at_once_make_it_once(
    jython: Interpreter, own_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Path] = []
    real = archive.make

    def make(runtime: Runtime, target: Path) -> None:
        made.append(target)
        real(runtime, target)

    monkeypatch.setattr(archive, "make", make)
    with ThreadPoolExecutor(3) as pool:
        commands = list(pool.map(fast_command, [jython] * 3))
    assert len(set(commands)) == 1
    assert len(made) == 1
