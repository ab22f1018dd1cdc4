"""A session of the watch: what it was told to look for, and what it found."""
from __future__ import absolute_import, division, print_function

import os
import threading

from portable_server.compat import clock as compat_clock
from portable_server.compat import interception, threads
from portable_server.litmus.watch import allowances, fast, order, stacks
from portable_server.litmus.watch.allowances import Allowance
from portable_server.litmus.watch.held import everyone, of_this_thread
from portable_server.litmus.watch.holding import Holding
from portable_server.litmus.watch.ordering import Ordering
from portable_server.litmus.watch.reports import UNGUARDED, Report, Violation

MODES = ('report', 'raise')
_new_guard = threading.RLock        # the plain one: a session is begun before it is replaced

#: seconds: a shorter limit is not measured by `ticking`, but by two looks at the clock
SHORTEST_BY_TICKS = 0.05

#: orders that `watch.order` declared: (earlier name, later name)
declared = []


class Session(Holding, Ordering):
    """What `install` returns.

    reports: list of Report, one for each place; allowances: {name: Allowance};
    listeners: functions called with each new Report, by the thread that caused it; locks:
    how many watched locks were made.
    """

    def __init__(self, mode='report', hold_limit=0.1, clock=None, look_into=()):
        if mode not in MODES:
            raise ValueError('mode must be one of %s, not %r' % (', '.join(MODES), mode))
        self.mode = mode
        self.hold_limit = hold_limit
        self.clock = clock or compat_clock.monotonic
        self.ticks = clock is None and hold_limit >= SHORTEST_BY_TICKS
        self.opaque = interception.OPAQUE.difference(look_into)
        self.reports = []
        self.allowances = {}
        self.listeners = []
        self.locks = 0
        self.graph = order.Graph()
        self._places = set()
        self._taken = 0
        self._guard = _new_guard()
        self._process = os.getpid()
        for earlier, later in declared:
            self.declare(earlier, later)

    # What others ask of it

    def take(self):
        """list of Report: those since the last `take`; their places may report again."""
        with self.guard():
            new = self.reports[self._taken:]
            self._taken = len(self.reports)
            self._places.clear()
        return new

    def forget_held(self):
        """Count the locks that the calling thread still holds as held no longer.

        So a test that left one behind does no harm to the next.
        """
        self._let_go(of_this_thread())

    def text(self):
        """All reports and allowances as text."""
        blocks = [str(report) for report in list(self.reports)]
        lines = ['allowance %r, used %d times: %s' % (one.name, one.used, one.why)
                 for _, one in sorted(self.allowances.items())]
        return '\n'.join(blocks + lines)

    def guard(self):
        """The lock of the session's tables; never held while foreign code is called."""
        if self._process != os.getpid():       # a fork: its owner may be gone
            self._guard, self._process = _new_guard(), os.getpid()
            fast.ticker.forked()
        return self._guard

    def allowance(self, name, why):
        """The Allowance of this name, made where there is none."""
        with self.guard():
            return self.allowances.setdefault(name, Allowance(name, why))

    def declare(self, earlier, later):
        """Locks of the class `earlier` are taken before those of `later`."""
        with self.guard():
            first, second = self.graph.named(earlier), self.graph.named(later)
            first.after[second] = order.Edge(declared=True)

    def count(self, entered):
        """An allowance in force has covered a violation."""
        allowance = self.allowance(entered.name, entered.why)
        with self.guard():
            allowance.used += 1

    # Violations

    @staticmethod
    def thread_name():
        """str: the name of the calling thread."""
        return threads.current_thread().name

    def end(self):
        """The session is over: holds that have not ended are told of."""
        names = dict((thread.ident, thread.name) for thread in threads.enumerate())
        for held in everyone():
            for lock in held:
                if lock.kind.graph is self.graph and lock.frame is not None:
                    self.still_held(lock, held, names.get(held.ident, 'ended'))
            self._let_go(held)

    def _let_go(self, held):
        """Count this session's locks as held no longer."""
        for lock in held:
            if lock.kind.graph is self.graph:
                lock.holder = lock.frame = None
                held.discard(lock)

    def violation(self, kind, lock, operation, acquired, others, message, titles=(),
                  may_raise=True, thread=None):
        """Report it unless an allowance covers it; raise it in mode 'raise'."""
        held = of_this_thread()
        for allowed in reversed(held.allowances):
            if allowed.covers(kind, lock):
                return self.count(allowed)
        for allowed in list(allowances.everywhere):
            if allowed.covers(kind, lock):
                return self.count(allowed)
        report = Report(kind, lock, thread or self.thread_name(), operation, acquired,
                        stacks.here(), others, message, titles)
        self._keep(report)
        if self.mode == 'raise' and may_raise and not held.quiet:
            raise Violation(report)

    def _keep(self, report):
        with self.guard():
            if report.place in self._places:
                return
            self._places.add(report.place)
            self.reports.append(report)
        for listener in list(self.listeners):
            listener(report)

    def unguarded(self, lock_name, operation, message):
        """A guarded field was touched without its lock."""
        self.violation(UNGUARDED, lock_name, operation, [], [], message)
