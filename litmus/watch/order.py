"""The order in which classes of locks are taken: a graph, as the kernel's lockdep keeps it.

An edge A -> B says that a thread which held a lock of class A waited for, or might have
waited for, one of class B.  If the graph has a way back from B to A, some interleaving of
threads can deadlock, whether or not it ever happened.  So one thread, in sequence, is
enough to find it.
"""
from __future__ import absolute_import, division, print_function


class LockClass(object):
    """All locks made at one place of the program, or given one name.

    after: {class: Edge} of those taken while one of this class was held; never an edge
    that would close a cycle.
    """

    __slots__ = ('name', 'graph', 'after')

    def __init__(self, name, graph):
        self.name = name
        self.graph = graph
        self.after = {}


class Edge(object):
    """How an order was first seen; `declared` in place of stacks where it was declared."""

    __slots__ = ('acquired', 'nested', 'thread', 'declared')

    def __init__(self, acquired=(), nested=(), thread='', declared=False):
        self.acquired = list(acquired)
        self.nested = list(nested)
        self.thread = thread
        self.declared = declared


class Graph(object):
    """The classes of a session and their order.  The caller serialises changes."""

    def __init__(self):
        self._by_name = {}
        self._by_place = {}
        self._on_line = {}

    def named(self, name):
        """The class of this name, made where there is none."""
        return self._by_name.setdefault(name, LockClass(name, self))

    def at(self, place, name):
        """The class of the locks made at `place` (any key); a line may have several."""
        found = self._by_place.get(place)
        if found is None:
            number = self._on_line[name] = self._on_line.get(name, 0) + 1
            title = name if number == 1 else '%s (%d)' % (name, number)
            found = self._by_place.setdefault(place, LockClass(title, self))
        return found

    def way(self, start, goal):
        """list of classes from `start` to `goal`, both included; None if there is none."""
        reached, waiting = {start: None}, [start]
        while waiting:
            one = waiting.pop(0)
            if one is goal:
                return _walked(reached, goal)
            for following in list(one.after):
                if following not in reached:
                    reached[following] = one
                    waiting.append(following)
        return None


def _walked(reached, goal):
    way = []
    while goal is not None:
        way.append(goal)
        goal = reached[goal]
    return way[::-1]
