"""What the cache has to do; run on each interpreter, next to cache.py."""
from __future__ import absolute_import, division, print_function

import threading
import time

import cache
import interleaving
from exercise_kit import LIMIT, Task, check, equal, raises, true

MOMENTS = (0.1, 0.5, 2, 5)   # seconds that who asks gets, to come where it has to wait


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


class Gives(object):
    """A `load` that gives one value, and tells what it was called for."""

    def __init__(self, value):
        self.calls, self._value = [], value

    def __call__(self, key):
        self.calls.append(key)
        return self._value


class Numbered(object):
    """A `load` whose n-th call gives n, when it is let go on."""

    def __init__(self):
        self.begun = [threading.Event() for _ in range(4)]
        self.go_on = [threading.Event() for _ in range(4)]
        self.calls = 0

    def __call__(self, _):
        self.calls += 1
        number = self.calls
        self.begun[number].set()
        self.go_on[number].wait(LIMIT)
        return number


class Oops(Exception):
    """What a load raises here."""


class Stop(BaseException):
    """What is no Exception, as SystemExit and KeyboardInterrupt are."""


class Looked(Task):
    """It is looked at, without a wait: that may come while the module holds its lock."""

    def wait(self, moment):
        end = time.time() + moment
        while not self.is_done() and time.time() < end:
            pass
        return self.is_done()


interleaving.Task = Looked


def got(box, key):
    """What get gives: a value, or the error that it raises."""
    try:
        return box.get(key)
    except (Oops, Stop) as error:
        return error


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
    for key in ('pear', 'kiwi', 'fig', 'lime', 'apple', 'plum'):
        box.get(key)
    equal(box.keys(), ['a', 'apple', 'b', 'fig', 'kiwi', 'lime', 'pear', 'plum'], 'keys(), sorted')


@check('any-value', 'any value is remembered: None, 0, the empty text',
       advice='Ask whether the key is in the table, not whether its value is None or false.')
def any_value():
    for value in (None, 0, '', False, []):
        load = Gives(value)
        box = cache.Cache(load)
        equal(([box.get('a'), box.get('a')], load.calls, box.keys()), ([value] * 2, ['a'], ['a']),
              "get('a') twice, calls of load and keys(), with the value %r" % (value,))


@check('others-go-on', 'while one key is loaded, nobody else waits',
       advice='Load after the `with` block of the lock, not in it.')
def others_go_on():
    load = Slow()
    box, loading = under_way(load)
    try:
        for did, call, due in (
                ("get('fast'), which is here", lambda: box.get('fast'), 'value of fast'),
                ("get('other'), to be loaded", lambda: box.get('other'), 'value of other'),
                ('keys()', box.keys, ['fast', 'other']),
                ("forget('other')", lambda: box.forget('other'), None),
                ("forget('slow'), the same key", lambda: box.forget('slow'), None)):
            told = did + ", while 'slow' is loaded"
            equal(Task(told, call).result(), due, told)
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
    for moment in MOMENTS:  # who comes late may load again: only who always does is at fault
        load = Slow(Oops('not today'))
        box, loading = under_way(load)
        did = "a second get('slow') while it is loaded"
        waiting = [Task(did, got, box, 'slow') for _ in range(2)]
        for task in waiting:
            task.has_to_wait(moment)
        load.go_on.set()
        for task in waiting:
            true(isinstance(task.result(), Oops), task.did, repr(task.result()),
                 'the error of load')
        true(loading.ends(), loading.did, 'it still waits', 'the error of load')
        raises(Oops, loading.value, loading.did)
        if load.calls == ['fast', 'slow']:
            break
    equal(load.calls, ['fast', 'slow'], 'calls of load, which raises, with three who ask at once')
    load.error = None
    equal(Task("get('slow') after the error", box.get, 'slow').result(), 'value of slow',
          "get('slow') after the error")
    equal(box.keys(), ['fast', 'slow'], 'keys()')


