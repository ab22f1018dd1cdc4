"""Which hosts are meant, how ssh is called for them, and what ssh's refusals mean."""

from __future__ import annotations

import contextlib
import os
import re
import shlex
from dataclasses import dataclass
from pathlib import Path

from portable_harness.base.errors import Problem

CONFIG_VARIABLE = "PORTABLE_SSH_CONFIG"
PATIENCE_VARIABLE = "PORTABLE_HOST_PATIENCE"
PATIENCE = 30.0  # seconds; a host that says nothing for this long is lost
ALIVE_COUNT = 5  # questions in that time whether it is alive
CONNECT_LIMIT = 20  # seconds for the connection

# It never asks the user, and gives the other end no way back to this machine.
SSH_OPTIONS = {
    "BatchMode": "yes",
    "ConnectTimeout": str(CONNECT_LIMIT),
    "ServerAliveCountMax": str(ALIVE_COUNT),
    "ForwardAgent": "no",
    "ForwardX11": "no",
    "ClearAllForwardings": "yes",
    "PermitLocalCommand": "no",
}

# What ssh says (always in English), what that means, and what to do about it.
SAID = (
    ("IDENTIFICATION HAS CHANGED", "its host key is not the one that is known here",
     "if the host was installed again: ssh-keygen -R {name}"),
    ("Host key verification failed", "its host key is not known here",
     "connect once by hand, `{ssh}`, and compare the key"),
    ("Permission denied", "it does not let us in without a password",
     "ssh-copy-id {name}, or ssh-add for a key with a passphrase"),
    ("Could not resolve hostname", "there is no host of that name", "is it written right?"),
    ("timed out", "it does not answer", "is it on, and reachable from here?"),
    ("refused", "nothing accepts ssh connections there", "is sshd running, on that port?"),
    ("No route to host", "there is no way to it", "is it on, and reachable from here?"),
    ("unreachable", "there is no way to it", "is it on, and reachable from here?"),
)  # fmt: skip


@dataclass(frozen=True)
class Address:
    """Where a gateway leads: a process here (``host`` is None), or a host of ssh's.

    ``host`` is what ssh is given ("name" or "user@name"), ``port`` overrides its configuration,
    ``python`` is the program that is started there.
    """

    host: str | None
    port: str | None = None
    python: str = "python3"

    @property
    def name(self) -> str:
        """What it is called in a report: "local", "name" or "name:port"."""
        if self.host is None:
            return "local"
        host = self.host.rpartition("@")[2]
        return f"{host}:{self.port}" if self.port else host

    def ssh(self, config: Path | None) -> list[str]:
        """ssh with its arguments; a command for the other end is to follow."""
        interval = {"ServerAliveInterval": f"{max(1.0, patience() / ALIVE_COUNT):.0f}"}
        options = [f"-o{option}={value}" for option, value in {**SSH_OPTIONS, **interval}.items()]
        return [*self._program(config), *options, "--", self.host or ""]

    def by_hand(self, config: Path | None) -> str:
        """What the user types to see for herself."""
        return shlex.join([*self._program(config), self.host or ""])

    def _program(self, config: Path | None) -> list[str]:
        words = ["ssh", *(["-F", str(config)] if config else [])]
        return [*words, "-p", self.port] if self.port else words


def parse(text: str) -> Address:
    """Read ``popen``, ``local``, ``ssh=HOST`` or ``ssh=-p 2222 USER@HOST``.

    ``//python=PROGRAM`` after it names another program than python3.

    :raises Problem: for anything else
    """
    way, *settings = re.split(r"//(?=\w+=)", text.strip())
    python = "python3"
    for setting in settings:
        key, _, python = setting.partition("=")
        if key != "python" or not python:
            raise Problem(f"{setting!r} is no setting of a host", "there is python=PROGRAM")
    if way in ("popen", "local"):
        return Address(None)
    found = re.fullmatch(r"ssh=(?:-p\s*(\d+)\s+)?((?:[^@\s-][^@\s]*@)?[^@\s-][^@\s]*)", way)
    if found is None:
        raise Problem(f"{text!r} names no host", "for example ssh=HOST or ssh=USER@HOST")
    return Address(found[2], found[1], python)


def parse_all(text: str) -> list[Address]:
    """Read ``ssh=HOST,USER@HOST,local``: ``ssh=`` need not be said again.

    :raises Problem: for what cannot be read, and where two have the same name
    """
    found: list[Address] = []
    for part in filter(None, (part.strip() for part in text.split(","))):
        known = part.startswith("ssh=") or part in ("popen", "local") or not found
        found.append(parse(part if known else f"ssh={part}"))
    if not found:
        raise Problem("no host was named", "for example ssh=HOST,HOST")
    names = [address.name for address in found]
    for name in names:
        if names.count(name) > 1:
            raise Problem(f"the host {name} was named twice", "name it once")
    return found


def patience() -> float:
    """Seconds without a word after which each end takes the other one for lost.

    :raises Problem: when the variable does not say a number from 2 on
    """
    text = os.environ.get(PATIENCE_VARIABLE) or str(PATIENCE)
    with contextlib.suppress(ValueError):
        if 2.0 <= float(text) < float("inf"):
            return float(text)
    raise Problem(f"{PATIENCE_VARIABLE}={text} is no number of seconds", "2 or more")


def configuration(given: Path | None = None) -> Path | None:
    """The ssh configuration file to use instead of the user's: given, or PORTABLE_SSH_CONFIG.

    :raises Problem: when there is no such file
    """
    named = str(given or os.environ.get(CONFIG_VARIABLE) or "")
    if not named:
        return None
    if not Path(named).is_file():
        raise Problem(f"there is no ssh configuration {named}", f"see {CONFIG_VARIABLE}")
    return Path(named).absolute()


def refusal(address: Address, config: Path | None, said: str) -> Problem:
    """What ssh said, in one line with the remedy."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    for words, meaning, remedy in SAID:
        if any(words in line for line in lines):
            advice = remedy.format(name=address.host, ssh=address.by_hand(config))
            return Problem(f"cannot reach {address.name}: {meaning}", advice)
    last = lines[-1] if lines else "ssh ended without a word"
    return Problem(f"cannot reach {address.name}: {last}", f"try {address.by_hand(config)}")
