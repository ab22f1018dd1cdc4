"""`concurrent.futures`: what was submitted is called once, and shutdown() waits for it."""
from __future__ import absolute_import, division, print_function

import importlib

from portable_server.compat import platform

PROMISE = ('A submitted callable is called once and its future gives its result; a '
           'call-back is called once; as_completed() and map() give each result once; '
           'submit() after shutdown() raises RuntimeError; shutdown(wait=True) returns '
           'when all calls have ended')
SOURCE = ('The Python Library Reference, module concurrent.futures, "Executor Objects" and '
          '"Future Objects"; the backport "futures" on 2.7')
OPEN = ('concurrent',)
SUBMITTERS = 3
EACH = 8


def load():
    return importlib.import_module('concurrent.futures')


def version(library):
    return getattr(library, '__version__', None) or '.'.join(map(str, platform.VERSION))


def stress(library, one):
    called, heard, futures, refused = [], [], [], []
    pool = library.ThreadPoolExecutor(one.random.choice((1, 2, 4)))
    actions = [_submitter(pool, name, called, heard, futures, refused)
               for name in range(SUBMITTERS)]
    if one.random.random() < 0.5:
        actions.append(lambda: pool.shutdown(wait=True))
    one.together(*one.shuffled(actions))
    mapped = [] if len(actions) > SUBMITTERS else list(pool.map(abs, range(-5, 0)))
    completed = list(library.as_completed([future for _, future in futures], timeout=20))
    pool.shutdown(wait=True)
    _check(one, called, heard, futures, refused, completed)
    one.promise(mapped in ([], [5, 4, 3, 2, 1]), 'map gave %r' % (mapped,))


def _submitter(pool, name, called, heard, futures, refused):
    def work(number):
        called.append((name, number))
        return number

    def submit():
        for number in range(EACH):
            try:
                future = pool.submit(work, number)
            except RuntimeError:
                refused.append((name, number))
                continue
            future.add_done_callback(lambda done, key=(name, number): heard.append(key))
            futures.append(((name, number), future))
    return submit


def _check(one, called, heard, futures, refused, completed):
    keys = sorted(key for key, _ in futures)
    one.promise(sorted(called) == keys, 'submitted %r, called %r' % (keys, sorted(called)))
    one.promise(sorted(heard) == keys, 'submitted %r, heard of %r' % (keys, sorted(heard)))
    one.promise(len(keys) + len(refused) == SUBMITTERS * EACH, 'some were neither taken nor refused')
    one.promise(len(completed) == len(set(map(id, completed))) == len(keys),
                '%d futures, %d completed' % (len(keys), len(completed)))
    for (_, number), future in futures:
        one.promise(future.done() and future.result(0) == number, 'a future was not done')
