"""Packages of newer suites, by the real apt from a signed repository on loopback."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from portable_harness.base import cache
from portable_harness.commands.interpreters import interpreters
from portable_harness.interpreters import places
from portable_harness.interpreters.install import apt, debian_unpacked, programs
from portable_harness.interpreters.install.complaints import cause
from portable_harness.interpreters.install.debian_unpacked import DebianUnpackedMethod
from portable_harness.interpreters.install.installing import install_one
from portable_harness.interpreters.install.methods import ClosedError, Request
from portable_harness.interpreters.install.progress import Progress
from portable_harness.interpreters.names import parse
from portable_harness.interpreters.places import Candidate

from .conftest import FACTS, MakeProgram
from .debian_repository import LIBRARIES, SUITES, Repository, key
from .maven_repository import served

PYTHON = f"#!/bin/sh\necho 'PORTABLE-FACTS {json.dumps({**FACTS, 'version': [3, 99, 2]})}'\n"
METHOD = DebianUnpackedMethod()
REQUEST = Request(parse("3.99"))
PREFIX = "3.99.2-debian"


@pytest.fixture(scope="module")
def signer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with key(tmp_path_factory.mktemp("gpg") / "home") as home:
        yield home


@pytest.fixture
def repository(
    tmp_path: Path, signer: Path, program: MakeProgram, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Repository]:
    """A mirror that this machine's apt is taken to be configured for."""
    made = Repository(tmp_path / "mirror", signer)
    for suite, version in zip(SUITES, ("3.99.1-1", "3.99.2+dfsg-1"), strict=True):
        made.publish(suite, version, PYTHON)
    made.export(tmp_path / "keyring.gpg")
    monkeypatch.setattr(apt, "KEYRING", tmp_path / "keyring.gpg")
    note = 'echo "$*" >> "$0.calls"; test "$1" != --print-interpreter || echo /lib9/ld-some.so.1'
    patchelf = str(program("bin/patchelf", note))
    monkeypatch.setattr(debian_unpacked, "_patchelf", lambda: patchelf)
    with served(made.root) as address:
        monkeypatch.setattr(apt, "mirror", lambda: f"{address}/")
        yield made


def install() -> Path | None:
    return METHOD.install(REQUEST, Progress())


def left() -> list[str]:
    """What there is in the folder of installations, but for the lock."""
    names = {path.name for path in cache.directory("python").iterdir()}
    return sorted(names - {"debian-unpacked.lock"})


def test_the_newest_is_unpacked_and_runs_on_its_own_libraries(
    repository: Repository, tmp_path: Path
) -> None:
    result = install_one(REQUEST, [METHOD], METHOD.name, dry_run=False, progress=Progress())
    assert result.ok, result.lines
    prefix = cache.directory("python") / PREFIX
    assert str(prefix / "bin" / "python3.99") in result.lines[0]
    assert cache.built_pythons() == [prefix]
    assert left() == [PREFIX]
    _, paths = (tmp_path / "bin" / "patchelf.calls").read_text().splitlines()
    own = prefix / LIBRARIES
    assert f"--set-interpreter {own}/ld-some.so.1 --force-rpath --set-rpath {own}" in paths
    assert paths.endswith(f" {prefix}/usr/bin/python3.99")


