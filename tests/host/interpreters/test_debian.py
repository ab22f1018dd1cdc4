"""Debian's methods: apt-get is a fake that records how it was called, but for one test that asks
a real mirror (PORTABLE_TEST_DEBIAN=1) and builds nothing."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from portable_harness.base import cache
from portable_harness.interpreters.install import apt, debian, debian_source, headers
from portable_harness.interpreters.install.debian import DebianMethod
from portable_harness.interpreters.install.debian_source import DebianSourceMethod
from portable_harness.interpreters.install.methods import ClosedError, Request
from portable_harness.interpreters.install.progress import Progress
from portable_harness.interpreters.names import parse

from .conftest import MakeProgram

TARBALL = b"the source"
APT_GET = """
echo "$APT_CONFIG $*" >> "$NOTES"
case "$*" in
*indextargets*) echo 'http://mirror.invalid/debian-security/ stable-security'
  echo 'http://mirror.invalid/debian/ stable';;
*update*Check-Valid-Until=false*) ;;
*update*) test ! -e "$NOTES.expired" || { echo 'E: Release file is expired'; exit 100; };;
*--print-uris*) echo "'http://x/p_1.dsc' p_1.dsc 10 SHA256:$(printf '%064d' 1)"
  echo "'http://x/p_3.99.1.orig.tar.xz' p_3.99.1.orig.tar.xz 10 SHA256:HASH";;
*--download-only*) printf 'the source' > p_3.99.1.orig.tar.xz;;
esac
"""


@pytest.fixture
def notes(program: MakeProgram, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fake apt-get first on PATH; the file where it notes its calls."""
    program("bin/apt-get", APT_GET.replace("HASH", hashlib.sha256(TARBALL).hexdigest()))
    program("bin/apt-cache", 'test "$3" = jython && echo Package: jython')
    program(
        "bin/apt-config",
        "echo 'Acquire::http::Proxy \"http://proxy.invalid\";'; echo 'APT::X \"1\";'",
    )
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("NOTES", str(tmp_path / "calls"))
    keyring = tmp_path / "keyring.gpg"
    keyring.touch()
    monkeypatch.setattr(apt, "KEYRING", keyring)
    return tmp_path / "calls"


def test_the_mirror_is_the_machines_and_not_the_security_one(notes: Path) -> None:
    assert apt.mirror() == "http://mirror.invalid/debian/"


def test_apt_runs_on_a_configuration_of_ours(notes: Path) -> None:
    tarball, version = debian_source.fetch("python3.99", Progress())
    assert (tarball.read_bytes(), version) == (TARBALL, "3.99.1")
    own = cache.directory("apt") / "apt.conf"
    work = [line for line in notes.read_text().splitlines() if "indextargets" not in line]
    assert work
    assert all(line.startswith(f"{own} ") for line in work)
    settings = own.read_text()
    assert 'Dir::Etc::Parts "/dev/null";' in settings
    assert 'Acquire::http::Proxy "http://proxy.invalid";' in settings
    assert "APT::X" not in settings
    sources = (cache.directory("apt") / "sources.list.d" / "source.sources").read_text()
    assert "URIs: http://mirror.invalid/debian/" in sources
    assert f"Signed-By: {apt.KEYRING}" in sources


def test_a_tarball_that_is_here_is_not_downloaded_again(notes: Path) -> None:
    debian_source.fetch("python3.99", Progress())
    debian_source.fetch("python3.99", Progress())
    assert notes.read_text().count("--download-only") == 1


def test_a_tarball_with_another_hash_is_refused_and_deleted(notes: Path) -> None:
    tarball, _ = debian_source.fetch("python3.99", Progress())
    tarball.write_bytes(b"something else")
    with pytest.raises(ClosedError, match="refused and deleted"):
        debian_source.fetch("python3.99", Progress())
    assert not tarball.exists()


def test_an_index_past_its_date_is_read_and_said(
    notes: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path(f"{notes}.expired").touch()
    debian_source.fetch("python3.99", Progress())
    assert "past its date" in capsys.readouterr().err


def test_debians_packages_want_leave(notes: Path) -> None:
    method = DebianMethod()
    assert method.obstacle(Request(parse("jython"))) == debian.NOT_ALLOWED
    assert method.obstacle(Request(parse("jython"), allow_debian=True)) is None
    assert "apt-get install" in method.command(parse("jython"))
    assert not notes.exists()


def test_with_leave_the_package_is_installed(notes: Path) -> None:
    DebianMethod().install(Request(parse("jython"), allow_debian=True), Progress())
    assert "install --yes --no-install-recommends jython" in notes.read_text()


def test_a_package_that_debian_has_not_is_said(notes: Path) -> None:
    obstacle = DebianMethod().obstacle(Request(parse("3.12"), allow_debian=True))
    assert obstacle == "the configured suites have no package python3.12"


def test_missing_headers_are_named_with_their_command(
    notes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(headers.REQUIRED, "no/such/header.h", "libnothing-dev")
    request = Request(parse("3.13t"))
    obstacle = DebianSourceMethod().obstacle(request)
    assert obstacle is not None
    assert "apt-get install --yes --no-install-recommends libnothing-dev" in obstacle
    assert DebianSourceMethod().obstacle(Request(parse("3.13t"), allow_debian=True)) is None


def test_without_a_compiler_everything_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    must, useful = headers.missing_packages()
    assert {"build-essential", "zlib1g-dev", "libssl-dev", "libffi-dev"} <= set(must)
    assert useful


def test_elsewhere_than_debian_the_method_is_closed(
    notes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apt, "KEYRING", Path("/nonexistent"))
    obstacle = DebianSourceMethod().obstacle(Request(parse("3.13t")))
    assert obstacle is not None
    assert "not a Debian machine" in obstacle


@pytest.mark.network
@pytest.mark.time_limit(300)
@pytest.mark.skipif(
    not os.environ.get("PORTABLE_TEST_DEBIAN"), reason="asks a mirror: PORTABLE_TEST_DEBIAN=1"
)
def test_a_real_mirror_has_the_source() -> None:
    tarball, version = debian_source.fetch("python3.13", Progress())
    assert version.startswith("3.13.")
    assert tarball.stat().st_size > 10_000_000
