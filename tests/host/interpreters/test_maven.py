"""Jython's jar from a Maven repository on loopback, by both clients for real: `mvn` and jgo."""

from __future__ import annotations

import importlib.util
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from portable_harness.base import cache
from portable_harness.interpreters import java
from portable_harness.interpreters.install import maven
from portable_harness.interpreters.install.build import sha256_of
from portable_harness.interpreters.install.installing import install_one
from portable_harness.interpreters.install.maven import JgoMethod, MavenMethod
from portable_harness.interpreters.install.methods import ClosedError, Method, Request
from portable_harness.interpreters.install.progress import Progress
from portable_harness.interpreters.names import parse

from .conftest import MakeProgram
from .maven_repository import SYSTEM_JAR, publish, served, sign

SETTINGS = """<settings><mirrors><mirror>
  <id>loopback</id><mirrorOf>*</mirrorOf><url>{address}</url>
</mirror></mirrors></settings>"""

pytestmark = [
    pytest.mark.skipif(not SYSTEM_JAR.exists(), reason="no system Jython to make a jar of"),
    pytest.mark.skipif(java.executable() is None, reason=java.ABSENT),
]
needs_mvn = pytest.mark.skipif(shutil.which("mvn") is None, reason="no mvn")
needs_jgo = pytest.mark.skipif(importlib.util.find_spec("jgo") is None, reason="no jgo")
LONG = pytest.mark.time_limit(300)


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("repository")
    publish(root)
    return root


@pytest.fixture
def address(repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Both clients configured, as a user would, for the repository on loopback."""
    with served(repository) as address:
        home = tmp_path / "home"
        (home / ".m2").mkdir(parents=True)
        (home / ".m2" / "settings.xml").write_text(SETTINGS.format(address=address))
        monkeypatch.setenv("MAVEN_OPTS", f"-Duser.home={home}")
        (home / "jgo.conf").write_text(f"[repositories]\ncentral = {address}\n")
        monkeypatch.setenv("JGO_CONFIG_FILE", str(home / "jgo.conf"))
        yield address


@pytest.fixture
def right(repository: Path) -> str:
    return sha256_of(jar_of(repository))


def jar_of(repository: Path) -> Path:
    return next(repository.glob("org/python/*/*/*.jar"))


METHODS = [
    pytest.param(MavenMethod(), marks=needs_mvn, id="mvn"),
    pytest.param(JgoMethod(), marks=needs_jgo, id="jgo"),
]


@LONG
@pytest.mark.parametrize("method", METHODS)
def test_the_jar_is_fetched_checked_and_runs(method: Method, address: str, right: str) -> None:
    request = Request(parse("jython2.7.4"), sha256=right)
    result = install_one(request, [method], method.name, dry_run=False, progress=Progress())
    assert result.ok, result.lines
    kept = cache.directory("jython") / "2.7.4" / "jython-standalone-2.7.4.jar"
    assert sha256_of(kept) == right
    assert str(kept) in result.lines[0]
    assert [path.name for path in kept.parents[1].iterdir()] == ["2.7.4"]


@LONG
@pytest.mark.parametrize("method", METHODS)
def test_another_jar_is_refused_and_deleted(method: Method, address: str) -> None:
    """The pin is Maven Central's; the jar on loopback is another."""
    with pytest.raises(ClosedError, match=r"not 1fba1769.*refused and deleted"):
        method.install(Request(parse("jython")), Progress())
    assert list(cache.directory("jython").rglob("*.jar")) == []


@LONG
@pytest.mark.parametrize("method", METHODS)
def test_a_repository_without_it_closes_the_method(
    method: Method, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(maven.PINS, "2.7.99", "0" * 64)
    with pytest.raises(ClosedError) as caught:
        method.install(Request(parse("jython2.7.99")), Progress())
    assert "\n" not in str(caught.value)


@needs_jgo
def test_a_damaged_download_is_refused(
    repository: Path, address: str, right: str, tmp_path: Path
) -> None:
    """Its SHA-1 file fits, the content does not: the pinned SHA-256 is what counts."""
    other = tmp_path / "other"
    shutil.copytree(repository, other)
    jar = jar_of(other)
    with jar.open("ab") as stream:
        stream.write(b"x")
    sign(jar)
    with served(other) as wrong:
        Path(os.environ["JGO_CONFIG_FILE"]).write_text(f"[repositories]\ncentral = {wrong}\n")
        with pytest.raises(ClosedError, match="refused and deleted"):
            JgoMethod().install(Request(parse("jython"), sha256=right), Progress())


def test_maven_is_given_the_coordinates(
    program: MakeProgram, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fake mvn, for machines without one: what we ask of it, and what becomes of its jar."""
    program(
        "bin/mvn",
        f'echo "$@" > {tmp_path}/asked\n'
        f"cat pom.xml >> {tmp_path}/asked\n"
        "folder=$PWD/org/python/jython-standalone/2.7.4; mkdir -p $folder\n"
        "printf x > $folder/jython-standalone-2.7.4.jar",
    )
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
    hash_of_x = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"
    kept = MavenMethod().install(Request(parse("jython"), sha256=hash_of_x), Progress())
    assert kept is not None
    assert kept.read_bytes() == b"x"
    asked = (tmp_path / "asked").read_text()
    assert "<artifactId>jython-standalone</artifactId><version>2.7.4</version>" in asked
    assert "-Dmaven.repo.local=" in asked


def test_without_java_the_methods_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(java, "executable", lambda: None)
    assert JgoMethod().obstacle(Request(parse("jython"))) in {java.ABSENT, no_jgo()}


def no_jgo() -> str | None:
    """What the method says first where the library is missing."""
    if importlib.util.find_spec("jgo") is not None:
        return None
    return "the library jgo is not installed (pip install 'portable-server[jython]')"


def test_a_version_without_a_pin_wants_one() -> None:
    for method in (MavenMethod(), JgoMethod()):
        obstacle = method.obstacle(Request(parse("jython2.7.2")))
        assert obstacle is not None
        if "no " in obstacle and "SHA-256" in obstacle:
            assert "--sha256" in obstacle
        assert "--sha256" not in (method.obstacle(Request(parse("jython2.7.2"), sha256="0")) or "")
