"""What the watch saw in a whole run, for the summary; adds up over xdist's workers."""
from __future__ import absolute_import, division, print_function


class Tally(object):
    """Counts of one process, or the sum of several.

    ``sessions`` of the watch; 0: nothing was watched
    ``locks``    how many were made and watched
    ``reports``  reports that failed a test
    ``failed``   tests that failed for a report, or for an expected one that did not come
    ``stray``    texts of the reports that came between the tests
    ``allowed``  name -> [why, how often]
    ``expected`` kind -> how many reports
    ``off``      why -> how many tests ran without the watch
    """

    def __init__(self):
        self.sessions = self.locks = self.reports = self.failed = 0
        self.stray = []
        self.allowed = {}
        self.expected = {}
        self.off = {}

    def allow(self, name, why, count):
        """Under the allowance ``name`` there were ``count`` more."""
        entry = self.allowed.setdefault(name, [why, 0])
        entry[1] += count

    def expect(self, kind, count):
        """Another ``count`` reports of ``kind`` came where one was expected."""
        self.expected[kind] = self.expected.get(kind, 0) + count

    def without(self, why):
        """A test ran without the watch."""
        self.off[why] = self.off.get(why, 0) + 1

    def add_session(self, session):
        """A session of the watch is over: its locks, and the allowances in the code."""
        self.sessions += 1
        self.locks += session.locks
        for each in session.allowances.values():
            self.allow(each.name, each.why, each.used)

    def close(self, rules):
        """A test is over: count what met its rules."""
        for each in rules.allowances:
            self.allow(each.name, each.why, each.used)
        for each in rules.expectations:
            self.expect(each.kinds[0], each.used)

    def as_data(self):
        """The same in dicts, lists, str and int, which execnet can send."""
        return dict(vars(self))

    def add(self, data):
        """Add another process's `as_data()`."""
        for name in ('sessions', 'locks', 'reports', 'failed', 'stray'):
            setattr(self, name, getattr(self, name) + data[name])
        for name, (why, count) in data['allowed'].items():
            self.allow(name, why, count)
        for kind, count in data['expected'].items():
            self.expect(kind, count)
        for why, count in data['off'].items():
            self.off[why] = self.off.get(why, 0) + count

    def lines(self):
        """The summary (list of str)."""
        lines = ['%s watched, %s, %s failed for it'
                 % (_count(self.locks, 'lock'), _count(self.reports, 'report'),
                    _count(self.failed, 'test'))]
        lines += ['allowed %s: %s (%s)' % (name, _count(count, 'time'), why)
                  for name, (why, count) in sorted(self.allowed.items())]
        lines += ['expected %s: %s' % (kind, _count(count, 'report'))
                  for kind, count in sorted(self.expected.items())]
        lines += ['without the watch: %s (%s)' % (_count(count, 'test'), why)
                  for why, count in sorted(self.off.items())]
        return lines


def _count(number, what):
    return '%d %s%s' % (number, what, '' if number == 1 else 's')
