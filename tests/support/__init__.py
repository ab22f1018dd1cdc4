"""What tests share.  `from tests import support`.

`support.not_on('ledger-id')` skips a test where that difference applies, `only_on`
where it does not; `start`, `run_in_thread` and `run_all` (`calls`) bring back what
threads return or raise.  The other parts are used by `tests/conftest.py`: a limit on
each test's time (`watchdog`) and a check that a test leaves no thread and no
descriptor behind (`leaks`).
"""
from __future__ import absolute_import, division, print_function

import pytest

from portable_server.compat import ledger
from tests.support.calls import run_all, run_in_thread, start, timed, until
from tests.support.watchdog import HANG_STATUS

__all__ = ['HANG_STATUS', 'not_on', 'only_on', 'run_all', 'run_in_thread', 'start',
           'timed', 'until']


def not_on(identifier):
    """A mark: skip the test where the ledger's difference `identifier` applies.

    The reason begins with `ledger:<id>:`, which the matrix shows as "not
    applicable".  KeyError for an id that the ledger does not have.
    """
    return pytest.mark.skipif(ledger.applies(identifier),
                              reason=ledger.reason(identifier))


def only_on(identifier):
    """A mark: skip the test unless the ledger's difference `identifier` applies."""
    return pytest.mark.skipif(
        not ledger.applies(identifier),
        reason='ledger:%s: tests what only an interpreter with this difference needs'
        % identifier)
