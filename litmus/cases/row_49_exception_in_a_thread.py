"""Row 49: an exception ends its own thread only, and is logged once.

The other threads continue, and the exit status is the main thread's. Only
``threading.excepthook`` gets the exception, and prints a traceback. A program that needs
it elsewhere has to pass it on itself (through a Queue or a list). ``sys.exit`` in a thread
does not end the program: it ends that thread, silently.

Source: library/threading: excepthook; library/_thread: start_new_thread, on SystemExit;
library/sys: exit, on threads.
"""
from __future__ import absolute_import, division, print_function

from portable_server.compat import threads
from portable_server.litmus import Case, actor, expect
from portable_server.litmus.cases import _child

LIMIT = 10.0    # seconds that no wait in here should need

_PROGRAM = '''
import sys
from portable_server.compat import threads
print("started")
sys.stdout.flush()

def go_on():
    failing.join(10); leaving.join(10); print("the other went on")

failing = threads.Thread(target=lambda: 1 // 0, name="failing")
leaving = threads.Thread(target=lambda: sys.exit(5), name="leaving")
other = threads.Thread(target=go_on, name="other")
for thread in (failing, leaving, other):
    thread.start()
other.join(10)
sys.exit(3)
'''


class FailingThread(_child.ProgramCase):
    """One thread fails, one calls sys.exit(5), main ends with 3: what is seen from outside?"""

    rows = (49,)
    expectations = (expect('status 3, logged once, the other went on', 'A',
                           'library/threading: excepthook; library/sys: exit'),
                    _child.EXPECT_SLOW)
    program = _PROGRAM

    def describe(self, status, output, errors):
        tracebacks = errors.count('Traceback')
        logged = 'once' if (tracebacks == errors.count('Exception in thread failing')
                            == errors.count('ZeroDivisionError:') == 1) else repr(errors)
        return 'status %d, logged %s, %s' % (status, logged, output.strip() or 'the other did not')


class HookIsCalled(Case):
    """A thread fails while another works: is the hook called once, does the other go on?"""

    rows = (49,)
    expectations = (expect('1 call, the other went on', 'A', 'library/threading: excepthook'),)
    batch = 1       # the hook is everybody's

    def __init__(self):
        self.calls = []
        self.went_on = False

    def work(self, failing):
        failing.join(LIMIT)
        self.went_on = True

    @actor
    def program(self):
        before, threads.excepthook = threads.excepthook, self.calls.append
        try:
            failing = threads.Thread(target=lambda: 1 // 0)
            other = threads.Thread(target=self.work, args=(failing,))
            failing.start()
            other.start()
            other.join(LIMIT)
        finally:
            threads.excepthook = before

    def observe(self):
        return '%d call%s, the other %s' % (len(self.calls), 's' * (len(self.calls) != 1),
                                            'went on' if self.went_on else 'did not')


class HandedOver(Case):
    """The thread catches its exception and hands it over: the one that joins raises it."""

    rows = (49,)
    mends = 'HookIsCalled'
    expectations = (expect('raises ZeroDivisionError', 'A', 'the sequential outcome'),)
    batch = 10

    def __init__(self):
        self.failed = []

    def work(self):
        try:
            1 // 0
        except ZeroDivisionError as error:
            self.failed.append(error)

    @actor
    def program(self):
        worker = threads.Thread(target=self.work)
        worker.start()
        worker.join(LIMIT)
        for error in self.failed:
            raise error

    def observe(self):
        return 'nobody was told'
