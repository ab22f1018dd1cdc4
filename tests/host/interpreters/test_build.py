"""Building CPython, with a source whose `configure` and `make` take no time: what is tested is what
becomes of a build that ends well, fails, is interrupted, or is wanted twice at once."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from portable_harness.base import cache
from portable_harness.interpreters import places
from portable_harness.interpreters.install import build
from portable_harness.interpreters.install.build import Build
from portable_harness.interpreters.install.debian_source import check, version_of
from portable_harness.interpreters.install.methods import ClosedError
from portable_harness.interpreters.install.progress import Progress

from .test_probe import alive
from .test_search import wait_for

CONFIGURE = """#!/bin/sh
echo "$@" >> "$NOTES/configured"
for option; do case $option in --prefix=*) prefix=${option#--prefix=};; esac; done
name=python3.99; case " $* " in *" --disable-gil "*) name=python3.99t;; esac
cat > Makefile <<END
all:
\techo x >> "$NOTES/compiled"
\tif test -e "$NOTES/hang"; then echo \\$\\$\\$\\$ > "$NOTES/hanging"; sleep 600; fi
\t@if test -e "$NOTES/fail"; then echo 'error: no such thing' >&2; exit 1; fi
install:
\tmkdir -p $prefix/bin
\tprintf '#!/bin/sh\\n' > $prefix/bin/$name
\tchmod +x $prefix/bin/$name
END
"""
FREE = Build("3.99.1", free_threaded=True)


@pytest.fixture
def notes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the fake build says what it did, and is told how to behave."""
    folder = tmp_path / "notes"
    folder.mkdir()
    monkeypatch.setenv("NOTES", str(folder))
    return folder


@pytest.fixture
def tarball(tmp_path: Path) -> Path:
    source = tmp_path / "Python-3.99.1"
    source.mkdir()
    (source / "configure").write_text(CONFIGURE)
    (source / "configure").chmod(0o755)
    path = tmp_path / "python3.99_3.99.1.orig.tar.xz"
    with tarfile.open(path, "w:xz") as archive:
        archive.add(source, arcname=source.name)
    return path


def times(note: Path) -> int:
    return len(note.read_text().splitlines()) if note.exists() else 0


def test_a_build_is_made_once(notes: Path, tarball: Path) -> None:
    program = build.build(FREE, tarball, Progress())
    assert program == FREE.prefix / "bin" / "python3.99t"
    assert os.access(program, os.X_OK)
    assert not FREE.work.exists()
    assert build.build(FREE, tarball, Progress()) == program
    assert times(notes / "compiled") == 1
    assert cache.built_pythons() == [FREE.prefix]


def test_the_twins_differ_by_the_gil_alone(notes: Path, tarball: Path) -> None:
    twin = Build("3.99.1", free_threaded=False)
    build.build(FREE, tarball, Progress())
    assert build.build(twin, tarball, Progress()).name == "python3.99"
    free, gil = (notes / "configured").read_text().splitlines()
    assert free.replace(str(FREE.prefix), "PREFIX").replace(" --disable-gil", "") == gil.replace(
        str(twin.prefix), "PREFIX"
    )
    assert "--disable-gil" in free
    assert "--disable-gil" not in gil


def test_only_the_free_threaded_one_is_linked(notes: Path, tarball: Path) -> None:
    twin = Build("3.99.1", free_threaded=False)
    for plan in (FREE, twin):
        build.build(plan, tarball, Progress())
        build.link(plan)
        build.link(plan)
    assert os.listdir(cache.programs()) == ["python3.99t"]
    assert (cache.programs() / "python3.99t").resolve() == FREE.program.resolve()


def test_what_was_built_is_a_candidate(
    notes: Path, tarball: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORTABLE_INTERPRETERS", "")
    build.build(FREE, tarball, Progress())
    assert (FREE.program, "cache") in [(one.path, one.source) for one in places.candidates()]


def test_a_failed_build_names_the_error_and_the_log_and_goes_on(notes: Path, tarball: Path) -> None:
    (notes / "fail").touch()
    with pytest.raises(ClosedError, match="no such thing") as caught:
        build.build(FREE, tarball, Progress())
    assert caught.value.log == FREE.log
    assert "no such thing" in FREE.log.read_text()
    assert "\n" not in str(caught.value)
    assert cache.built_pythons() == []
    (notes / "fail").unlink()
    build.build(FREE, tarball, Progress())
    assert times(notes / "configured") == 1, "what was configured is not configured again"


def test_half_an_installation_is_not_believed(notes: Path, tarball: Path) -> None:
    FREE.program.parent.mkdir(parents=True)
    FREE.program.write_text("half")
    (FREE.prefix / "left-over").touch()
    assert not FREE.is_complete
    build.build(FREE, tarball, Progress())
    assert FREE.program.read_text().startswith("#!")
    assert not (FREE.prefix / "left-over").exists()


@contextlib.contextmanager
def building(tarball: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A build in a process of its own, which is interrupted at the end if it goes on by then."""
    script = (
        "from pathlib import Path\n"
        "from portable_harness.base.tasks import ending_by_signals\n"
        "from portable_harness.interpreters.install import build\n"
        "from portable_harness.interpreters.install.progress import Progress\n"
        "plan = build.Build('3.99.1', free_threaded=True)\n"
        "with ending_by_signals():\n"
        f"    build.build(plan, Path({str(tarball)!r}), Progress())\n"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", script]
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE) as process:
        try:
            yield process
        finally:
            process.send_signal(signal.SIGINT)  # no signal is sent to one that has ended
            process.communicate(timeout=30)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_interrupted_build_leaves_nothing_running_and_goes_on(
    notes: Path, tarball: Path, number: signal.Signals
) -> None:
    (notes / "hang").touch()
    with building(tarball) as process:
        wait_for(notes / "hanging")
        process.send_signal(number)
        _, errors = process.communicate(timeout=20)
    assert b"KeyboardInterrupt" in errors
    assert not alive(int((notes / "hanging").read_text()))
    assert not FREE.is_complete
    (notes / "hang").unlink()
    assert build.build(FREE, tarball, Progress()).exists()
    assert times(notes / "configured") == 1


def test_two_at_once_build_once(notes: Path, tarball: Path) -> None:
    """The second begins while the first is surely inside: its `make` hangs until it is ended. A
    second that does not wait would be heard of within the second that it is listened to."""
    (notes / "hang").touch()
    with building(tarball) as first:
        wait_for(notes / "hanging")
        with building(tarball) as second:
            assert second.stderr is not None
            said = second.stderr.readline()
            assert select.select([second.stderr], [], [], 1.0)[0] == []
            assert times(notes / "compiled") == 1
            (notes / "hang").unlink()
            os.killpg(os.getpgid(int((notes / "hanging").read_text())), signal.SIGKILL)
            first.communicate(timeout=30)
            second.communicate(timeout=30)
        assert b"waiting for it" in said
        assert first.returncode != 0
        assert second.returncode == 0
    assert times(notes / "configured") == 1
    assert FREE.is_complete


def test_a_wrong_hash_is_refused_and_deleted(tmp_path: Path) -> None:
    path = tmp_path / "x.tar.xz"
    path.write_bytes(b"x")
    check(path, "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881")
    with pytest.raises(ClosedError, match="refused and deleted"):
        check(path, "0" * 64)
    assert not path.exists()


def test_the_version_is_the_tarballs() -> None:
    assert version_of("python3.13_3.13.15.orig.tar.xz") == "3.13.15"
