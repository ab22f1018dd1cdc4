"""An application class-data archive: the classes of Jython, parsed and verified once.

Most of Jython's start is the virtual machine reading some 4,000 classes out of jars, checking and
linking them, each time the same. HotSpot can store the result in a file and map it into memory at
the next start (JEP 310, "Application Class-Data Sharing"). Three things decide whether that helps
here; all were measured:

- The archive is *static*: made from a list of classes by ``-Xshare:dump``. A dynamic one
  (``-XX:ArchiveClassesAtExit``) leaves out classes in the old format, which most of Jython's are.
- All jars stand on the class path. With ``-jar`` those named by a manifest are left out.
- A class is in the list only if the training run loaded it; so that run does what tests do.

The virtual machine checks, at every start, that the archive was made by itself and for these very
jars (name, size, time). If not it must start without (``-Xshare:auto``) and be silent about it
(``-Xlog``): a fast start is a gift, never a condition.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from pathlib import Path

from portable_harness.interpreters.probe import guest_environment
from portable_harness.jython.classpath import Runtime

MAIN_CLASS = "org.python.util.jython"
SECONDS = 180.0  # for each of the three runs, on a busy machine
# The virtual machine logs on stdout, into the program's own output; and from some version on it
# calls it an error that an archive does not fit. What ends it is said without the log.
QUIET = ("-Xlog:disable",)
_TRAINING = """\
import argparse, collections, doctest, json, logging, os, Queue, re, socket, subprocess
import tempfile, threading, traceback, unittest, xml.dom.minidom
compile("class C(object):\\n    def f(self, *a, **k):\\n        return [x for x in a]", "t", "exec")
lock = threading.Condition()
thread = threading.Thread(target=lambda: None)
thread.start()
thread.join()
try:
    raise ValueError("x")
except ValueError:
    traceback.format_exc()
"""


class NoArchiveError(Exception):
    """The archive cannot be made or used here; one line that says why."""


def make(runtime: Runtime, archive: Path) -> None:
    """Train, dump, and try the result once.

    :raises NoArchiveError: when the virtual machine cannot do it; no archive is left
    """
    archive.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=archive.parent, prefix="making-") as folder:
        classes, fresh = Path(folder, "classes"), Path(folder, "archive.jsa")
        training = Path(folder, "training.py")
        training.write_text(_TRAINING, encoding="utf-8")
        listed = (*short_run(runtime), f"-XX:DumpLoadedClassList={classes}")
        _run((*listed, *program(runtime), str(training)), Path(folder))
        _run(_dump(runtime, classes, fresh), Path(folder))
        said = _run((*mapped(runtime, fresh), *program(runtime), "-c", "print('ok')"), Path(folder))
        if said.strip() != "ok":
            raise NoArchiveError(f"a start from the archive said {said.strip()[:100]!r}")
        os.replace(fresh, archive)


def short_run(runtime: Runtime) -> tuple[str, ...]:
    """Java for a process that is over before the second compiler has paid for itself."""
    return runtime.java, "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"


def mapped(runtime: Runtime, archive: Path) -> tuple[str, ...]:
    """The same, from an archive, or silently without."""
    return (*short_run(runtime), *sharing(archive))


def sharing(archive: Path) -> tuple[str, ...]:
    """What makes Java map the archive if it fits."""
    return "-Xshare:auto", f"-XX:SharedArchiveFile={archive}", *QUIET


def program(runtime: Runtime, executable: str | None = None) -> tuple[str, ...]:
    """Class path, main class, and the options that the stock launcher gives Jython.

    :param executable: what ``sys.executable`` is to be
    """
    options = dict(runtime.options)
    if executable is not None:
        options["python.executable"] = executable
    given = [f"-D{name}={value}" for name, value in sorted(options.items())]
    return "-cp", runtime.class_path, MAIN_CLASS, *given


def _dump(runtime: Runtime, classes: Path, archive: Path) -> tuple[str, ...]:
    return (
        runtime.java,
        "-Xshare:dump",
        f"-XX:SharedClassListFile={classes}",
        f"-XX:SharedArchiveFile={archive}",
        *QUIET,
        "-cp",
        runtime.class_path,
    )


def _run(command: tuple[str, ...], folder: Path) -> str:
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env=guest_environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=True,
        )
    except subprocess.CalledProcessError as error:
        said = (error.stderr or error.stdout or "").strip().splitlines()
        raise NoArchiveError(said[-1][:300] if said else str(error)) from error
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NoArchiveError(str(error)) from error
    return done.stdout
