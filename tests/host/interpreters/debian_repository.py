"""A Debian repository on loopback, with a key of its own: what `apt-get` and `gpgv` check for real.

Its packages are small: a python3.99 that is an sh script, its library, and a C library with files
of the names that the harness looks for.
"""

from __future__ import annotations

import hashlib
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

LIBRARIES = "usr/lib/some-linux-gnu"
SUITES = ("testing", "unstable")


def run(*command: str | Path, text: str | None = None) -> str:
    """Run a program of Debian's; its output."""
    words = [str(word) for word in command]
    done = subprocess.run(words, input=text, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


@contextmanager
def key(home: Path) -> Iterator[Path]:
    """A key without a passphrase, in gpg's folder; its agent is ended."""
    home.mkdir(mode=0o700)
    name = "Test <test@example.invalid>"
    try:
        run("gpg", "--homedir", home, "--batch", "--quiet", "--passphrase", "",
            "--quick-generate-key", name, "ed25519", "sign", "never")  # fmt: skip
        yield home
    finally:
        run("gpgconf", "--homedir", home, "--kill", "all")


@dataclass
class Repository:
    """A folder laid out as a mirror of Debian, signed with the key in ``home``."""

    root: Path
    home: Path

    def export(self, keyring: Path) -> None:
        """The public key, as apt wants it."""
        keyring.write_bytes(b"")
        run("gpg", "--homedir", self.home, "--batch", "--yes", "--output", keyring, "--export")

    def publish(self, suite: str, version: str, python: str) -> None:
        """A suite with python3.99 in that version; ``python`` is its text."""
        files = {f"{LIBRARIES}/libc.so.6": "", f"{LIBRARIES}/ld-some.so.1": ""}
        stdlib = {"usr/lib/python3.99/os.py": ""}
        packages = [
            self._package(suite, "libc6", "2.99-1", files),
            self._package(suite, "libpython3.99-stdlib", version, stdlib),
            self._package(suite, "python3.99-minimal", version, {"usr/bin/python3.99": python}),
        ]
        index = self.root / "dists" / suite / "main" / f"binary-{_architecture()}" / "Packages"
        index.parent.mkdir(parents=True, exist_ok=True)
        index.write_text("\n".join(packages))
        self.sign(suite)

    def _package(self, suite: str, name: str, version: str, files: dict[str, str]) -> str:
        """Build a package; its paragraph of the index."""
        content = self.root / "build" / suite / name
        for path, text in files.items():
            (content / path).parent.mkdir(parents=True, exist_ok=True)
            (content / path).write_text(text)
            (content / path).chmod(0o755)
        needs = "" if name == "libc6" else "Depends: libc6\n"
        control = (
            f"Package: {name}\nVersion: {version}\nArchitecture: {_architecture()}\n{needs}"
            "Maintainer: Test <test@example.invalid>\nDescription: for a test\n"
        )
        (content / "DEBIAN").mkdir(exist_ok=True)
        (content / "DEBIAN" / "control").write_text(control)
        file = self.root / "pool" / suite / f"{name}_{version}.deb"
        file.parent.mkdir(parents=True, exist_ok=True)
        run("dpkg-deb", "--root-owner-group", "-Znone", "--build", content, file)
        data = file.read_bytes()
        where = f"Filename: {file.relative_to(self.root)}\nSize: {len(data)}\n"
        return f"{control}{where}SHA256: {hashlib.sha256(data).hexdigest()}\n"

    def sign(self, suite: str) -> None:
        """The suite's InRelease file."""
        folder = self.root / "dists" / suite
        index = next(folder.glob("main/*/Packages"))
        data = index.read_bytes()
        digest = hashlib.sha256(data).hexdigest()
        release = (
            f"Suite: {suite}\nCodename: {suite}\nDate: Mon, 02 Nov 2026 08:00:00 UTC\n"
            f"Architectures: {_architecture()}\nComponents: main\n"
            f"SHA256:\n {digest} {len(data)} {index.relative_to(folder)}\n"
        )
        (folder / "InRelease").write_text(
            run("gpg", "--homedir", self.home, "--batch", "--clearsign", text=release)
        )


def _architecture() -> str:
    return run("dpkg", "--print-architecture").strip()
