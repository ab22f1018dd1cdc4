"""Give each execution the module as it was after its import.

A lazily made singleton, a cache in a global, a counter in a class: without this, only the first
execution would see them fresh.  What the modules' globals and the attributes of their classes
name is remembered, and the contents of plain containers with it; `restore` puts both back.
Objects that such a container holds are not copied.
"""
from __future__ import absolute_import, division, print_function

import collections
import types

_CLASSES = (type, getattr(types, 'ClassType', type))
_PRIVATE = ('__dict__', '__weakref__', '__doc__', '__module__', '__abstractmethods__')


def _copy(value):
    """A copy of what a container holds; None for anything else."""
    kind = type(value)
    if kind in (dict, collections.OrderedDict, collections.defaultdict):
        return list(value.items())
    if kind in (list, set, collections.deque):
        return list(value)
    return None


def _refill(container, held):
    if isinstance(container, list):
        container[:] = held
        return
    container.clear()
    if isinstance(container, collections.deque):
        container.extend(held)
    else:
        container.update(held)


class Freshness(object):
    """The state of modules, to be restored."""

    def __init__(self, modules):
        self._owners = []
        self._contents = []
        seen = set()
        for module in modules:
            self._remember(module, seen)
            for value in list(vars(module).values()):
                if isinstance(value, _CLASSES) and value.__module__ == module.__name__:
                    self._remember(value, seen)

    def _remember(self, owner, seen):
        names = dict((name, value) for name, value in vars(owner).items()
                     if name not in _PRIVATE and not name.startswith('__explore'))
        self._owners.append((owner, names))
        for name, value in names.items():
            held = None if name.startswith('__') else _copy(value)
            if held is not None and id(value) not in seen:
                seen.add(id(value))
                self._contents.append((value, held))

    def restore(self):
        """Undo what an execution changed."""
        for owner, names in self._owners:
            now = vars(owner)
            for name, value in names.items():
                if now.get(name) is not value:
                    setattr(owner, name, value)
            if len(now) > len(names):
                self._remove(owner, set(now) - set(names))
        for container, held in self._contents:
            if _copy(container) != held:
                _refill(container, held)

    def _remove(self, owner, added):
        for name in added:
            if name not in _PRIVATE and not name.startswith('__'):
                delattr(owner, name)
