"""Get files from the package index with the host's pip, chosen for a guest.

All of the user's pip configuration (PIP_* variables, pip.conf: index, proxies, certificates,
find-links) counts, because it is pip that looks and downloads. pip's own resolver is not used: it
would read the environment markers of the host.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from portable_harness.base import cache, children
from portable_harness.base.errors import Problem
from portable_harness.guest.facts import Facts
from portable_harness.guest.pins import Pin

TIME_LIMIT = 900.0  # seconds for one run of pip; a slow index is the user's to judge

# What would send the files elsewhere, or make pip install where it should only download.
_NOT_FOR_PIP = frozenset(
    [
        "PIP_TARGET",
        "PIP_PREFIX",
        "PIP_ROOT",
        "PIP_USER",
        "PIP_REQUIRE_VIRTUALENV",
        "PIP_DRY_RUN",
        "PIP_REPORT",
        "PIP_REQUIREMENT",
        "PIP_CONSTRAINT",
        "PIP_REQUIRE_HASHES",
        "PIP_PYTHON",
        "PIP_PYTHON_VERSION",
        "PIP_PLATFORM",
        "PIP_ABI",
        "PIP_IMPLEMENTATION",
        "PIP_ONLY_BINARY",
        "PIP_NO_BINARY",
        "PIP_DEST",
        "PIP_NO_DEPS",
        "PYTHONPATH",
        "PYTHONHOME",
        "PYTHONUSERBASE",
    ]
)


# What pip adds to an error of something else, and how an exception ends its traceback.
_ASIDES = ("hint:", "note:", "[end of output]")
_RAISED = re.compile(r"[A-Za-z_.]*(Error|Exception|Exit): ")


class Fetcher:
    """Downloads for one guest; ``options`` are pip's index options from a requirements file."""

    def __init__(self, facts: Facts, options: Sequence[str] = ()) -> None:
        self.facts = facts
        self.options = list(options)

    def pinned(self, pins: Sequence[Pin]) -> dict[str, Path]:
        """The files of these pins by name, from the cache or with one run of pip.

        :raises Problem: when the index has not a file of that hash, or there is no index.
        """
        found = {pin.name: _cached(pin) for pin in pins}
        missing = [pin for pin in pins if found[pin.name] is None]
        if missing:
            self._download_pins(missing)
        return {pin.name: _cached(pin, required=True) for pin in pins}  # type: ignore[misc]

    def _download_pins(self, pins: Sequence[Pin]) -> None:
        with tempfile.TemporaryDirectory(prefix="portable-pins-") as folder:
            listing = Path(folder, "requirements.txt")
            listing.write_text("".join(pin.line + "\n" for pin in pins), encoding="utf-8")
            names = ", ".join(pin.name for pin in pins)
            self._pip(folder, ["--require-hashes", "-r", str(listing)], names)
            for pin in pins:
                _keep(pin, _file_of(pin, Path(folder)))

    def newest(self, requirement: str, pre: bool, into: Path, hashes: Sequence[str] = ()) -> Path:
        """The newest file that meets the requirement (a line that pip understands, URLs too).

        A wheel is preferred to a source archive: for the latter the host would have to run a
        project's code that was perhaps written for Python 2 alone.

        :raises Problem: when nothing fits; the message has pip's own last line.
        """
        into.mkdir(parents=True, exist_ok=True)
        listing = into / "wanted.txt"
        line = " ".join([requirement, *(f"--hash={each}" for each in hashes)])
        listing.write_text(line + "\n", encoding="utf-8")
        options = [*(["--pre"] if pre else []), *(["--require-hashes"] if hashes else [])]
        wanted = [*options, "-r", str(listing)]
        try:
            return self._pip(into, ["--only-binary=:all:", *wanted], requirement)
        except Problem:
            return self._pip(into, wanted, requirement)

    def _pip(self, folder: Path | str, wanted: Sequence[str], what: str) -> Path:
        """Run `pip download` and give the (or a) file that came; ``what`` is for messages."""
        with tempfile.TemporaryDirectory(dir=folder, prefix="new-") as new:
            arguments = ["download", "--no-deps", "--dest", new, *self.facts.pip_options()]
            status, output = run_pip([*arguments, *self.options, *wanted])
            files = sorted(Path(new).iterdir())
            if status or not files:
                raise Problem(f"cannot get {what}: {last_error(output)}", "see `pip config list`")
            return [Path(shutil.move(str(file), folder)) for file in files][-1]


def run_pip(arguments: Sequence[str], python: str | Path = sys.executable) -> tuple[int, str]:
    """Run the pip of a Python, without more words the host's; its exit status and all it said."""
    environment = {name: text for name, text in os.environ.items() if name not in _NOT_FOR_PIP}
    environment.update(PIP_DISABLE_PIP_VERSION_CHECK="1", PIP_NO_INPUT="1")
    command = [str(python), "-m", "pip", "--quiet", *arguments]
    with tempfile.TemporaryDirectory(prefix="portable-pip-") as temporary:
        environment["TMPDIR"] = temporary  # one that is ended leaves its files there
        done = children.run(command, TIME_LIMIT, env=environment, merged=True)
    return done.returncode, done.stdout


def last_error(output: str) -> str:
    """pip's own words, the line that says most: an exception of a setup.py, else an error."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    lines = [line for line in lines if not line.startswith(_ASIDES)]
    raised = [line.lstrip("│╰─> ") for line in lines]
    raised = [line for line in raised if _RAISED.match(line)]
    if raised:
        return raised[-1]
    errors = [line for line in lines if line.startswith("ERROR:")]
    line = (errors or lines or ["pip gave no reason"])[-1]
    return re.sub(r"^ERROR: ", "", line)


def _cache_folder(pin: Pin) -> Path:
    return cache.directory("pins") / pin.sha256


def _cached(pin: Pin, required: bool = False) -> Path | None:
    folder = _cache_folder(pin)
    files = sorted(folder.iterdir()) if folder.is_dir() else []
    if required and not files:
        raise Problem(f"pip did not bring {pin.name} {pin.version}")
    return files[0] if files else None


def _keep(pin: Pin, file: Path) -> None:
    """Move a file to the cache in one step, so that two runs at once do no harm."""
    folder = _cache_folder(pin)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as new:
        shutil.copy2(file, new)
        if not folder.exists():
            shutil.copytree(new, folder, dirs_exist_ok=True)


def _file_of(pin: Pin, folder: Path) -> Path:
    """The file among those downloaded that belongs to the pin."""
    wanted = re.sub(r"[-_.]+", "-", f"{pin.name}-{pin.version}").lower()
    for file in folder.iterdir():
        if re.sub(r"[-_.]+", "-", file.name).lower().startswith(wanted):
            return file
    raise Problem(f"pip did not bring {pin.name} {pin.version}")
