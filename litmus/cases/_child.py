"""A program run by the interpreter under test, in a process of its own. No cases in here.

What a program's exit does can be seen only from outside of the process. Its start has a
limit of its own, because it says something about the machine (Jython's takes two seconds
of CPU, and many more on a busy one), where its end says something about threads.
"""
from __future__ import absolute_import, division, print_function

import contextlib
import subprocess

from portable_server.compat import platform, text, threads
from portable_server.litmus import Case, actor, expect

START_LIMIT = 20.0      # seconds, until the program prints STARTED
END_LIMIT = 8.0         # seconds, from then on
STARTED = 'started'
SLOW = 'not started within %d s' % START_LIMIT
EXPECT_SLOW = expect(SLOW, 'I', 'the machine was too busy to see anything')


class ProgramCase(Case):
    """The end of `program` is the outcome: what `describe` makes of it, or SLOW.

    `program` is source text that prints STARTED first, on a line of its own, and flushes.
    """

    batch = 1
    program = ''

    def __init__(self):
        self.seen = None

    @actor
    def shell(self):
        self.seen = _outcome_of(self.program, self.describe)

    def describe(self, status, output, errors):
        """Name the outcome (str); `output` is what the program printed after STARTED.

        It is killed beyond END_LIMIT: `status` is then negative, or 137 or 143 where a
        launcher stands between.
        """
        raise NotImplementedError(type(self).__name__ + ' must define describe()')

    def observe(self):
        return self.seen


def _outcome_of(program, describe):
    child = subprocess.Popen([platform.describe()['executable'], '-c', program], bufsize=0,
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    with _limited(child, START_LIMIT) as was_slow:
        started = child.stdout.readline()
    if was_slow and not started:
        _reap(child)
        return SLOW
    with _limited(child, END_LIMIT):
        output, errors = child.communicate()
    return describe(child.returncode, text.native(output), text.native(errors))


def _reap(child):
    child.wait()
    child.stdout.close()
    child.stderr.close()


@contextlib.contextmanager
def _limited(child, seconds):
    """Kill `child` unless the block ends within `seconds`; a list, not empty if it was killed."""
    killed = []

    def kill():
        killed.append(True)
        child.kill()

    guard = threads.Timer(seconds, kill)
    guard.start()
    try:
        yield killed
    finally:
        guard.cancel()
        guard.join()
