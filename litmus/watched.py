"""Cases under the watch: the outcome is what the watch reports.

The lesson is one actor's: the watch needs no second thread and no bad luck to see a
violation, which is the point of it. Time is a clock that the lesson turns, so that a
"long" hold takes no time, and no load on the machine can make a short one long.
"""
from __future__ import absolute_import, division, print_function

from portable_server.compat import threads
from portable_server.litmus import watch
from portable_server.litmus.case import Case, actor

NOTHING = 'no report'


class Clock(object):
    """Seconds that pass when told to; ``on_read``, where set, is called at each reading."""

    def __init__(self):
        self.now = 1000.0
        self.on_read = None

    def __call__(self):
        now = self.now
        if self.on_read is not None:
            self.on_read()
        return now


class WatchedCase(Case):
    """Runs ``lesson`` under a watch of its own; the outcome is a list of its reports.

    The list has the kind and the lock of each report, as ``'lock-order of a'``, or is
    ``'no report'``. A watch is there for the whole process: one round at a time.
    """

    batch = 1
    #: What becomes of each lock of the lesson; a control breaks them here.
    tampered = staticmethod(lambda lock: lock)
    #: Seconds on ``clock`` that a lock may be held.
    hold_limit = 1.0

    def __init__(self):
        self.clock = Clock()
        self.session = None

    @actor
    def alone(self):
        with watch.installed(mode='report', hold_limit=self.hold_limit,
                             clock=self.clock) as session:
            self.session = session
            self.lesson()

    def lesson(self):
        """What is done under the watch."""
        raise NotImplementedError(type(self).__name__ + ' must define lesson()')

    def new_lock(self, name, rank=None):
        """A lock of the class ``name``."""
        return self.tampered(watch.name(threads.Lock(), name, rank))

    def pass_time(self, seconds):
        """Let ``seconds`` pass on the clock of the watch."""
        self.clock.now += seconds

    def observe(self):
        told = sorted('%s of %s' % (report.kind, report.lock) for report in self.session.reports)
        return ', '.join(told) or NOTHING
