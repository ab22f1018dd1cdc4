"""A program run by the interpreter under test, in a process of its own. No cases in here.

What a program's exit does can be seen only from outside of the process.
"""
from __future__ import absolute_import, division, print_function

import subprocess

from compat import platform, text, threads

LIMIT = 25.0        # seconds; a start of Jython takes several on a busy machine


def run_python(program):
    """(exit status, standard output, standard error) of `program`, which is source text.

    Killed after LIMIT seconds; the status is then negative.
    """
    child = subprocess.Popen([platform.describe()['executable'], '-c', program],
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    guard = threads.Timer(LIMIT, child.kill)
    guard.start()
    try:
        output, errors = child.communicate()
    finally:
        guard.cancel()
        guard.join()
    return child.returncode, text.native(output), text.native(errors)
