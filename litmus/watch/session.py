"""A session of the watch: what it was told to look for, and what it found."""
from __future__ import absolute_import, division, print_function

import os
import threading

from compat import clock as compat_clock
from compat import interception, threads
from litmus.watch import order, reports, stacks
from litmus.watch.allowances import Allowance, everywhere
from litmus.watch.held import everyone as all_held
from litmus.watch.held import of_this_thread
from litmus.watch.reports import BLOCKED, HELD_TOO_LONG, NESTING, ORDER, UNGUARDED, Report, Violation

MODES = ('report', 'raise')
_new_guard = threading.RLock        # the plain one: a session is begun before it is replaced

#: orders that `watch.order` declared: (earlier name, later name)
declared = []


class Session(object):
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
        now = self.clock()
        names = dict((thread.ident, thread.name) for thread in threads.enumerate())
        for held in all_held():
            for lock in list(held):
                since, frame, line = lock.since, lock.frame, lock.line
                if lock.kind.graph is not self.graph or frame is None:
                    continue
                if now - since > self.hold_limit:
                    self._still_held(lock, _stack(held, frame, line), now - since,
                                     names.get(held.ident, 'ended'))
            self._let_go(held)

    def _let_go(self, held):
        """Count this session's locks as held no longer."""
        for lock in list(held):
            if lock.kind.graph is self.graph:
                lock.holder = lock.frame = None
                held.remove(lock)

    def _still_held(self, lock, acquired, seconds, thread):
        name = lock.kind.name
        self.violation(
            HELD_TOO_LONG, name, '', acquired, [],
            "'%s' is still held by thread '%s' after %.3f seconds, the limit is %g"
            % (name, thread, seconds, self.hold_limit),
            titles=[('violated', 'the watch ended at')], may_raise=False, thread=thread)

    def violation(self, kind, lock, operation, acquired, others, message, titles=(),
                  may_raise=True, thread=None):
        """Report it unless an allowance covers it; raise it in mode 'raise'."""
        held = of_this_thread()
        for allowed in reversed(held.allowances):
            if allowed.covers(kind, lock):
                return self.count(allowed)
        for allowed in list(everywhere):
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

    def blocking(self, held, operation, locks=None):
        """The thread calls `operation`, which may wait, while it holds `locks`."""
        locks = list(held) if locks is None else locks
        lock = locks[-1]
        name = lock.kind.name
        self.violation(
            BLOCKED, name, operation, acquired_at(lock), _others(locks[:-1]),
            "thread '%s' calls %s while it holds '%s'" % (self.thread_name(), operation, name),
            titles=[('other', "it also holds '%s', acquired at"),
                    ('violated', '%s was called at' % operation)])

    def held_too_long(self, lock, holder, since, frame, line, may_raise=True):
        """A hold has ended that was longer than the limit."""
        name, seconds = lock.kind.name, self.clock() - since
        self.violation(
            HELD_TOO_LONG, name, '', _stack(holder, frame, line), [],
            "'%s' was held for %.3f seconds, the limit is %g" % (name, seconds, self.hold_limit),
            titles=[('violated', 'released at')], may_raise=may_raise)

    def ends_hold(self, lock):
        """The holder is about to wait on a Condition of `lock`, which ends this hold."""
        if self.clock() - lock.since > self.hold_limit:
            self.held_too_long(lock, lock.holder, lock.since, lock.frame, lock.line)
            lock.since = self.clock()

    def release_quietly(self, lock):
        """Release in a `with` that an exception leaves: report, and raise nothing new."""
        held = of_this_thread()
        held.quiet += 1
        try:
            lock.release()
        finally:
            held.quiet -= 1

    # A second lock

    def acquire_nested(self, lock, held, blocking, timeout):
        """Acquire `lock` for a thread that holds others; bool as of `acquire`."""
        if not blocking or timeout == 0 or held.inside:
            return _plain(lock, blocking, timeout)
        if lock.holder is held:
            self._own_again(lock, held)
            return _plain(lock, blocking, timeout)
        self._check_order(lock, held)
        return lock.inner.acquire(False) or self._wait(lock, held, blocking, timeout)

    def _own_again(self, lock, held):
        name = lock.kind.name
        self.violation(
            BLOCKED, name, lock.type_name + '.acquire', acquired_at(lock),
            _others([one for one in held if one is not lock]),
            "thread '%s' waits for '%s', which it holds itself: it waits for ever"
            % (self.thread_name(), name), titles=[('violated', 'acquired again at')])

    def _wait(self, lock, held, blocking, timeout):
        """Wait for a lock that another thread has; too long a wait is a violation."""
        started = self.clock()
        holder, place = lock.holder, place_of(lock)
        if not lock.timed:
            taken = lock.inner.acquire(blocking)
        else:
            taken = self._wait_in_parts(lock, held, timeout, started, place)
            if taken is None:
                return True
        if taken and self.clock() - started > self.hold_limit:
            self._waited(lock, held, place, taken)
        return taken

    def _wait_in_parts(self, lock, held, timeout, started, place):
        """bool; None where the long wait was reported while it lasted."""
        told, deadline = False, None
        if timeout != -1:
            deadline = compat_clock.monotonic() + timeout
        while True:
            part = max(self.hold_limit, 0.001) * 1.01
            if deadline is not None:
                part = min(part, max(0, deadline - compat_clock.monotonic()))
            if told and deadline is None:
                lock.inner.acquire()
                return None
            if lock.inner.acquire(True, part):
                return None if told else True
            if not told and self.clock() - started > self.hold_limit:
                told = True
                self._waited(lock, held, place, False)
            if deadline is not None and compat_clock.monotonic() >= deadline:
                return False

    def _waited(self, lock, held, place, taken):
        last, name = held[-1], lock.kind.name
        try:
            self.violation(
                BLOCKED, last.kind.name, lock.type_name + '.acquire', acquired_at(last),
                _others(held[:-1]) + [(name, place)],
                "thread '%s' waits for '%s' longer than %g seconds while it holds '%s'"
                % (self.thread_name(), name, self.hold_limit, last.kind.name))
        except Violation:
            if taken:
                lock.inner.release()
            raise

    # The order of locks

    def _check_order(self, lock, held):
        kind = lock.kind
        for one in list(held):
            if one.kind is kind:
                self._check_nesting(one, lock)
            elif kind not in one.kind.after:
                self._new_order(one, lock)

    def _check_nesting(self, outer, inner):
        if outer.rank is not None and inner.rank is not None and outer.rank < inner.rank:
            return
        name = inner.kind.name
        self.violation(
            NESTING, name, inner.type_name + '.acquire', acquired_at(outer), [],
            "thread '%s' takes a second lock of the class '%s' without a declared order "
            "(ranks: %s, then %s)" % (self.thread_name(), name, outer.rank, inner.rank),
            titles=[('acquired', 'the first was acquired at'),
                    ('violated', 'the second is acquired at')])

    def _new_order(self, outer, inner):
        first, second = outer.kind, inner.kind
        edge = order.Edge(acquired_at(outer), stacks.here(), self.thread_name())
        with self.guard():
            way = self.graph.way(second, first)
            if way is None:
                first.after[second] = edge
                return
        self._cycle(outer, inner, way)

    def _cycle(self, outer, inner, way):
        names = [kind.name for kind in way]
        others, known = [], []
        for earlier, later in zip(way, way[1:]):
            edge = earlier.after[later]
            known.append("'%s' before '%s' (%s)" % (
                earlier.name, later.name,
                'declared' if edge.declared else "thread '%s'" % edge.thread))
            others.append((earlier.name, edge.acquired))
            others.append((later.name, edge.nested))
        self.violation(
            ORDER, inner.kind.name, inner.type_name + '.acquire', acquired_at(outer), others,
            "thread '%s' takes '%s' while it holds '%s'; the order so far: %s"
            % (self.thread_name(), inner.kind.name, outer.kind.name, ', '.join(known)),
            titles=[('acquired', "'%s' was acquired at" % outer.kind.name),
                    ('other', "earlier order: '%s' was acquired at"),
                    ('violated', "'%s' is acquired, against the order, at" % names[0])])

    # Fields

    def unguarded(self, lock_name, operation, message):
        """A guarded field was touched without its lock."""
        self.violation(UNGUARDED, lock_name, operation, [], [], message)


def _plain(lock, blocking, timeout):
    if timeout == -1:
        return lock.inner.acquire(blocking)
    return lock.inner.acquire(blocking, timeout)


def acquired_at(lock):
    """The stack at which this lock was taken; [] where it is not held."""
    return _stack(lock.holder, lock.frame, lock.line)


def place_of(lock):
    """The innermost call of that stack, safe to ask while another thread runs."""
    frame, line = lock.frame, lock.line
    return [] if frame is None else stacks.stack_of(frame, line, 1)


def _stack(holder, frame, line):
    if frame is None:
        return []
    if holder is not of_this_thread():      # its calls come and go while we look
        return stacks.stack_of(frame, line, 1)
    return stacks.stack_of(frame, line)


def _others(locks):
    return [(lock.kind.name, acquired_at(lock)) for lock in locks]
