"""Runs on the host, in the gateway's Python: keeps the archives, starts the controller, ends it.

It is sent as source by ``host`` and so stands alone: the standard library, and what CPython 3.8
has. The line to us is a channel of execnet's. Messages from us are tuples: ("have", names) is
answered with the names that are missing; ("part", name, archive) with the name; ("start", names,
patience) starts the controller, after which every message is a line for its standard input. Its
own lines come as text; ("ended", status, last words) is the last message.

What it starts, and all that this starts, has PORTABLE_REMOTE_RUN in its environment. When the
channel is closed, for whatever reason, the controller is ended as by Ctrl-C; what is left a few
seconds later is killed by that mark.
"""

from __future__ import annotations

import contextlib
import glob
import io
import os
import shutil
import signal
import subprocess
import sys
import tarfile
import tempfile
import threading
import time
import uuid
from typing import Any

KEPT = 4  # parts of each kind: some trees and versions are used to and fro
OLD = 24 * 3600.0  # seconds; what was used later than that is never removed
OLDEST, NEWEST = 10, 19  # minor versions of Python that the controller runs on
GRACE = 6.0  # seconds; execnet ends this process 15 s after the connection
MARK = "PORTABLE_REMOTE_RUN"
SAID = 4000  # characters of the controller's last words
DROPPED = ("PYTHONPATH", "PYTHONHOME", "PYTHONSTARTUP", "VIRTUAL_ENV", "PORTABLE_COMMAND")


def folder() -> str:
    """Where the parts are: in the cache of the user that ssh made us."""
    cache = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return os.path.join(cache, "portable-server", "hosts")


def path_of(name: str) -> str:
    return os.path.join(folder(), os.path.basename(name))


def is_here(name: str) -> bool:
    """Whether a part is; then it counts as used now."""
    with contextlib.suppress(OSError):
        os.utime(path_of(name))
        return True
    return False


def keep(name: str, archive: bytes) -> None:
    """Unpack an archive next to its place and move it there in one step."""
    os.makedirs(folder(), mode=0o700, exist_ok=True)
    new = tempfile.mkdtemp(prefix="new-", dir=folder())
    try:
        with tarfile.open(fileobj=io.BytesIO(archive)) as stream:
            for entry in stream:
                _write(stream, entry, new)
        try:
            os.rename(new, path_of(name))
        except OSError:
            if not is_here(name):  # else another run was quicker
                raise
    finally:
        shutil.rmtree(new, ignore_errors=True)
    remove_old(name.rpartition("-")[0])


def _write(stream: tarfile.TarFile, entry: tarfile.TarInfo, base: str) -> None:
    place = os.path.normpath(os.path.join(base, entry.name))
    content = stream.extractfile(entry)
    if content is None or not place.startswith(base + os.sep):
        raise ValueError(f"no file of a part: {entry.name}")
    os.makedirs(os.path.dirname(place), exist_ok=True)
    with content, open(place, "wb") as copy:
        shutil.copyfileobj(content, copy)
    os.chmod(place, entry.mode)


def remove_old(kind: str) -> None:
    """Parts of a kind that were not used for long, but for the newest; and what broke off."""
    found = [path for word in (kind, "new") for path in glob.glob(f"{folder()}/{word}-*")]
    for path in sorted(found, key=os.path.getmtime)[:-KEPT]:
        if time.time() - os.path.getmtime(path) > OLD:
            shutil.rmtree(path, ignore_errors=True)


def python() -> str | None:
    """The Python for the controller: this one where it is new enough, else the newest there is."""
    if sys.version_info >= (3, OLDEST):
        return sys.executable
    root = os.environ.get("PYENV_ROOT") or os.path.expanduser("~/.pyenv")
    for minor in range(NEWEST, OLDEST - 1, -1):
        built = sorted(glob.glob(f"{root}/versions/3.{minor}.*/bin/python3.{minor}"))
        for found in [shutil.which(f"python3.{minor}"), *built]:
            if found and not subprocess.call([found, "-c", ""], stderr=subprocess.DEVNULL):
                return found
    return None


class Controller:
    """The controller's process, in a session of its own; it imports from the parts alone."""

    def __init__(self, program: str, parts: list[str], patience: float, line: Any) -> None:
        self.mark, self._line = uuid.uuid4().hex, line
        variables = {key: text for key, text in os.environ.items() if key not in DROPPED}
        variables["PYTHONPATH"] = os.pathsep.join(map(path_of, parts))
        variables.update(PYTHONIOENCODING="utf-8", PORTABLE_HOST_PATIENCE=str(patience))
        variables[MARK] = self.mark
        self.said = ""
        self.process = subprocess.Popen(
            [program, "-m", "portable_harness.remote.controller"],
            cwd=path_of(parts[0]),
            env=variables,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()
        threading.Thread(target=self._hand_over, daemon=True).start()

    def _listen(self) -> None:
        for line in self.process.stderr or ():
            self.said = (self.said + line.decode("utf-8", "replace"))[-SAID:]

    def _hand_over(self) -> None:
        """From the controller to us, until it has ended, or nobody listens any more."""
        with contextlib.suppress(OSError, EOFError):
            for line in self.process.stdout or ():
                self._line.send(line.decode("utf-8", "replace"))
            status = self.process.wait()
            self._listener.join(1.0)
            self._line.send(("ended", status, self.said))

    def tell(self, line: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(line.encode("utf-8"))
        self.process.stdin.flush()

    def end(self) -> None:
        """The end of its input tells it to end; what is left then is killed."""
        with contextlib.suppress(OSError):
            assert self.process.stdin is not None
            self.process.stdin.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(GRACE)
        for number in self._marked():
            with contextlib.suppress(OSError):
                os.kill(number, signal.SIGKILL)
        self.process.kill()
        self.process.wait()

    def _marked(self) -> list[int]:
        """The processes of this run that are left."""
        wanted = f"{MARK}={self.mark}".encode()
        found: list[int] = []
        for path in glob.glob("/proc/[0-9]*/environ"):
            with contextlib.suppress(OSError), open(path, "rb") as stream:
                if wanted in stream.read().split(b"\0"):
                    found.append(int(path.split("/")[2]))
        return found


def main(line: Any) -> None:
    """Answer until the line is closed."""
    with contextlib.suppress(ValueError):  # only the main thread can, and has to
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # execnet's, when we take long to end
    controller = None
    try:
        while True:
            message = line.receive()
            if controller is not None:
                controller.tell(message)
            elif message[0] == "have":
                line.send([name for name in message[1] if not is_here(name)])
            elif message[0] == "part":
                keep(message[1], message[2])
                line.send(message[1])
            else:
                program = python()
                if program is None:
                    line.send(("ended", None, f"it has no Python 3.{OLDEST} or newer"))
                    return
                controller = Controller(program, message[1], message[2], line)
    except (EOFError, OSError):
        pass  # the end of the line, or of the controller
    finally:
        if controller is not None:
            controller.end()


if __name__ == "__channelexec__":
    main(channel)  # type: ignore[name-defined]  # noqa: F821
