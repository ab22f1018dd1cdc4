"""Jython's standalone jar from a Maven repository, by its coordinates.

Two clients: ``mvn`` with the user's own settings (mirrors, proxies, credentials), else the library
jgo with the repositories of its configuration file. Neither is trusted: the jar is taken only
with the SHA-256 that is written down here.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from harness.interpreters import cache, java
from harness.interpreters.install import programs
from harness.interpreters.install.debian_source import check
from harness.interpreters.install.progress import Progress
from harness.interpreters.install.roads import ClosedError, Request
from harness.interpreters.names import Wanted

GROUP, ARTIFACT = "org.python", "jython-standalone"
DEFAULT = "2.7.4"
# Maven Central publishes this one beside the jar (jython-standalone-2.7.4.jar.sha256, 50,453,449
# bytes); the projects igdev and SikuliX pin the same value.
PINS = {"2.7.4": "1fba1769effcc8b19f5e10436bc8274a158ce988559f257927c24c73bb137f3c"}
# The plugin's version is part of what is reproducible; its newest would change by itself.
COPY_GOAL = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy"


def version(wanted: Wanted) -> str:
    """The version asked for; 2.7 alone means the pinned one."""
    return ".".join(map(str, wanted.version)) if len(wanted.version) > 2 else DEFAULT


def coordinates(wanted: Wanted) -> str:
    """org.python:jython-standalone:2.7.4"""
    return f"{GROUP}:{ARTIFACT}:{version(wanted)}"


def _serves(wanted: Wanted) -> bool:
    return wanted.implementation == "Jython" and wanted.version[:2] in {(), (2,), (2, 7)}


def _common_obstacle(request: Request) -> str | None:
    if java.executable() is None:
        return java.ABSENT
    if request.sha256 is None and version(request.wanted) not in PINS:
        return f"no SHA-256 is known for {coordinates(request.wanted)}: give it with --sha256"
    return None


def _expected(request: Request) -> str:
    return (request.sha256 or PINS[version(request.wanted)]).lower()


class MavenRoad:
    """The jar by ``mvn``."""

    name = "maven"

    def serves(self, wanted: Wanted) -> bool:
        """Jython 2.7."""
        return _serves(wanted)

    def command(self, wanted: Wanted) -> str:
        """The Maven command."""
        return f"mvn {COPY_GOAL} -Dartifact={coordinates(wanted)} -DoutputDirectory=."

    def obstacle(self, request: Request) -> str | None:
        """No Maven, no Java, or no hash for that version."""
        if shutil.which("mvn") is None:
            return "there is no mvn on PATH"
        return _common_obstacle(request)

    def take(self, request: Request, progress: Progress) -> Path | None:
        """Let Maven copy the jar, check it, keep it."""
        wanted = request.wanted
        with _fresh_folder() as folder:
            command = ["mvn", "-B", COPY_GOAL, f"-Dartifact={coordinates(wanted)}"]
            command += [f"-DoutputDirectory={folder}", "-Dmdep.overWriteReleases=true"]
            log = cache.directory("log") / "maven.log"
            with progress.phase(f"mvn: get {coordinates(wanted)}") as tell:
                programs.run(command, log, 900, tell, cwd=folder)  # no project of the user's
            try:
                return keep(folder / f"{ARTIFACT}-{version(wanted)}.jar", request, progress)
            except ClosedError as closed:
                raise ClosedError(f"{closed}; Maven's local repository has it still") from None


class JgoRoad:
    """The jar by the library jgo."""

    name = "jgo"

    def serves(self, wanted: Wanted) -> bool:
        """Jython 2.7."""
        return _serves(wanted)

    def command(self, wanted: Wanted) -> str:
        """The command of the same library."""
        return f"jgo info classpath {coordinates(wanted)}"

    def obstacle(self, request: Request) -> str | None:
        """jgo is not installed, no Java, or no hash for that version."""
        if importlib.util.find_spec("jgo") is None:
            return "the library jgo is not installed beside us (`pip install jgo`)"
        return _common_obstacle(request)

    def take(self, request: Request, progress: Progress) -> Path | None:
        """Let jgo download the jar into a folder of ours, check it, keep it."""
        with _fresh_folder() as folder:
            with progress.phase(f"jgo: get {coordinates(request.wanted)}"):
                jar = _download_with_jgo(request.wanted, folder)
            return keep(jar, request, progress)


def _download_with_jgo(wanted: Wanted, folder: Path) -> Path:
    """https://jgo.apposed.org: MavenContext, and the [repositories] of the user's jgo.conf."""
    from jgo.config import GlobalSettings
    from jgo.maven import MavenContext

    ours = MavenContext()
    repositories = {**ours.remote_repos, **GlobalSettings.load().repositories}
    context = MavenContext(repo_cache=folder, remote_repos=repositories, timeout=60)
    component = context.project(GROUP, ARTIFACT).at_version(version(wanted))
    try:
        return Path(component.artifact().resolve())
    except Exception as error:  # it documents none: requests' errors, RuntimeError, ...
        raise ClosedError(f"jgo could not get it: {_one_line(error)}") from error


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:300] or type(error).__name__


@contextmanager
def _fresh_folder() -> Iterator[Path]:
    """On the disk of the cache, so that what was checked there can be moved in one step."""
    parent = cache.directory("jython")
    parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=parent, prefix="incoming-") as folder:
        yield Path(folder)


def keep(jar: Path, request: Request, progress: Progress) -> Path:
    """Check a jar and move it to where the search finds it.

    :raises ClosedError: when it is not there or not the one expected; it is then deleted
    """
    if not jar.is_file():
        raise ClosedError(f"the client brought no {jar.name}")
    check(jar, _expected(request))
    progress.note(f"{jar.name}: SHA-256 {_expected(request)}, as expected")
    kept = cache.directory("jython") / version(request.wanted) / jar.name
    kept.parent.mkdir(parents=True, exist_ok=True)
    os.replace(jar, kept)
    return kept
