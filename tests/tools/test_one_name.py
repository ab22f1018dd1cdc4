"""No file is loaded under two names, by these tests and by all that portable_server has.

That `import compat` is possible at all in a checkout cannot be helped; that nobody does it is
seen here for what runs, and in tests/host/test_house.py for what is written.
"""
from __future__ import absolute_import, division, print_function

import re
import sys

import pytest

from tests.support.doubles import doubles
from tests.support.limits import scaled
from tests.support.processes import finish, start_python

EVERYTHING = 'import sys; from tests.support import doubles; '
LIMIT = scaled(200.0)       # seconds; Jython imports for half a minute on an idle machine


def test_what_these_tests_have_loaded():
    """All modules of tests, where the whole suite was collected."""
    assert 'portable_server.compat' in sys.modules
    assert doubles(dict(sys.modules)) == []


@pytest.mark.time_limit(LIMIT + 40)
@pytest.mark.parametrize('first, found', [
    ('', 0),
    ('import compat.clock; ', 2),       # and compat itself
])
def test_all_modules_of_the_portable_half(first, found):
    process = start_python(EVERYTHING + first + 'sys.exit(doubles.main())')
    status, output, errors = finish(process, LIMIT)
    match = re.search(r'(\d+) modules imported, (\d+) doubles', output)
    assert match, output + errors
    assert int(match.group(1)) > 100
    assert (int(match.group(2)), status) == (found, int(found > 0)), output + errors
