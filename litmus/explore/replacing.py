"""Put the scheduler into the places of `threading`, `time` and `queue`, and take it out again.

Modules that were loaded before have names of their own for what is replaced
(`from threading import Lock`), so all loaded modules are searched for these; what the program
loads afterwards finds the replacements.
"""
from __future__ import absolute_import, division, print_function

import sys
import threading
import time

from portable_server.compat import clock, interception, threads
from portable_server.litmus.explore import locks, synchronizers, threading_

_FACTORIES = (('Lock', locks.Lock), ('RLock', locks.RLock), ('Condition', locks.Condition),
              ('Semaphore', synchronizers.Semaphore),
              ('BoundedSemaphore', synchronizers.BoundedSemaphore),
              ('Event', synchronizers.Event), ('Barrier', synchronizers.Barrier))
#: (modules, names, replacement): the functions
_FUNCTIONS = (((threading, threads), ('current_thread', 'currentThread'),
               threading_.CurrentThread),
              ((threading, threads, interception.thread_module), ('get_ident', '_get_ident'),
               threading_.GetIdent),
              ((threads, interception.thread_module), ('start_new_thread', 'start_new'),
               threading_.StartNewThread),
              ((time, clock), ('sleep',), threading_.Sleep),
              ((time,), ('time',), threading_.WallClock),
              ((time, clock), ('monotonic', 'perf_counter'), threading_.Monotonic))
_METHODS = {'start': threading_.start, 'join': threading_.join,
            'is_alive': threading_.is_alive, 'isAlive': threading_.is_alive}
#: packages that keep the plain objects
_MACHINERY = ('portable_server.litmus.explore', 'portable_server.compat.baton')
_queue = interception.queue


class Replaced(object):
    """A scope in which locks, threads, queues and time are the scheduler's."""

    def __init__(self):
        self._places = []
        self._before = ()

    def __enter__(self):
        self._before = set(sys.modules)
        changed = self._module_names()
        self._thread_methods()
        self._rename(changed)
        self._changed = changed
        return self

    def __exit__(self, *_):
        while self._places:
            self._places.pop().restore()
        self._correct_the_newcomers()

    def _correct_the_newcomers(self):
        """Modules that were loaded meanwhile took the replacements as their own names."""
        back = dict((id(replacement), original) for original, replacement in self._changed)
        for title in set(sys.modules) - self._before:
            if _has_names(sys.modules[title]):
                for name, value in list(vars(sys.modules[title]).items()):
                    if id(value) in back:
                        setattr(sys.modules[title], name, back[id(value)])

    def _put(self, owner, name, value):
        place = interception.Place(owner, name)
        place.put(value)
        self._places.append(place)

    def _module_names(self):
        """Replace in the modules that offer them; (original, replacement) of each."""
        changed = []
        for name, replacement in _FACTORIES:
            for module in (threading, threads):
                self._offer(changed, module, name, replacement)
        self._offer(changed, interception.thread_module, 'allocate_lock', locks.Lock)
        for modules, names, kind in _FUNCTIONS:
            for module in modules:
                for name in names:
                    if hasattr(module, name):
                        self._offer(changed, module, name, kind(getattr(module, name)))
        for name in ('Queue', 'LifoQueue', 'PriorityQueue'):   # compat's own of 2.7 looks inside
            if getattr(threads, name) is not getattr(_queue, name):
                self._offer(changed, threads, name, getattr(_queue, name))
        plain = getattr(_queue, '_PySimpleQueue', None)
        if plain is not None:
            self._offer(changed, _queue, 'SimpleQueue', plain)
        return changed

    def _offer(self, changed, module, name, replacement):
        original = getattr(module, name, None)
        if original is not None:    # 2.7's `threading` has no Barrier
            changed.append((original, replacement))
            self._put(module, name, replacement)

    def _thread_methods(self):
        for cls in interception.thread_classes():
            for name, method in sorted(_METHODS.items()):
                if name in vars(cls):
                    self._put(cls, name, method(interception.Place(cls, name).before))
            if cls.__name__ == 'Thread' and '__init__' in vars(cls):
                plain = interception.Place(cls, '__init__').before
                self._put(cls, '__init__', threading_.initialised(plain))

    def _rename(self, changed):
        kinds = {}
        for original, replacement in changed:
            kinds.setdefault(type(original), []).append((original, replacement))
        for module in list(sys.modules.values()):
            if _has_names(module):
                for name, value in list(vars(module).items()):
                    self._rename_one(module, name, value, kinds.get(type(value), ()))

    def _rename_one(self, module, name, value, candidates):
        for original, replacement in candidates:
            if interception.stands_for(value, original):
                self._put(module, name, replacement)
                return


def _has_names(module):
    title = getattr(module, '__name__', None)
    names = getattr(module, '__dict__', None)
    return (isinstance(title, str) and hasattr(names, 'items')
            and not title.startswith(_MACHINERY)
            and title not in ('_thread', 'thread', 'time', 'select'))