@check('any-error', 'whatever load raises, nobody waits for ever and nothing is remembered',
       advice='What load raises need not be an Exception: except BaseException, or finally.')
def any_error():
    load = Slow(Stop('the end'))
    box = cache.Cache(load)
    loading = Task("get('slow') that loads", got, box, 'slow')
    load.begun.wait(LIMIT)
    waiting = Task("a second get('slow') while it is loaded", got, box, 'slow')
    waiting.has_to_wait()
    load.go_on.set()
    for task in (loading, waiting):
        true(isinstance(task.result(), Stop), task.did, repr(task.result()),
             'the error of load, which is no Exception')
    equal(box.keys(), [], 'keys() after an error of load')


@check('next-get', 'who got an error and asks again makes it load again',
       advice='First take the loading out of the table (under the lock), then set the event.')
def next_get():
    def load(_):
        raise Oops('not today')  # a new one each time: by it the load is known

    def ask_twice(box):
        error = got(box, 'slow')
        return error is not got(box, 'slow')

    def judge(_, __, is_new):
        true(is_new, "get('slow') beside another, and again after its error",
             'the error of the same load', 'a new call of load')

    interleaving.between_lines(cache, lambda: cache.Cache(load), lambda box: got(box, 'slow'),
                               ask_twice, judge)


@check('forgotten', 'what is forgotten while it is loaded is loaded again: no old value',
       advice='forget takes the load out of the table; a load that is not there any more when it '
              'ends is not remembered.')
def forgotten():
    for first_to_end in (None, 1, 2):
        load = Numbered()
        box = cache.Cache(load)
        before = [Task("get('slow'), then forget('slow') while it is loaded", box.get, 'slow')
                  for _ in range(2)]
        load.begun[1].wait(LIMIT)
        for task in before:
            task.has_to_wait(0.1)
        Task("forget('slow') while it is loaded", box.forget, 'slow').result()
        if first_to_end is None:
            load.go_on[1].set()
            for task in before:
                equal(task.result(), 1, task.did)
        after = Task("get('slow') after forget('slow') and during the load", box.get, 'slow')
        if first_to_end == 2 and load.begun[2].wait(0.5) is not False and load.begun[2].is_set():
            load.go_on[2].set()     # who waits for the old load instead begins later; right, too
            after.result()
        for event in load.go_on:
            event.set()
        for task in before:
            true(task.result() in (1, 2), task.did, repr(task.result()), 'a value of load')
        equal(after.result(), 2, after.did + ': which call of load the value is of')
        equal((box.get('slow'), load.calls, box.keys()), (2, 2, ['slow']),
              'get of the same key, calls of load and keys(), when both loads have ended')


def loaded():
    """A cache that has `a`, and the `load` that tells its calls."""
    load = Gives('value')
    box = cache.Cache(load)
    box.get('a')
    return box, load


def after_forget():
    """The same; `a` has been forgotten."""
    box, load = loaded()
    box.forget('a')
    return box, load


def get(state):
    return state[0].get('a')


def forget(state):
    return state[0].forget('a')


def keys(state):
    return state[0].keys()


def is_loaded_once(state, one, two):
    equal((one, two, state[1].calls), ('value', 'value', ['a', 'a']),
          "two get('a') at once after forget('a'): what they return, and calls of load")


def has_a_value(_, one, __):
    equal(one, 'value', "get('a') while another thread calls forget('a')")


def is_a_list(_, one, __):
    true(one in ([], ['a']), 'keys() while another thread changes the cache', repr(one),
         "[] or ['a']")


def raised_nothing(*_):
    pass


@check('at-once', 'two calls at once, between any two lines of each other, are two in turn',
       advice='Each look at a table and what follows from it are one `with self._lock:`.')
def at_once():
    for start, first, second, judge in (
            (after_forget, get, get, is_loaded_once), (loaded, get, forget, has_a_value),
            (loaded, forget, forget, raised_nothing), (loaded, keys, forget, is_a_list),
            (after_forget, keys, get, is_a_list)):
        interleaving.between_lines(cache, start, first, second, judge)
