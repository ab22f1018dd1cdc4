"""The ledger's records are complete, and each one's test exists."""
from __future__ import absolute_import, division, print_function

import ast
import io
import os
import re

import pytest

from portable_server.compat import ledger, platform
from tests import support

_ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
_PLACE = re.compile(r'(%s|[23]\.\d+)$' % '|'.join(name for name, like, what in platform.CLASSES))


def _names(path):
    """Names of test functions in a file, methods as `Class::method`."""
    with io.open(path, encoding='utf-8') as source:
        tree = ast.parse(source.read().encode('utf-8'))
    found = set()
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            found.add(node.name)
        elif isinstance(node, ast.ClassDef):
            found.update('%s::%s' % (node.name, inner.name) for inner in node.body
                         if isinstance(inner, ast.FunctionDef))
    return found


@pytest.mark.parametrize('difference', list(ledger.LEDGER.values()),
                         ids=list(ledger.LEDGER))
def test_a_record_is_complete_and_its_test_exists(difference):
    assert re.match(r'[a-z0-9-]+$', difference.id)
    assert difference.symptom and '\n' not in difference.symptom
    assert difference.interpreters and difference.source
    assert all(_PLACE.match(place) for place in difference.interpreters)
    path, _, name = difference.test.partition('::')
    assert name in _names(os.path.join(_ROOT, path)), difference.test


def test_reason_begins_with_the_id():
    identifier = list(ledger.LEDGER)[0]
    assert ledger.reason(identifier).startswith('ledger:%s: ' % identifier)


def test_unknown_ids_are_errors():
    for call in (ledger.applies, ledger.reason, support.not_on, support.only_on):
        with pytest.raises(KeyError):
            call('no-such-difference')


def test_two_records_of_one_id_are_refused():
    record = ('a', 'symptom', ('J',), 'observed', 'tests/x.py::test')
    with pytest.raises(ValueError):
        ledger._index([record, record])
