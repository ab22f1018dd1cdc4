"""`cachetools.cached` with a lock, as its documentation asks of those who have threads."""
from __future__ import absolute_import, division, print_function

import importlib
import threading

PROMISE = ('The caches are not thread-safe; many threads may call a function with '
           '@cached(cache, lock=...): correct results, and never more than maxsize items '
           'in the cache')
SOURCE = 'cachetools documentation, "Memoizing decorators": cached, the parameter lock'
OPEN = ()
THREADS = 4
CALLS = 40
KEYS = 12
SIZE = 8


def load():
    return importlib.import_module('cachetools')


def version(library):
    return library.__version__


def stress(library, one):
    make = one.random.choice((library.LRUCache, library.LFUCache, library.RRCache, _never_old))
    cache = library.TTLCache(SIZE, ttl=3600) if make is _never_old else make(SIZE)
    lock = threading.Lock()
    called = []

    @library.cached(cache, lock=lock)
    def square(number):
        called.append(number)
        return number * number

    keys = [[one.random.randrange(KEYS) for _ in range(CALLS)] for _ in range(THREADS)]
    one.together(*[_caller(square, cache, lock, mine, one) for mine in keys])
    with lock:
        one.promise(all(value == key[0] ** 2 for key, value in cache.items()), 'a wrong value')
    wanted = set(key for mine in keys for key in mine)
    one.promise(set(called) == wanted, 'called for %r, asked for %r' % (set(called), wanted))


def _never_old():
    """Stands for a cache with a time to live that does not end."""


def _caller(square, cache, lock, keys, one):
    def call():
        for key in keys:
            result = square(key)
            one.promise(result == key * key, 'the square of %d was %r' % (key, result))
            with lock:
                one.promise(len(cache) <= SIZE and cache.currsize == len(cache),
                            '%d in a cache for %d' % (len(cache), SIZE))
    return call
