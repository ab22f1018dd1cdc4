"""A Python on another host as an execnet gateway, or a message of one line that says why not.

Two connections are made, one after the other. The first is a look: it asks for the host's Python
and has ssh's own words when something is wrong, which execnet's gateway would lose or wait for.
The second is the gateway. Neither ever asks for a password, and neither can hang: what is not there
in time is ended. What the user's ssh configuration says (names, ports, keys, jump hosts) counts.

See ssh(1), ssh_config(5) and https://execnet.readthedocs.io/en/latest/basics.html.
"""

from __future__ import annotations

import contextlib
import re
import shlex
import signal
import subprocess
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

import psutil

from portable_harness.base.errors import Problem
from portable_harness.remote.addresses import Address, configuration, parse, refusal

if TYPE_CHECKING:
    import execnet  # an extra: imported where it is used

LIMIT = 60.0  # seconds for each of the two steps, a busy host's slow start of Python in it
OLDEST = (3, 8)  # what execnet's other end needs
CLOSE_LIMIT = 3.0  # seconds until a gateway that does not end by itself is killed
MARK = "portable-server python"
QUESTION = f"import sys; print('{MARK}', *sys.version_info[:2])"


@dataclass(frozen=True)
class _Opened:
    """What belongs to an open gateway: its group, which ends it, and what its ssh says."""

    group: execnet.Group
    log: IO[str] | None = None


_OPEN: dict[execnet.Gateway, _Opened] = {}


def open_gateway(
    spec: str | Address, ssh_config: Path | None = None, limit: float = LIMIT
) -> execnet.Gateway:
    """A gateway to a Python here ("popen") or on another host ("ssh=HOST").

    It ends with this program, however that ends; ``close`` ends it before. Ctrl-C on a terminal
    does not reach its ssh: those who use the gateway end what is done over there.

    :param ssh_config: a file to use instead of the user's configuration of ssh
    :param limit: seconds for each of the two steps
    :raises Problem: one line with the remedy when there is no such host, no way in, or no Python
    """
    address = parse(spec) if isinstance(spec, str) else spec
    if address.host is None:
        group = _group()
        gateway = group.makegateway("popen")
        _OPEN[gateway] = _Opened(group)
        return gateway
    config = configuration(ssh_config)
    _look(address, config, limit)
    return _connect(address, config, limit)


def close(gateway: execnet.Gateway) -> str:
    """End a gateway and its process; what is not gone in a few seconds is killed.

    :returns: what ssh, or the Python there, said last; "" where that was nothing
    """
    opened = _OPEN.pop(gateway, None)
    if opened is None:
        return ""
    opened.group.terminate(CLOSE_LIMIT)
    if opened.log is None:
        return ""
    with opened.log as log:
        log.seek(0)
        lines = [line.strip() for line in log if line.strip()]
    return lines[-1] if lines else ""


def _look(address: Address, config: Path | None, limit: float) -> None:
    """Ask for the Python there.

    :raises Problem: when it is not there, or too old for a gateway
    """
    try:
        done = subprocess.run(
            [*address.ssh(config), f"{address.python} -c {shlex.quote(QUESTION)}"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=limit,
            check=False,
            start_new_session=True,
        )
    except FileNotFoundError:
        raise Problem("there is no ssh here", "apt-get install openssh-client") from None
    except subprocess.TimeoutExpired:
        why = f"no answer from {address.name} within {limit:g} s"
        raise Problem(why, f"does `{address.by_hand(config)}` work?") from None
    if done.returncode == 255:
        raise refusal(address, config, done.stderr)
    _judge(address, done)


def _judge(address: Address, done: subprocess.CompletedProcess[str]) -> None:
    answer = re.search(rf"^{MARK} (\d+) (\d+)$", done.stdout, re.MULTILINE)
    where = f"{address.python} on {address.name}"
    another = f"install Python 3 there, or name one: ssh={address.host}//python=PROGRAM"
    if answer is None:
        said = (done.stderr.strip().splitlines() or ["it printed nothing"])[-1]
        raise Problem(f"there is no {where}: {said}", another)
    if (int(answer[1]), int(answer[2])) < OLDEST:
        raise Problem(f"{where} is {answer[1]}.{answer[2]}, too old for a gateway", another)
    if done.stdout.strip() != answer[0]:
        raise Problem(
            f"the login shell of {address.name} prints something of its own",
            "a shell that is not interactive must be silent: see its .bashrc",
        )


def _connect(address: Address, config: Path | None, limit: float) -> execnet.Gateway:
    """The gateway; execnet waits for the other end without limit, so it does that in a thread."""
    descriptor, path = tempfile.mkstemp(prefix="portable-ssh-")
    log = open(descriptor, encoding="utf-8", errors="replace")  # noqa: SIM115  (kept open)
    made: list[execnet.Gateway] = []
    group = _group()
    spec = _specification(address, config, path)
    thread = threading.Thread(target=_make, args=(group, spec, made), daemon=True)
    try:
        thread.start()
        thread.join(limit)
        if not made:
            raise refusal(address, config, log.read())
        _OPEN[made[0]] = _Opened(group, log)
        return made[0]
    finally:
        if not made:
            _kill(path)
            thread.join(CLOSE_LIMIT)
            log.close()
        Path(path).unlink()  # the other end of it is open by now


def _group() -> execnet.Group:
    import execnet

    return execnet.Group()


def _specification(address: Address, config: Path | None, log: str) -> execnet.XSpec:
    """execnet starts a Python here whose program is ssh, so that its messages go to our file.

    The shell's ``$0 $1 $2`` are the arguments that execnet gives to every Python.
    """
    import execnet

    ssh, host = shlex.join([*address.ssh(config)[:-2], "-E", log, "--"]), address.host or ""
    program, quoted = shlex.quote(address.python), shlex.quote(log)
    script = f"""exec {ssh} {shlex.quote(host)} {program}" $0 $1 '$2'" 2>>{quoted}"""
    spec = execnet.XSpec("popen")
    spec.python = shlex.join(["sh", "-c", script])
    return spec


def _make(group: execnet.Group, spec: execnet.XSpec, made: list[execnet.Gateway]) -> None:
    """Append the gateway; where there is none, nothing: the log of ssh says why."""
    # ssh inherits it: Ctrl-C is ours to tell the other end, not a reason to lose it.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    with contextlib.suppress(Exception):  # execnet has another one for each way to fail
        gateway = group.makegateway(spec)
        gateway.remote_exec("channel.send(1)").receive()  # execnet gives dead ones, too
        made.append(gateway)


def _kill(log: str) -> None:
    """End the ssh of a gateway that did not come to be: the one with our file for its log."""
    for child in psutil.Process().children():
        with contextlib.suppress(psutil.Error):
            if log in child.cmdline():
                child.kill()
                child.wait(CLOSE_LIMIT)
