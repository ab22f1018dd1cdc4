"""The end of a generator on its own machine; execnet sends it to another one, and runs it there.

Standard library only, and Python 3.8 is enough. A gateway has this module run a job: "prepare"
compiles the programs where there is a C compiler, or puts those in Python there; "run" runs
one: its lines go through the channel, what the channel brings goes to its standard input. When the
channel closes, or the line to the controller is lost, the program ends. "watch" waits for a word
now and then: a line that broke without a sign (a pulled cable) is not reported by ssh at this end.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from typing import Any

COMPILE_LIMIT = 120  # seconds
END_LIMIT = 5.0  # seconds from the end of its input to the end of a program by force


class NotCompiledError(Exception):
    """There is no compiler, or it fails; one line."""


def compiler() -> str | None:
    """The path of a C compiler, or None."""
    return next((path for name in ("cc", "gcc", "clang") if (path := shutil.which(name))), None)


def compiled(name: str, files: dict[str, str], folder: str) -> str:
    """The program made of these sources and headers, once for each text of them.

    :raises NotCompiledError: one line
    """
    digest = hashlib.sha256(repr(sorted(files.items())).encode()).hexdigest()[:16]
    program = os.path.join(folder, f"{name}-{digest}")
    if os.path.exists(program):
        return program
    cc = compiler()
    if cc is None:
        raise NotCompiledError("there is no C compiler")
    os.makedirs(folder, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as work:
        _write(files, work)
        command = [cc, "-O2", "-pthread", "-o", "program"]
        command += sorted(file for file in files if file.endswith(".c"))
        _call(command, work)
        os.replace(os.path.join(work, "program"), program)
    return program


def _write(files: dict[str, str], folder: str) -> None:
    for name, text in files.items():
        with open(os.path.join(folder, name), "w", encoding="utf-8") as stream:
            stream.write(text)


def _call(command: list[str], folder: str) -> None:
    try:
        made = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, timeout=COMPILE_LIMIT, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NotCompiledError(f"{command[0]}: {error}") from None
    if made.returncode:
        said = (made.stderr.strip().splitlines() or ["it says nothing"])[0]
        raise NotCompiledError(f"{command[0]}: {said}")


def version(program: str | None) -> str | None:
    """The first line of what a compiler says about itself."""
    if program is None:
        return None
    try:
        done = subprocess.run(
            [program, "--version"], capture_output=True, text=True, timeout=30, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return (done.stdout.splitlines() or [os.path.basename(program)])[0]


def prepare(job: dict[str, Any]) -> dict[str, Any]:
    """The commands of the programs by name, and what is known of this machine."""
    folder = job["folder"] or os.path.expanduser("~/.cache/portable-server/benchmarks")
    try:
        os.makedirs(folder, exist_ok=True)
    except OSError:
        folder = tempfile.mkdtemp(prefix="portable-load-")
    found = _programs(job, folder)
    connection = os.environ.get("SSH_CONNECTION", "").split()
    found["controller"] = connection[0] if connection else None
    found["compiler"] = version(compiler())
    return found


def _programs(job: dict[str, Any], folder: str) -> dict[str, Any]:
    """The commands, of which ``engine``, and ``why`` not of those in C."""
    why = None
    if job["engine"] != "python":
        try:
            commands = {n: [compiled(n, files, folder)] for n, files in job["c"].items()}
        except (NotCompiledError, OSError) as error:
            why = str(error)
        else:
            return {"engine": "c", "why": None, "commands": commands}
    commands = {name: _script(name, text, folder) for name, text in job["python"].items()}
    return {"engine": "python", "why": why, "commands": commands}


def _script(name: str, text: str, folder: str) -> list[str]:
    """The command of a program in Python, once for each text of it."""
    path = os.path.join(folder, f"{name}-{hashlib.sha256(text.encode()).hexdigest()[:16]}.py")
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=folder, delete=False) as stream:
        stream.write(text)
    os.replace(stream.name, path)  # others may be reading it
    return [sys.executable, path]


def run(channel: Any, command: list[str]) -> None:
    """Run a program until it ends by itself, or the channel does."""
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, errors="replace"
    )
    assert process.stdin is not None
    assert process.stdout is not None
    stdin = process.stdin
    killer = threading.Timer(END_LIMIT, process.kill)
    killer.daemon = True

    def on_words(words: str | None) -> None:
        try:
            if words is None:
                killer.start()
                stdin.close()
            else:
                stdin.write(words)
                stdin.flush()
        except (OSError, ValueError, RuntimeError):
            pass  # it has ended

    channel.setcallback(on_words, endmarker=None)
    try:
        for line in process.stdout:
            channel.send(line)
    except OSError:
        on_words(None)  # nobody listens any more
    finally:
        process.wait()
        killer.cancel()
        process.stdout.close()


def watch(channel: Any, patience: float) -> None:
    """End this process when nothing has come for so long; its programs end with their input."""
    try:
        while True:
            channel.receive(patience)
    except channel.TimeoutError:
        os._exit(1)
    except EOFError:
        pass  # closed: the gateway ends by itself


def main(channel: Any) -> None:
    job = channel.receive()
    if job["do"] == "prepare":
        channel.send(prepare(job))
    elif job["do"] == "watch":
        watch(channel, job["patience"])
    else:
        run(channel, job["command"])


if __name__ == "__channelexec__":
    main(channel)  # type: ignore[name-defined]  # noqa: F821  (execnet's)
