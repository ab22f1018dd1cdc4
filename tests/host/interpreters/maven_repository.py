"""A Maven repository on loopback, with a standalone Jython jar made of the system's own jars."""

from __future__ import annotations

import contextlib
import hashlib
import threading
import zipfile
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from portable_harness.jython.classpath import all_jars

SYSTEM_JAR = Path("/usr/share/java/jython.jar")
NAME, VERSION = "jython-standalone", "2.7.4"
POM = f"""<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>org.python</groupId>
  <artifactId>{NAME}</artifactId>
  <version>{VERSION}</version>
</project>
"""


def merge(jars: list[str], target: Path) -> None:
    """One jar with everything that the others have; of two files of a name the first counts."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as merged:
        merged.writestr("META-INF/MANIFEST.MF", "Main-Class: org.python.util.jython\n")
        seen = {"META-INF/MANIFEST.MF"}
        for jar in jars:
            with zipfile.ZipFile(jar) as source:
                for name in source.namelist():
                    if name not in seen and not name.endswith((".SF", ".RSA", ".DSA")):
                        seen.add(name)
                        merged.writestr(name, source.read(name))


def publish(root: Path) -> Path:
    """Put the jar and its pom, with their SHA-1 files, where Maven's layout has them."""
    folder = root / "org" / "python" / NAME / VERSION
    folder.mkdir(parents=True)
    jar = folder / f"{NAME}-{VERSION}.jar"
    merge(all_jars([str(SYSTEM_JAR)]), jar)
    pom = jar.with_suffix(".pom")
    pom.write_text(POM)
    for file in (jar, pom, _plexus_utils(root)):
        sign(file)
    return jar


def _plexus_utils(root: Path) -> Path:
    """Maven gives each plugin and extension this jar, if it names no other version of it."""
    jar = root / "org/codehaus/plexus/plexus-utils/1.1/plexus-utils-1.1.jar"
    jar.parent.mkdir(parents=True)
    with zipfile.ZipFile(jar, "w") as empty:
        empty.writestr("META-INF/MANIFEST.MF", "")
    return jar


def sign(file: Path) -> None:
    """The SHA-1 file that repositories have next to each file."""
    digest = hashlib.sha1(file.read_bytes()).hexdigest()
    Path(f"{file}.sha1").write_text(digest)


class _Quiet(SimpleHTTPRequestHandler):
    """Without a line on stderr for each request."""

    def log_message(self, *_: Any) -> None:
        """Silence."""


@contextlib.contextmanager
def served(root: Path) -> Iterator[str]:
    """The address at which a folder is served, for as long as the body runs."""
    handler = partial(_Quiet, directory=str(root))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = False  # so that closing it waits for them: no thread is left
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join(timeout=10)
        server.server_close()
