"""Programs run by the interpreter under test, in a process of their own."""
from __future__ import absolute_import, division, print_function

import subprocess

from portable_server.compat import platform, text, threads
from tests.support.limits import scaled

_LIMIT = scaled(50.0)       # seconds; a start of Jython takes ten on a busy machine
_PYTHON = platform.describe()['executable']


def start_python(program):
    """Popen: `program` (source text), run here, with pipes for all three streams."""
    return subprocess.Popen([_PYTHON, '-c', program], stdin=subprocess.PIPE,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def run_python(program):
    """(exit status, standard output, standard error) of `program`, ended if too slow."""
    return finish(start_python(program))


def finish(process, seconds=_LIMIT):
    """(exit status, standard output, standard error) of a process, ended if too slow."""
    guard = threads.Timer(seconds, process.kill)
    guard.start()
    try:
        output, errors = process.communicate()
    finally:
        guard.cancel()
        guard.join()
    return process.returncode, text.native(output), text.native(errors or b'')
