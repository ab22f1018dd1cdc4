"""The server as its users start it: a process of the interpreter under test.

PORTABLE_GUEST_COMMAND (a JSON list) says how that interpreter is started, where
`sys.executable` does not or is slow; PORTABLE_CLIENT_PYTHON is the Python that runs
clients which share nothing with the server's interpreter.
"""
from __future__ import absolute_import, division, print_function

import json
import os
import re
import signal
import subprocess
import sys

from portable_server.compat import clock, threads
from tests.support.limits import scaled

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

#: Seconds until a server must be ready; Jython needs several on a busy machine.
READY = scaled(60)
#: Seconds that a stop may take, and what a busy machine is given on top (a JVM's exit).
STOPPED = scaled(2 + 8)


def guest_command():
    """The command, as a list, that starts the interpreter under test."""
    given = os.environ.get('PORTABLE_GUEST_COMMAND')
    return [str(word) for word in json.loads(given)] if given else [sys.executable]


def client_python():
    """The path of a Python for external clients; None if this machine has none."""
    given = os.environ.get('PORTABLE_CLIENT_PYTHON')
    for name in [given] if given else ['python3', 'python']:
        for folder in os.environ.get('PATH', '').split(os.pathsep):
            path = os.path.join(folder, name)
            if os.access(path, os.X_OK) and not os.path.isdir(path):
                return path
    return None


class Output(object):
    """The lines of a process's stream, read by a thread so that waiting has a limit."""

    def __init__(self, stream):
        self.lines = []
        self._changed = threads.Condition()
        self._stream = stream
        self._ended = False
        self._thread = threads.Thread(target=self._read, name='output')
        self._thread.start()

    def _read(self):
        for line in iter(self._stream.readline, b''):
            with self._changed:
                self.lines.append(line.decode('utf-8', 'replace').rstrip())
                self._changed.notify_all()
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    def wait_for(self, pattern, seconds):
        """The match of the first line that matches; None at the end of the stream or the time."""
        deadline = clock.monotonic() + seconds
        with self._changed:
            while True:
                for line in self.lines:
                    match = re.match(pattern, line)
                    if match:
                        return match
                remaining = deadline - clock.monotonic()
                if self._ended or remaining <= 0:
                    return None
                self._changed.wait(remaining)

    def to_the_end(self):
        """All lines, once the stream has ended: that of a process may have more when it has ended."""
        self._thread.join(READY)
        assert self._ended, 'the stream goes on after %r' % (self.lines,)
        return self.lines

    def close(self):
        self._thread.join(READY)
        self._stream.close()


class Program(object):
    """A process: `python -m portable_server ...` unless another module is given.

    `shell`: how a shell starts it, where "$@" is the command; `reads_log`: whether anybody reads
    its standard error.
    """

    def __init__(self, arguments, module='portable_server', shell='exec "$@"', reads_log=True):
        self.process = subprocess.Popen(
            ['sh', '-c', shell, 'sh'] + guest_command() + ['-m', module] + arguments, cwd=ROOT,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.output = Output(self.process.stdout)
        self.log = Output(self.process.stderr) if reads_log else self.process.stderr

    def address(self):
        """(host, port) once the server says that it listens."""
        match = self.output.wait_for(r'listening on \[?([^]]*?)\]?:(\d+)$', READY)
        assert match, 'not ready: %r %r' % (self.output.lines, self.log.lines)
        return match.group(1), int(match.group(2))

    def signal(self, number):
        os.kill(self.process.pid, number)

    def end_stdin(self):
        self.process.stdin.close()

    def status(self, seconds):
        """The exit status; None if the process has not ended within that time."""
        deadline = clock.monotonic() + seconds
        while self.process.poll() is None and clock.monotonic() < deadline:
            clock.sleep(0.02)
        return self.process.poll()

    def close(self):
        if self.process.poll() is None:
            self.signal(signal.SIGKILL)
        self.process.wait()
        if not self.process.stdin.closed:
            self.process.stdin.close()
        self.output.close()
        self.log.close()
