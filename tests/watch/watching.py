"""What the tests of the watch share: a clock that they turn, and locks of both modules."""
from __future__ import absolute_import, division, print_function

import threading

from portable_server.compat import threads
from portable_server.litmus import watch
from tests.support.limits import scaled

LIMIT = scaled(10.0)        # seconds that no wait of these tests should ever need
MODULES = [threading, threads]


class Clock(object):
    """Seconds that pass only when `pass_` says so."""

    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now

    def pass_(self, seconds):
        self.now += seconds


def kinds(session):
    """list of str: the kinds of the session's reports."""
    return [report.kind for report in session.reports]


def operations(session):
    """list of str: the operations of the session's reports."""
    return [report.operation for report in session.reports]


def installed(mode='report', hold_limit=LIMIT, clock=None):
    """A watch whose hold limit no loaded machine exceeds, unless the clock is turned."""
    return watch.installed(mode, hold_limit, clock or Clock())


def two_locks(module=threads):
    """Watched locks of the classes 'a' and 'b'."""
    return watch.name(module.Lock(), 'a'), watch.name(module.Lock(), 'b')


def functions(stack):
    """list of str: the functions of a stack, newest last."""
    return [call[2] for call in stack]
