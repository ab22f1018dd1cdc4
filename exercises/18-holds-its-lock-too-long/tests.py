"""What the cache has to do; run on each interpreter, next to cache.py."""
from __future__ import absolute_import, division, print_function

import threading

import cache
from exercise_kit import LIMIT, Task, check, equal, true


class Slow(object):
    """A `load` that waits until it is let go, and tells what it was called for."""

    def __init__(self, error=None):
        self.calls, self.error = [], error
        self.begun, self.go_on = threading.Event(), threading.Event()

    def __call__(self, key):
        self.calls.append(key)
        if key.startswith('slow'):
            self.begun.set()
            self.go_on.wait(LIMIT * 3)
            if self.error is not None:
                raise self.error
        return 'value of ' + key


class Oops(Exception):
    """What a load raises here."""


def under_way(load):
    """A cache that has `fast` and is loading `slow`; the cache and the task that loads."""
    box = cache.Cache(load)
    equal(Task("get('fast')", box.get, 'fast').result(), 'value of fast', "get('fast')")
    loading = Task("get('slow')", box.get, 'slow')
    true(load.begun.wait(LIMIT) is not False and load.begun.is_set(), "get('slow')",
         'load was not called', "load('slow')")
    return box, loading


@check('remembers', 'a value is loaded once and remembered; forget makes it load again',
       advice='This works at the start; keep it.')
def remembers():
    load = Slow()
    box = cache.Cache(load)
    equal([box.get('a'), box.get('a'), box.get('b')], ['value of a', 'value of a', 'value of b'],
          'get a, a, b')
    equal((load.calls, box.keys()), (['a', 'b'], ['a', 'b']), 'calls of load; keys()')
    box.forget('a')
    box.forget('nothing')
    equal((box.keys(), box.get('a'), load.calls), (['b'], 'value of a', ['a', 'b', 'a']),
          'keys(), get and calls of load after forget')


@check('others-go-on', 'while one key is loaded, nobody else waits',
       advice='Load after the `with` block of the lock, not in it.')
def others_go_on():
    load = Slow()
    box, loading = under_way(load)
    try:
        for did, call in (("get('fast'), which is here", lambda: box.get('fast')),
                          ("get('other'), to be loaded", lambda: box.get('other')),
                          ('keys()', box.keys), ("forget('other')", lambda: box.forget('other'))):
            Task(did + ", while 'slow' is loaded", call).result()
    finally:
        load.go_on.set()
    equal(loading.result(), 'value of slow', "get('slow')")


@check('loads-once', 'a key that many ask for at once is loaded once',
       advice='A second table says what is being loaded; who finds a key there waits for it.')
def loads_once():
    load = Slow()
    box, loading = under_way(load)
    waiting = [Task("a second get('slow') while it is loaded", box.get, 'slow') for _ in range(3)]
    for task in waiting:
        task.has_to_wait(0.1)
    load.go_on.set()
    waiting.append(loading)
    for task in waiting:
        equal(task.result(), 'value of slow', "get('slow')")
    equal(load.calls, ['fast', 'slow'], 'calls of load')


@check('errors', 'an error of load goes to all who wait; the next get tries again',
       advice='try ... except: keep the error for the others; finally: out of the table, wake all.')
def errors():
    load = Slow(Oops('not today'))
    box, loading = under_way(load)
    waiting = [Task("a second get('slow') while it is loaded", box.get, 'slow') for _ in range(2)]
    for task in waiting:
        task.has_to_wait(0.1)
    load.go_on.set()
    waiting.append(loading)
    for task in waiting:
        true(task.ends(), task.did, 'it still waits', 'the error of load')
        try:
            task.value()
        except Oops:
            continue
        true(False, task.did, 'a value', 'the error of load')
    load.error = None
    equal(Task("get('slow') after the error", box.get, 'slow').result(), 'value of slow',
          "get('slow') after the error")
    equal(box.keys(), ['fast', 'slow'], 'keys()')