def test_a_removed_one_is_gone(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    made = install()
    assert made is not None
    candidates = [Candidate(made, "cache")]
    monkeypatch.setattr(places, "candidates", lambda: iter(candidates))
    result = CliRunner().invoke(interpreters, ["remove", "3.99"])
    assert result.stdout == f"3.99: deleted {cache.directory('python') / PREFIX}\n"
    assert left() == []
    candidates.clear()
    result = CliRunner().invoke(interpreters, ["remove", "3.99"])
    assert (result.exit_code, result.stdout) == (2, "")
    assert "3.99: `install` made none that is here" in result.stderr


def test_what_is_here_is_not_downloaded_again(repository: Repository) -> None:
    first = install()
    for package in repository.root.glob("pool/*/*.deb"):
        package.unlink()
    assert install() == first


def other_content(repository: Repository) -> None:
    for package in repository.root.glob("pool/*/python3.99-minimal_*.deb"):
        package.write_bytes(package.read_bytes().replace(b"PORTABLE", b"PORTABLF"))


def other_index(repository: Repository) -> None:
    for index in repository.root.glob("dists/*/main/*/Packages"):
        index.write_text(index.read_text().replace("for a test", "of a thief"))


def other_text_signed(repository: Repository) -> None:
    release = repository.root / "dists" / "unstable" / "InRelease"
    release.write_text(release.read_text().replace("Components: main", "Components: mine"))


def other_key(repository: Repository) -> None:
    with key(repository.root / "other") as home:
        Repository(repository.root, home).sign("unstable")


def no_signature(repository: Repository) -> None:
    release = repository.root / "dists" / "unstable" / "InRelease"
    text = release.read_text().split("-----BEGIN PGP SIGNATURE")[0]
    release.with_name("Release").write_text(text.split("\n\n", 1)[1])
    release.unlink()


def no_suite(repository: Repository) -> None:
    (repository.root / "dists" / "unstable" / "InRelease").unlink()


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (other_content, "not what the signed index says"),
        (other_index, "not what the signed index says"),
        (other_text_signed, "signature"),
        (other_key, "signature"),
        (no_signature, "signature"),
        (no_suite, "it is not there"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_what_is_not_signed_or_not_there_is_refused(
    repository: Repository, damage: Callable[[Repository], None], words: str
) -> None:
    damage(repository)
    with pytest.raises(ClosedError, match=words):
        install()
    assert left() == []


def test_one_that_does_not_run_is_deleted(repository: Repository) -> None:
    repository.publish("unstable", "3.99.3-1", "#!/bin/sh\nexit 1\n")
    with pytest.raises(ClosedError, match=r"python3.99 failed"):
        install()
    assert left() == []


def test_an_interrupted_one_is_not_found_and_the_next_succeeds(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = programs.run

    def interrupted(command: list[str], *rest: object, **named: object) -> list[str]:
        if command[0] == "dpkg-deb" and "python3.99-minimal" in command[2]:
            raise KeyboardInterrupt
        return real(command, *rest, **named)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(programs, "run", interrupted)
        with pytest.raises(KeyboardInterrupt):
            install()
    assert cache.built_pythons() == []
    assert left() == [PREFIX]  # without its stamp; the next begins it again
    (cache.directory("python") / "download-killed").mkdir()
    install()
    assert left() == [PREFIX]
    assert cache.built_pythons() == [cache.directory("python") / PREFIX]


def test_another_version_than_asked_for_is_said(repository: Repository) -> None:
    with pytest.raises(ClosedError, match=r"Debian has 3\.99\.2, not 3\.99\.7"):
        METHOD.install(Request(parse("3.99.7")), Progress())
    with pytest.raises(ClosedError, match=r"\(testing unstable\) has no package python3\.98-mini"):
        METHOD.install(Request(parse("3.98")), Progress())


@pytest.mark.parametrize("name", ["3.15", "3.14.8", "pypy", "pypy3.11", "pypy8"])
def test_served(name: str) -> None:
    assert METHOD.serves(parse(name))


@pytest.mark.parametrize("name", ["3.12", "3.15t", "3.15gil", "cpython", "pypy2.7", "jython", "3"])
def test_not_served(name: str) -> None:
    assert not METHOD.serves(parse(name))


def test_pypy_goes_by_its_own_version() -> None:
    upstream = debian_unpacked._upstream
    assert upstream("8.0.1+dfsg-1", parse("pypy8")) == "8.0.1"
    assert upstream("8.0.1+dfsg-1", parse("pypy3.11")) == "8.0.1"
    with pytest.raises(ClosedError, match="not 7"):
        upstream("8.0.1+dfsg-1", parse("pypy7"))


def test_without_patchelf_it_is_said(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert METHOD.obstacle(REQUEST) is None
    monkeypatch.setattr(debian_unpacked, "_patchelf", lambda: None)
    assert METHOD.obstacle(REQUEST) == debian_unpacked.NO_PATCHELF


def test_apts_complaints_in_few_words() -> None:
    assert "signature" in cause(["E: The repository 'http://x testing InRelease' is not signed."])
