"""Row 14: a copy of a list, ``l[:]``, while another thread replaces all of it, ``l[:] = b``.

Is the copy all old or all new, or torn: a part of each? With the GIL both are one step.
Free-threaded CPython takes the list's own lock for both, but promises only ``l.copy()``
to be atomic (library/threadsafety), so a torn ``l[:]`` is not called forbidden there; none
was seen. Jython's list is a Java List whose copy takes no lock: torn copies, copies
with holes (Java's null where an item should be: to read it is a KeyError), and an
exception of Java's that no ``except Exception`` catches.

Source: CPython documentation, faq/library, the entry on threads that change global
values (slice assignment), and library/threadsafety (list); observed on Jython.
"""
from __future__ import absolute_import, division, print_function

from portable_server.compat import threads
from portable_server.litmus import Case, actor, expect

WHOLE = 'whole'
TORN = 'torn'
HOLES = 'torn, with holes'
_OLD = [0] * 200
_NEW = [1] * 200


class TornCopy(Case):
    """One thread copies a list that another replaces: is a copy torn?"""

    rows = (14,)
    expectations = (expect(WHOLE, 'A', 'faq/library; library/threadsafety: list'),
                    expect(TORN, 'F', 'faq/library: L1[i:j] = L2 (GIL); '
                                      'FT: only list.copy is promised; J: observed',
                           FT='I', J='I'),
                    expect(HOLES, 'F', 'observed only: Java null in the copy', J='I'),
                    expect('raises ConcurrentModificationException', 'F',
                           'observed only: java.util.ArrayList', J='I'),
                    expect('raises IndexOutOfBoundsException', 'F',
                           'observed only: java.util.ArrayList', J='I'))
    batch = 20
    turns = 10

    def __init__(self):
        self.items = list(_OLD)
        self.copies = []

    def copy(self):
        """A copy of the list."""
        return self.items[:]

    def replace(self, items):
        """Put other items into the list."""
        self.items[:] = items

    @actor
    def reader(self):
        for _ in range(self.turns):
            self.copies.append(self.copy())

    @actor
    def writer(self):
        for _ in range(self.turns):
            self.replace(_NEW)
            self.replace(_OLD)

    def observe(self):
        try:
            whole = all(copy in (_OLD, _NEW) for copy in self.copies)
        except KeyError:        # Jython's word for Java's null in a list
            return HOLES
        return WHOLE if whole else TORN


class TornCopyMended(TornCopy):
    """Copy and replace under one lock: every copy is whole, on every interpreter."""

    mends = 'TornCopy'
    expectations = (expect(WHOLE, 'A', 'library/threading: Lock'),)

    def __init__(self):
        super(TornCopyMended, self).__init__()
        self.lock = threads.Lock()

    def copy(self):
        with self.lock:
            return super(TornCopyMended, self).copy()

    def replace(self, items):
        with self.lock:
            super(TornCopyMended, self).replace(items)
