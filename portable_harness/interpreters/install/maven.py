"""Jython's standalone jar from a Maven repository, by its coordinates.

Two clients: ``mvn`` with the user's own settings (mirrors, proxies, credentials), else the library
jgo with the repositories of its configuration file. Neither is trusted: the jar is taken only
with the SHA-256 that is written down here.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from portable_harness.base import cache, extras
from portable_harness.base.tree import TREE
from portable_harness.interpreters import java
from portable_harness.interpreters.install import programs
from portable_harness.interpreters.install.debian_source import check
from portable_harness.interpreters.install.methods import ClosedError, Request
from portable_harness.interpreters.install.progress import Progress
from portable_harness.interpreters.names import Wanted

GROUP, ARTIFACT = "org.python", "jython-standalone"
DEFAULT = "2.7.4"
# Maven Central publishes this one beside the jar (jython-standalone-2.7.4.jar.sha256, 50,453,449
# bytes); several public projects pin the same value.
PINS = {"2.7.4": "1fba1769effcc8b19f5e10436bc8274a158ce988559f257927c24c73bb137f3c"}
_DOWNLOAD = "download from Maven"
_JGO_CLIENT = "portable_harness.interpreters.install.jgo_client"
# Maven has no command that fetches an artifact: its dependency plugin has, which is itself fetched,
# with some sixty jars that it needs. A build extension, on the other hand, is fetched by Maven's
# core when it reads the project, so a project with nothing but an extension does it.
# (Maven, "Guide to using Extensions".)
_PROJECT = """<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>portable-server</groupId>
  <artifactId>fetch</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <build><extensions><extension>
    <groupId>{group}</groupId><artifactId>{artifact}</artifactId><version>{version}</version>
  </extension></extensions></build>
</project>
"""


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


class MavenMethod:
    """The jar by ``mvn``."""

    name = "maven"
    source = "Maven"

    def serves(self, wanted: Wanted) -> bool:
        """Jython 2.7."""
        return _serves(wanted)

    def command(self, wanted: Wanted) -> str:
        """What amounts to it by hand; the jar is then named by JYTHON_JAR."""
        return f"mvn dependency:copy -Dartifact={coordinates(wanted)} -DoutputDirectory=."

    def obstacle(self, request: Request) -> str | None:
        """No Maven, no Java, or no hash for that version."""
        if shutil.which("mvn") is None:
            return "there is no mvn on PATH"
        return _common_obstacle(request)

    def install(self, request: Request, progress: Progress) -> Path | None:
        """With a local repository of its own: a jar that is refused stays nowhere."""
        number = version(request.wanted)
        with _fresh_folder() as folder:
            project = _PROJECT.format(group=GROUP, artifact=ARTIFACT, version=number)
            (folder / "pom.xml").write_text(project, encoding="utf-8")
            command = ["mvn", "-B", "-Dstyle.color=never", f"-Dmaven.repo.local={folder}"]
            log = cache.directory("log") / "maven.log"
            with progress.phase(f"{_DOWNLOAD}: {coordinates(request.wanted)}") as tell:
                programs.run([*command, "validate"], log, 900, tell, cwd=folder, what=_DOWNLOAD)
            return keep(_in_layout(folder, number), request, progress)


class JgoMethod:
    """The jar by the library jgo."""

    name = "jgo"
    source = "Maven"

    def serves(self, wanted: Wanted) -> bool:
        """Jython 2.7."""
        return _serves(wanted)

    def command(self, wanted: Wanted) -> str:
        """The command of the same library."""
        return f"jgo info classpath {coordinates(wanted)}"

    def obstacle(self, request: Request) -> str | None:
        """jgo is not installed, no Java, or no hash for that version."""
        if not extras.is_here("jgo"):
            return f"the library jgo is not installed ({extras.install_command('jgo')})"
        return _common_obstacle(request)

    def install(self, request: Request, progress: Progress) -> Path | None:
        """Let jgo download the jar into a folder of ours, check it, keep it."""
        with _fresh_folder() as folder:
            number = version(request.wanted)
            command = [sys.executable, "-m", _JGO_CLIENT, GROUP, ARTIFACT, number, str(folder)]
            log = cache.directory("log") / "jgo.log"
            with progress.phase(f"{_DOWNLOAD}: {coordinates(request.wanted)}") as tell:
                programs.run(command, log, 900, tell, cwd=TREE, what=_DOWNLOAD)
            return keep(_in_layout(folder, number), request, progress)


def _in_layout(repository: Path, number: str) -> Path:
    """The jar's place in a repository of Maven's layout."""
    return repository.joinpath(*GROUP.split("."), ARTIFACT, number, f"{ARTIFACT}-{number}.jar")


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
