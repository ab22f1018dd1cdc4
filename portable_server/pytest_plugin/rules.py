"""What one test may do and must do under the watch, from its marks; knows no pytest.

    @pytest.mark.lock_watch_allow('whole lines', why='the lock guards the very socket',
                                  kinds=('blocked-while-holding',), lock='write lock')
    @pytest.mark.lock_watch_expect('lock-order')
    @pytest.mark.lock_watch_off(why='tests the lock classes themselves')

A report that a test expects or allows is counted; any other fails the test, and so does an
expected one that never came.  ``kinds`` and ``lock`` narrow an allowance, ``lock`` an
expectation: a pattern of the shell (``fnmatch``) for the name of the lock's class.
"""
from __future__ import absolute_import, division, print_function

import fnmatch

from portable_server.litmus.watch import KINDS
from portable_server.pytest_plugin import ALLOW, EXPECT, OFF


class BadMark(Exception):
    """A mark that cannot be understood; the text is one line with the remedy."""


class _Pattern(object):
    """Reports of some kinds (empty: all) about some locks (None: all)."""

    def __init__(self, kinds, lock):
        self.kinds = tuple(kinds)
        self.lock = lock
        self.used = 0

    def matches(self, report):
        return ((not self.kinds or report.kind in self.kinds)
                and (self.lock is None or fnmatch.fnmatchcase(report.lock, self.lock)))


class Allowance(_Pattern):
    """A named exception from the rules, with its reason."""

    def __init__(self, name, why, kinds=(), lock=None):
        _Pattern.__init__(self, (kinds,) if isinstance(kinds, type('')) else kinds, lock)
        self.name, self.why = name, why


class Rules(object):
    """The allowances and expectations of one test; each counts the reports that met it."""

    def __init__(self, allowances=(), expectations=()):
        self.allowances = list(allowances)
        self.expectations = list(expectations)

    def permit(self, report):
        """Whether the test expects or allows this report, which is counted."""
        for pattern in self.expectations + self.allowances:
            if pattern.matches(report):
                pattern.used += 1
                return True
        return False

    def missing(self):
        """One line for each expected report that has not come (list of str)."""
        return ['expected, and not reported: %s%s'
                % (kind, '' if each.lock is None else ' of a lock named %s' % each.lock)
                for each in self.expectations if not each.used for kind in each.kinds]


def from_marks(marks):
    """Rules from (mark name, positional, named) of a test; BadMark for a wrong one."""
    allowances, expectations = [], []
    for mark, positional, named in marks:
        if mark == ALLOW:
            allowances.append(_allowance(positional, named))
        elif mark == EXPECT:
            expectations.extend(_expectations(positional, named))
    return Rules(allowances, expectations)


def reason_for_off(positional, named):
    """The reason that the mark lock_watch_off gives; BadMark without one."""
    if positional or set(named) != set(['why']) or not named['why']:
        raise BadMark("%s needs a reason and nothing else: %s(why='...')" % (OFF, OFF))
    return named['why']


def _allowance(positional, named):
    try:
        allowance = Allowance(*positional, **named)
    except TypeError:
        raise BadMark("%s needs a name and a reason: %s('name', why='...')" % (ALLOW, ALLOW))
    _check(ALLOW, allowance.kinds)
    return allowance


def _expectations(positional, named):
    if not positional or set(named) - set(['lock']):
        raise BadMark("%s needs kinds of reports: %s('lock-order')" % (EXPECT, EXPECT))
    _check(EXPECT, positional)
    return [_Pattern((kind,), named.get('lock')) for kind in positional]


def _check(mark, given):
    for kind in given:
        if kind not in KINDS:
            raise BadMark("%s: no such kind of report: '%s'; there are %s"
                          % (mark, kind, ', '.join(KINDS)))
