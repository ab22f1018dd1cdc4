"""apt-get with a configuration of our own, to read a suite that the machine does not use.

The machine's apt stays as it is: our sources, lists and downloads are in our cache. What is taken
over is its mirror (so a company's or a country's mirror is used here too), its proxy settings and
its keyring: apt then checks the signature of the suite's index, and the hash of all that it gets.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from portable_harness.base import cache, children
from portable_harness.interpreters.install import programs
from portable_harness.interpreters.install.methods import ClosedError
from portable_harness.interpreters.install.progress import Progress

KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
_URI_LINE = re.compile(
    r"'(?P<uri>[^']+)' (?P<file>\S+) (?P<size>\d+) SHA256:(?P<hash>[0-9a-f]{64})"
)


@dataclass(frozen=True)
class Part:
    """A part of Debian's archive: sources or binary packages of some suites."""

    types: str  # deb-src or deb
    suites: str
    folder: str  # of the cache; two parts share no index

    @property
    def what(self) -> str:
        """What it holds, for messages."""
        return "sources" if self.types == "deb-src" else "newer suites"


SOURCES = Part("deb-src", "trixie forky", "apt")  # with sources of CPython 3.13
BINARIES = Part("deb", "testing unstable", "apt-binaries")  # with packages of 3.14, 3.15, PyPy 8


@dataclass(frozen=True)
class SourceFile:
    """A file of a source package as the signed index has it."""

    name: str
    size: int
    sha256: str


class PrivateApt:
    """apt-get on a part of the archive, all of its state below one folder."""

    def __init__(self, log: Path, part: Part) -> None:
        self._folder = cache.directory(part.folder)
        self._part = part
        self._log = log

    def update(self, progress: Progress) -> None:
        """Get the suites' indexes and check their signatures.

        :raises ClosedError: no mirror is configured, none is reachable, or a signature is wrong
        """
        self._write_configuration()
        with progress.phase(f"read the index of Debian's {self._part.what}") as tell:
            try:
                self._update(tell)
            except ClosedError as closed:
                if "is expired" not in str(closed):
                    raise
                progress.note("the mirror's index is past its date (signature still checked)")
                self._update(tell, "-o", "Acquire::Check-Valid-Until=false")

    def _update(self, tell: Callable[[str], None], *options: str) -> None:
        command = self._apt("update", "--error-on=any", *options)
        programs.run(command, self._log, 300, tell, env=self._env())

    def source_file(self, package: str) -> SourceFile:
        """The upstream tarball of the newest version of a source package.

        :raises ClosedError: when no suite has the package
        """
        command = self._apt("source", "--print-uris", package)
        lines = programs.run(command, self._log, 60, env=self._env())
        for match in filter(None, map(_URI_LINE.search, lines)):
            if ".orig.tar." in match["file"] and not match["file"].endswith(".asc"):
                return SourceFile(match["file"], int(match["size"]), match["hash"])
        raise ClosedError(f"Debian ({self._part.suites}) has no source package {package}")

    def download(self, package: str, target: Path, progress: Progress) -> None:
        """Get the files of a source package into a folder.

        :raises ClosedError: when that fails
        """
        target.mkdir(parents=True, exist_ok=True)
        with progress.phase(f"download the source of {package}") as tell:
            command = self._apt("source", "--download-only", package)
            programs.run(command, self._log, 900, tell, cwd=target, env=self._env())

    def version(self, package: str) -> str:
        """The newest version of a binary package in these suites: "3.15.2-1".

        :raises ClosedError: when no suite has the package
        """
        try:
            lines = _ask("apt-cache", "show", "--no-all-versions", package, env=self._env())
        except ClosedError:
            lines = []
        versions = [line.removeprefix("Version: ") for line in lines if line.startswith("Version:")]
        if not versions:
            raise ClosedError(f"Debian ({self._part.suites}) has no package {package}")
        return versions[0]

    def packages(self, names: Sequence[str], target: Path, progress: Progress) -> list[Path]:
        """Get binary packages into an empty folder, with all that they depend on, libc6 too: this
        apt takes the machine for an empty one.

        :raises ClosedError: when a package cannot be had, or is not what the signed index says
        """
        (target / "partial").mkdir()
        with progress.phase(f"download {' '.join(names)} and what they need") as tell:
            words = ("--yes", "--download-only", "--no-install-recommends")
            command = self._apt(*words, "-o", f"Dir::Cache::Archives={target}", "install", *names)
            programs.run(command, self._log, 900, tell, env=self._env())
        return sorted(target.glob("*.deb"))

    def _apt(self, *arguments: str) -> list[str]:
        return ["apt-get", "-q", *arguments]

    def _env(self) -> dict[str, str]:
        return {"APT_CONFIG": str(self._folder / "apt.conf"), "LC_ALL": "C.UTF-8"}

    def _write_configuration(self) -> None:
        for name in ("state/lists/partial", "cache/archives/partial", "sources.list.d"):
            (self._folder / name).mkdir(parents=True, exist_ok=True)
        (self._folder / "state" / "status").touch()
        cache.write_atomically(self._folder / "sources.list.d" / "source.sources", self._sources())
        cache.write_atomically(self._folder / "apt.conf", self._configuration())

    def _configuration(self) -> str:
        """Ours, and of the machine's only how to download: its hooks must not run for us."""
        own = {
            "Dir::Etc::Main": "/dev/null",
            "Dir::Etc::Parts": "/dev/null",
            "Dir::Etc::SourceList": "/dev/null",
            "Dir::Etc::SourceParts": str(self._folder / "sources.list.d"),
            "Dir::State": str(self._folder / "state"),
            "Dir::State::Lists": str(self._folder / "state" / "lists"),
            "Dir::State::Status": str(self._folder / "state" / "status"),  # nothing is installed
            "Dir::Cache": str(self._folder / "cache"),
            "APT::Sandbox::User": "root",  # _apt may not read below a home folder
            "Acquire::Languages": "none",
            "Acquire::Retries": "2",
            "Acquire::http::Timeout": "20",
        }
        ours = [f'{name} "{value}";' for name, value in own.items()]
        return "\n".join([*_download_settings(), *ours]) + "\n"

    def _sources(self) -> str:
        lines = {
            "Types": self._part.types,
            "URIs": mirror(),
            "Suites": self._part.suites,
            "Components": "main",
            "Signed-By": str(KEYRING),
        }
        return "".join(f"{name}: {value}\n" for name, value in lines.items())


