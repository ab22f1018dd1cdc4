"""The watch of one pytest process: on from its start, asked after each phase of each test."""
from __future__ import absolute_import, division, print_function

import contextlib

from portable_server.litmus import watch
from portable_server.pytest_plugin.tally import Tally


class Watching(object):
    """Belongs to a pytest configuration.

    ``mode``        'report', 'raise' or None: off, but for tests that ask for the watch
    ``hold_limit``  seconds, rule 1
    """

    def __init__(self, mode, hold_limit):
        self.mode = mode
        self.hold_limit = hold_limit
        self.tally = Tally()
        self._session = None        # of the watch, while it is installed
        self._test = None           # the _Test that runs
        self._pause = None          # the scope without the watch, from one test to the next

    def begin(self, mode=None):
        """Install the watch, unless it is installed."""
        if self._session is None:
            self._session = watch.install(mode=mode or self.mode, hold_limit=self.hold_limit)

    def end(self):
        """Uninstall it; what it had to say is in the tally."""
        self._go_on()
        if self._session is not None:
            watch.uninstall()
            self._take_strays()
            self.tally.add_session(self._session)
            self._session = None

    @contextlib.contextmanager
    def during(self, rules, wanted):
        """Around all phases of a test; ``wanted``: it asks for the watch, on or off."""
        self._go_on()
        for_this_one = wanted and self._session is None
        if for_this_one:
            self.begin('report')
        if self._session is None:
            yield
            return
        self._take_strays()
        self._test = _Test(rules, self._session)
        try:
            with self._not_raising(rules):
                yield
        finally:
            self.tally.close(rules)
            self._test = None
            # a lock that the test left taken is not held by all tests to come
            self._session.forget_held()
            if for_this_one:
                self.end()

    @contextlib.contextmanager
    def _not_raising(self, rules):
        """What the test expects or allows must not raise; it is reported and judged."""
        mode = self._session.mode
        if rules.expectations or rules.allowances:
            self._session.mode = 'report'
        try:
            yield
        finally:
            self._session.mode = mode

    @contextlib.contextmanager
    def without(self, why):
        """Around all phases of a test that runs without the watch, for a reason (str).

        Off it stays until a test comes that is watched: to take it out of all modules and put
        it in again costs more than most tests (half a second on Jython).
        """
        if self._session is not None:
            self.tally.without(why)
            if self._pause is None:
                self._take_strays()
                self._pause = watch.suspended()
                self._pause.__enter__()
        yield

    def _go_on(self):
        """Watch again, after tests without."""
        if self._pause is not None:
            pause, self._pause = self._pause, None
            pause.__exit__(None, None, None)

    def seen(self):
        """The _Test that runs; None when it is not watched."""
        return self._test

    def _take_strays(self):
        self.tally.stray += [str(report) for report in self._session.take()]


class _Test(object):
    """One test and what the watch has seen of it; what the fixture `lock_watch` gives.

    ``passed``   bool: its call has ended well
    ``pending``  reports that fail it and could not be told yet
    """

    def __init__(self, rules, session):
        self.passed = False
        self.pending = []
        self._rules = rules
        self._session = session
        self._reports = []
        self._judged = 0

    @property
    def reports(self):
        """All reports since the test began (list of `portable_server.litmus.watch.Report`)."""
        self._reports += self._session.take()
        return list(self._reports)

    def text(self):
        """The same as one text; '' for none."""
        return '\n'.join(str(report) for report in self.reports)

    def fails(self):
        """The reports since the last call that fail the test (list)."""
        new = self.reports[self._judged:]
        self._judged += len(new)
        failing = self.pending + [report for report in new if not self._rules.permit(report)]
        self.pending = []
        return failing

    def missing(self):
        """One line for each expected report that never came (list of str)."""
        return self._rules.missing() if self.passed else []
