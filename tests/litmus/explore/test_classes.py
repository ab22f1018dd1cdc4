"""Classes against their own serial executions: the corpus, and what the answer contains."""
from __future__ import absolute_import, division, print_function

import pytest

from portable_server.litmus import explore

from tests.litmus.explore import corpus
from tests.litmus.explore.kit import checked

#: executions within which each fault is found with the seed of the tests
ENOUGH = 3000
#: executions in which a right class must not be accused
A_FEW = 250


@pytest.mark.parametrize('target', sorted(corpus.FAULTY))
def test_fault_is_found(target):
    result = checked(target, ENOUGH)
    assert result.kind == corpus.FAULTY[target], explore.text(result)
    assert result.failure.repeats
    assert result.failure.decisions <= 4


@pytest.mark.parametrize('target', corpus.RIGHT)
def test_right_class_is_not_accused(target):
    result = checked(target, A_FEW)
    assert result.kind == 'ok', explore.text(result)


@pytest.mark.parametrize('target', ['values.py:Hits', 'waiting.py:Gate'])
def test_token_repeats_the_violation(target):
    found = checked(target, ENOUGH)
    for _ in range(5):
        again = checked(target, 1, found.failure.token)
        assert again.kind == found.kind and not again.note


def test_text_has_the_calls_the_columns_and_what_is_right():
    text = explore.text(checked('values.py:Hits', ENOUGH))
    for part in ('x = Hits()', 'thread 1: x.add()', 'then: x.total()', '_hits = 0',
                 'self._hits += 1', 'one call after the other gives:', 'x.total() -> 2'[2:],
                 'replay: r'):
        assert part in text, text


def test_word_safe_is_never_used():
    assert 'safe' not in explore.text(checked('right.py:Hits', 50))