def _download_settings() -> list[str]:
    """Proxies, certificates and the like, from the machine's configuration."""
    wanted = re.compile(r"Acquire::(http|https|ftp|[A-Za-z]+::Proxy|Proxy)\b", re.IGNORECASE)
    return [line for line in _ask("apt-config", "dump") if wanted.match(line)]


def obstacle() -> str | None:
    """Why no package can be had by apt: it is not here, or knows no mirror of Debian."""
    if shutil.which("apt-get") is None:
        return "there is no apt-get here"
    try:
        mirror()
    except ClosedError as closed:
        return str(closed)
    return None


def mirror() -> str:
    """The address of the Debian mirror that this machine is configured to use.

    :raises ClosedError: when apt is not here, or knows no mirror of Debian
    """
    if not KEYRING.exists():
        raise ClosedError(f"no {KEYRING}: not a Debian machine (or install debian-archive-keyring)")
    targets = _ask(
        "apt-get", "indextargets", "--format", "$(REPO_URI) $(RELEASE)", "Created-By: Packages"
    )
    for line in targets:
        address, _, suite = line.partition(" ")
        if address.rstrip("/").endswith("/debian") and not re.search(r"security|backports", suite):
            return address
    raise ClosedError("apt's sources name no mirror of Debian")


def _ask(*command: str, env: Mapping[str, str] | None = None) -> list[str]:
    try:
        done = children.run(command, 60, env={**os.environ, **(env or {})})
        done.check_returncode()
    except (OSError, subprocess.SubprocessError) as error:
        raise ClosedError(f"{command[0]} does not work here: {error}") from error
    return done.stdout.splitlines()
