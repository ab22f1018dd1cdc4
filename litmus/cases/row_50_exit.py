"""Row 50: the end of a program waits for its threads, but not for its daemons.

After the main thread has ended, the interpreter joins all threads that are not daemons,
and then stops. A daemon ends wherever it is, perhaps inside a write, and no ``finally``
runs. So a daemon must not own anything that has to be closed. Give such a thread a way to
be stopped, and join it.

Source: library/threading: Thread Objects, the note on daemon threads.
"""
from __future__ import absolute_import, division, print_function

from portable_server.litmus import expect
from portable_server.litmus.cases import _child

_PROGRAM = '''
import sys
from portable_server.compat import clock, threads
print("started")
sys.stdout.flush()

def last():
    clock.sleep(0.2)        # the main thread has nothing left to do meanwhile
    print("the thread ended")
    sys.stdout.flush()

def endless():
    waiting.set()
    try:
        threads.Event().wait()
    finally:
        print("the daemon ended")

waiting = threads.Event()
threads.Thread(target=endless, daemon=True).start()
waiting.wait(10)
threads.Thread(target=last).start()
sys.exit(4)
'''


class EndOfProgram(_child.ProgramCase):
    """Main ends while a thread works and a daemon waits for ever: who is waited for?"""

    rows = (50,)
    expectations = (expect('status 4, the thread ended', 'A', 'library/threading: Thread'),
                    _child.EXPECT_SLOW)
    program = _PROGRAM

    def describe(self, status, output, errors):
        return ', '.join(['status %d' % status] + output.splitlines() + [errors] * bool(errors))
