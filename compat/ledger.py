"""The ledger: one record for each difference between the interpreters.

A record says what differs, where, who says so and which test shows it.  Two kinds
stand here: differences that `compat` hides (the test shows that they are hidden)
and differences that stay (tests that cannot hold there are marked
`support.not_on(id)`, and the matrix shows "not applicable" with the reason).

Places are classes of `compat.platform` ('G9', 'FT', 'GP') or versions of CPython
('2.7', '3.6').  A test is a pytest node id from the repository's root;
a house check sees to it that each one exists.
"""
from __future__ import absolute_import, division, print_function

import collections

from portable_server.compat import platform
from portable_server.compat._ledger_records import RECORDS

__all__ = ['LEDGER', 'Difference', 'applies', 'reason']

#: id: short name; symptom: one sentence; interpreters: tuple of places; source: who
#: says so; test: node id of the test that shows it
Difference = collections.namedtuple(
    'Difference', 'id symptom interpreters source test')


def _index(records):
    index = collections.OrderedDict()
    for record in records:
        difference = Difference(*record)
        if difference.id in index:
            raise ValueError('two records have the id %r' % difference.id)
        index[difference.id] = difference
    return index


LEDGER = _index(RECORDS)


def _places():
    """The names under which a record may mean the interpreter that runs this."""
    places = set([platform.CLASS])
    if platform.IMPLEMENTATION == 'CPython':
        places.add('%d.%d' % platform.VERSION[:2])
    return places


def applies(identifier):
    """bool: whether the difference is one of this interpreter; KeyError if unknown."""
    return bool(_places().intersection(LEDGER[identifier].interpreters))


def reason(identifier):
    """str: why a test does not apply: `ledger:<id>: <symptom>`; KeyError if unknown."""
    return 'ledger:%s: %s' % (identifier, LEDGER[identifier].symptom)
