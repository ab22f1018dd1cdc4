"""Two hosts for tests: network namespaces of this machine, each with a real sshd.

Each host has an address, a home (so a cache) and host keys of its own, and is reached over a pair
of virtual Ethernet devices; there is no other way out of it. An ssh configuration knows them as
host-a and host-b, and more names for what can go wrong (see ``CONFIGURATION``). They share this
machine's files and processors, and nothing else: what listens on 127.0.0.1 is not seen by another.

It needs root, iproute2 and openssh-server; elsewhere the tests are skipped, visibly, as absent.
"""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from portable_harness.base import cache

LIMIT = 60.0  # seconds for anything that has to come; the machine may be busy
PREFIX = "portable-test"
SHARED = ("guests", "interpreters", "pins")  # folders of the user's cache: what is slow to make
PASSED_ON = ("PATH", "PYENV_ROOT", "JYTHON_HOME", "JYTHON_JAR", "PORTABLE_INTERPRETERS")

SSHD = """\
Port {port}
ListenAddress {address}
HostKey {folder}/host_key
AuthorizedKeysFile {folder}/authorized_keys
PidFile none
StrictModes no
UsePAM no
PermitRootLogin prohibit-password
PasswordAuthentication no
KbdInteractiveAuthentication no
LogLevel ERROR
SetEnv {variables}
"""
CONFIGURATION = """\
Host host-a
  HostName {a.address}
  Port {a.port}
Host host-b
  HostName {b.address}
  Port {b.port}
Host host-of-unknown-key
  HostName {a.address}
  Port {a.port}
  UserKnownHostsFile /dev/null
Host host-of-changed-key
  HostName {a.address}
  Port {a.port}
  UserKnownHostsFile {folder}/changed_hosts
Host host-that-refuses
  HostName {a.address}
  Port {a.port}
  IdentityFile {folder}/other_key
Host host-without-sshd
  HostName {a.address}
  Port 9
Host host-nowhere
  HostName nowhere.invalid
Host * !host-that-refuses
  IdentityFile {folder}/key
Host *
  User root
  IdentitiesOnly yes
  IdentityAgent none
  StrictHostKeyChecking yes
  UserKnownHostsFile {folder}/known_hosts
  GlobalKnownHostsFile /dev/null
"""


class Host:
    """One of the two; ``start`` and ``stop`` may be called again and again."""

    def __init__(self, letter: str, folder: Path, network: str, public_key: str) -> None:
        self.name = f"host-{letter}"
        self.namespace = f"{PREFIX}-{os.getpid()}-{letter}"
        self.device = f"pt{os.getpid()}{letter}"  # this machine's end; at most 15 characters
        self.gateway, self.address = f"{network}.1", f"{network}.2"
        self.port = {"a": 2201, "b": 2202}[letter]
        self.folder = folder / self.name
        self.home = self.folder / "home"
        self._sshd: subprocess.Popen[bytes] | None = None
        (self.home / ".cache" / "portable-server").mkdir(parents=True)
        for name in SHARED:
            cache.directory(name).mkdir(parents=True, exist_ok=True)
            (self.cache / name).symlink_to(cache.directory(name))
        new_key(self.folder / "host_key")
        (self.folder / "authorized_keys").write_text(public_key)
        self._write_configuration()

    @property
    def cache(self) -> Path:
        return self.home / ".cache" / "portable-server"

    @property
    def known(self) -> str:
        """Its line in a file of known hosts."""
        return f"[{self.address}]:{self.port} {(self.folder / 'host_key.pub').read_text()}"

    def _write_configuration(self, **more: str) -> None:
        given = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
        given.setdefault("PYENV_ROOT", str(Path.home() / ".pyenv"))
        given.update(HOME=str(self.home), **more)
        variables = " ".join(f'"{name}={value}"' for name, value in given.items())
        text = SSHD.format(
            port=self.port, address=self.address, folder=self.folder, variables=variables
        )
        (self.folder / "sshd_config").write_text(text)

    def make_network(self) -> None:
        inside = f"{self.device}i"
        ip("netns", "add", self.namespace)
        ip("link", "add", self.device, "type", "veth", "peer", "name", inside)
        ip("link", "set", inside, "netns", self.namespace)
        ip("-n", self.namespace, "address", "add", f"{self.address}/30", "dev", inside)
        ip("-n", self.namespace, "link", "set", inside, "up")
        ip("-n", self.namespace, "link", "set", "lo", "up")
        ip("address", "add", f"{self.gateway}/30", "dev", self.device)
        ip("link", "set", self.device, "up")

    def start(self, **variables: str) -> None:
        """Start sshd, with these variables in every session's environment, and wait for it."""
        self.stop()
        self._write_configuration(**variables)
        self.link(up=True)
        config, log = self.folder / "sshd_config", self.folder / "sshd.log"
        program = shutil.which("sshd", path=SBIN) or "sshd"
        with log.open("ab") as stream:
            self._sshd = subprocess.Popen(
                ["ip", "netns", "exec", self.namespace, program, "-D", "-e", "-f", str(config)],
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=stream,
                start_new_session=True,
            )
        deadline = time.monotonic() + LIMIT
        while not accepts(self.address, self.port):
            assert self._sshd.poll() is None, log.read_text()
            assert time.monotonic() < deadline, "sshd accepts no connection"

    def kill_sshd(self) -> None:
        """All connections are lost at once; what runs in them is not touched."""
        if self._sshd is None:
            return
        listener = psutil.Process(self._sshd.pid)
        for process in [listener, *listener.children(recursive=True)]:
            with contextlib.suppress(psutil.NoSuchProcess):  # it may end by itself meanwhile
                if process.name().startswith("sshd"):
                    process.kill()
        self._sshd.wait(LIMIT)
        self._sshd = None

    def link(self, up: bool) -> None:
        """Pull the cable, or put it in again."""
        ip("link", "set", self.device, "up" if up else "down")

    def processes(self) -> list[psutil.Process]:
        """What runs on this host, but for sshd: all that has the host's home."""
        found = []
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.Error):
                if process.environ().get("HOME") == str(self.home):
                    found.append(process)
        return found

    def wait_until_idle(self, seconds: float = LIMIT) -> list[str]:
        """Wait until nothing runs on it any more; the commands of what still does."""
        _gone, left = psutil.wait_procs(self.processes(), seconds)
        return [
            " ".join(process.cmdline())
            for process in left + self.processes()
            if process.is_running()
        ]

    def stop(self) -> None:
        """End sshd and all that still runs on the host."""
        self.kill_sshd()
        for process in self.processes():
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()

    def remove(self) -> None:
        self.stop()
        remove(self.namespace)


