"""Small concurrent tests of a class, from two calls at once to three threads with several.

Most races need two calls that meet, in a state that one or two earlier calls made.  So: first
each call against each, on a new object; two that wait against two of another call, for wrong
wake-ups; then pairs after one earlier call, in turn with random tests of two or three threads.  The calls afterwards are the same everywhere: what looks, then what changes.
"""
from __future__ import absolute_import, division, print_function

import itertools
import random

from portable_server.litmus.explore.scenario import Scenario

#: calls after the threads have ended
_AFTER = 6


def _name(text):
    return text.partition('(')[0]


def _pairs(calls):
    """Pairs of calls, those of one method first: they surely use the same state."""
    pairs = list(itertools.combinations_with_replacement(calls, 2))
    return sorted(pairs, key=lambda pair: _name(pair[0]) != _name(pair[1]))


def scenarios(interface, seed):
    """Scenarios without end, the simplest first."""
    calls, after = interface.calls, interface.observers[:_AFTER]
    for new in interface.new:
        for one, other in _pairs(calls):
            yield Scenario(new, [], [[one], [other]], after)
    for waits in interface.waiting:
        for other in calls:
            if other != waits:
                yield Scenario(interface.new[0], [], [[waits], [waits], [other, other]], after)
    source = random.Random(seed)
    for before in calls:
        for new in interface.new:
            for one, other in _pairs(calls):
                yield Scenario(new, [before], [[one], [other]], after)
                yield _random(interface, after, source)
    while True:
        yield _random(interface, after, source)


def _random(interface, after, source):
    def some(least, most):
        return [source.choice(interface.calls) for _ in range(source.randint(least, most))]
    if source.random() < 0.5:
        threads = [some(1, 2) for _ in range(3)]
    else:
        threads = [some(1, 3), some(1, 3)]
    return Scenario(source.choice(interface.new), some(0, 2), threads, after)


def smaller(scenario):
    """Scenarios with one call less."""
    for index in range(len(scenario.before)):
        yield scenario._replace(before=_without(scenario.before, index))
    for number, calls in enumerate(scenario.threads):
        for index in range(len(calls)):
            threads = list(scenario.threads)
            threads[number] = _without(calls, index)
            threads = [kept for kept in threads if kept]
            if len(threads) > 1:
                yield scenario._replace(threads=threads)
    for index in range(len(scenario.after)):
        yield scenario._replace(after=_without(scenario.after, index))


def _without(texts, index):
    return list(texts[:index]) + list(texts[index + 1:])
