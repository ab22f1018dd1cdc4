"""`sortedcontainers` behind one lock: what a structure for one thread needs to be shared."""
from __future__ import absolute_import, division, print_function

import importlib
import threading

PROMISE = ('Nothing about threads. Under one lock, any structure must keep its own '
           'promises: sorted, complete, with its internal invariants (_check)')
SOURCE = 'Sorted Containers documentation, "Sorted List": SortedList, and SortedList._check'
OPEN = ()
THREADS = 4
EACH = 25


def load():
    return importlib.import_module('sortedcontainers')


def version(library):
    return library.__version__


def stress(library, one):
    lock = threading.Lock()
    shared = library.SortedList()
    by_key = library.SortedDict()
    shared._reset(4)        # short lists inside, so that they are split and joined often
    left = [[] for _ in range(THREADS)]
    plans = [[one.random.randrange(50) for _ in range(EACH)] for _ in range(THREADS)]
    one.together(*[_worker(lock, shared, by_key, plan, mine, one)
                   for plan, mine in zip(plans, left)])
    shared._check()
    by_key._check()
    due = sorted(value for mine in left for value in mine)
    one.promise(list(shared) == due, 'left in it %r, due %r' % (list(shared), due))
    one.promise(sum(by_key.values()) == THREADS * EACH, 'counted %d' % sum(by_key.values()))


def _worker(lock, shared, by_key, plan, mine, one):
    def work():
        for value in plan:
            with lock:
                shared.add(value)
                mine.append(value)
                by_key[value] = by_key.get(value, 0) + 1
                one.promise(shared[0] == min(shared), 'the first was not the least')
            if value % 3 == 0:
                with lock:
                    shared.remove(value)
                    mine.remove(value)
    return work