class TwoHosts:
    """Both hosts, and the ssh configuration that knows them."""

    def __init__(self, folder: Path) -> None:
        new_key(folder / "key")
        new_key(folder / "other_key")
        network = f"10.{random.SystemRandom().randrange(100, 250)}"
        key = (folder / "key.pub").read_text()
        self.a = Host("a", folder, f"{network}.{os.getpid() % 200}", key)
        self.b = Host("b", folder, f"{network}.{os.getpid() % 200 + 50}", key)
        self.config = folder / "ssh_config"
        self.config.write_text(CONFIGURATION.format(a=self.a, b=self.b, folder=folder))
        (folder / "known_hosts").write_text(self.a.known + self.b.known)
        other = self.b.known.partition(" ")[2]
        (folder / "changed_hosts").write_text(f"[{self.a.address}]:{self.a.port} {other}")

    def __iter__(self) -> Iterator[Host]:
        return iter((self.a, self.b))


SBIN = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"


@pytest.fixture(scope="session")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TwoHosts]:
    """The namespaces and files of both hosts, once for all tests."""
    missing = absent()
    if missing:
        pytest.skip(f"absent: two hosts: {missing}")
    remove_stale()
    hosts = TwoHosts(tmp_path_factory.mktemp("hosts"))
    try:
        for host in hosts:
            host.make_network()
        yield hosts
    finally:
        for host in hosts:
            host.remove()


@pytest.fixture
def two_hosts(network: TwoHosts, monkeypatch: pytest.MonkeyPatch) -> Iterator[TwoHosts]:
    """Both hosts, up; whatever the test does to them, they and what runs on them end with it."""
    monkeypatch.setenv("PORTABLE_SSH_CONFIG", str(network.config))
    try:
        for host in network:
            host.start()
        yield network
    finally:
        for host in network:
            host.stop()


def absent() -> str:
    """Why there can be no two hosts here; "" when there can."""
    if os.geteuid() != 0:
        return "only root can make network namespaces"
    for program, package in (
        ("ip", "iproute2"),
        ("sshd", "openssh-server"),
        ("ssh", "openssh-client"),
    ):
        if shutil.which(program, path=SBIN) is None:
            return f"there is no {program}; apt-get install {package}"
    trial = f"{PREFIX}-{os.getpid()}-trial"
    done = subprocess.run(
        ["ip", "netns", "add", trial], capture_output=True, text=True, check=False
    )
    if done.returncode:
        return f"network namespaces are not allowed: {done.stderr.strip()}"
    remove(trial)
    Path("/run/sshd").mkdir(exist_ok=True)  # where sshd's unprivileged half is locked up
    return ""


def ip(*words: str) -> None:
    done = subprocess.run(
        ["ip", *words], capture_output=True, text=True, timeout=LIMIT, check=False
    )
    assert done.returncode == 0, f"ip {' '.join(words)}: {done.stderr.strip()}"


def remove_stale() -> None:
    """What a killed run of the tests has left: its namespaces have its process in their names."""
    listed = subprocess.run(["ip", "netns", "list"], capture_output=True, text=True, check=False)
    for line in listed.stdout.splitlines():
        name = line.split()[0]
        number = name.removeprefix(f"{PREFIX}-").partition("-")[0]
        if name.startswith(PREFIX) and number.isdigit() and not psutil.pid_exists(int(number)):
            remove(name)


def remove(namespace: str) -> None:
    """The namespace, what still runs in it, and with that both ends of its cable."""
    inside = ["ip", "netns", "pids", namespace]
    found = subprocess.run(inside, capture_output=True, text=True, timeout=LIMIT, check=False)
    for number in found.stdout.split():
        with contextlib.suppress(ProcessLookupError):
            os.kill(int(number), signal.SIGKILL)
    subprocess.run(["ip", "netns", "delete", namespace], capture_output=True, check=False)


def new_key(path: Path) -> None:
    command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "test", "-f", str(path)]
    subprocess.run(command, check=True, timeout=LIMIT)


def accepts(address: str, port: int) -> bool:
    with contextlib.suppress(OSError):
        socket.create_connection((address, port), 1.0).close()
        return True
    return False
