"""Checks before a thread that holds a lock takes a second one."""
from __future__ import absolute_import, division, print_function

from portable_server.litmus.watch import order, stacks
from portable_server.litmus.watch.acquired import acquired_at
from portable_server.litmus.watch.reports import NESTING, ORDER


class Ordering(object):
    """A part of `session.Session`."""

    def check_order(self, lock, held):
        """Report the order in which `lock` comes after those in `held`, if it is wrong."""
        kind = lock.kind
        for one in self.held_now(held):
            if one.kind is kind:
                self._check_nesting(one, lock)
            elif kind not in one.kind.after:
                self._new_order(one, lock)

    def _check_nesting(self, outer, inner):
        if outer.rank is not None and inner.rank is not None and outer.rank < inner.rank:
            return
        name = inner.kind.name
        self.violation(
            NESTING, name, inner.type_name + '.acquire', acquired_at(outer), [],
            "thread '%s' takes a second lock of the class '%s' without a declared order "
            "(ranks: %s, then %s)" % (self.thread_name(), name, outer.rank, inner.rank),
            titles=[('acquired', 'the first was acquired at'),
                    ('violated', 'the second is acquired at')])

    def _new_order(self, outer, inner):
        first, second = outer.kind, inner.kind
        edge = order.Edge(acquired_at(outer), stacks.here(), self.thread_name())
        with self.guard():
            way = self.graph.way(second, first)
            if way is None:
                first.after[second] = edge
                return
        self._cycle(outer, inner, way)

    def _cycle(self, outer, inner, way):
        others, known = [], []
        for earlier, later in zip(way, way[1:]):
            edge = earlier.after[later]
            known.append("'%s' before '%s' (%s)" % (
                earlier.name, later.name,
                'declared' if edge.declared else "thread '%s'" % edge.thread))
            others += [(earlier.name, edge.acquired), (later.name, edge.nested)]
        name = inner.kind.name
        self.violation(
            ORDER, name, inner.type_name + '.acquire', acquired_at(outer), others,
            "thread '%s' takes '%s' while it holds '%s'; the order so far: %s"
            % (self.thread_name(), name, outer.kind.name, ', '.join(known)),
            titles=[('acquired', "'%s' was acquired at" % outer.kind.name),
                    ('other', "earlier order: '%s' was acquired at"),
                    ('violated', "'%s' is acquired, against the order, at" % name)])
