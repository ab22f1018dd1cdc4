"""Row 19: one iterator over a list or a range, shared by two threads.

Does each item come once? An iterator is a position and a step, which is to say a
counter (row 1). With the GIL the step is one operation of C or of the interpreter, and
no duplicate was seen; free-threaded CPython says that there may be duplicates and gaps.
Nobody promises anything else: use a Queue, or a lock around ``next``.

Source: CPython documentation, howto/free-threading-python, "Iterators".
"""
from __future__ import absolute_import, division, print_function

from portable_server.compat import threads
from portable_server.litmus import Case, actor, expect

ITEMS = 200
ONCE = 'each once'


class SharedIterator(Case):
    """Two threads take from one iterator over a list: does an item come twice, or never?"""

    rows = (19,)
    expectations = (expect(ONCE, 'A', 'the sequential outcome'),
                    expect('duplicates', 'I', 'howto/free-threading-python: Iterators'),
                    expect('gaps', 'I', 'howto/free-threading-python: Iterators'))
    batch = 10

    def __init__(self):
        self.source = iter(list(range(ITEMS)))
        self.taken = [[], []]

    def take_all(self, mine):
        """Take items until there are none left."""
        for item in self.source:
            mine.append(item)

    @actor
    def first(self):
        self.take_all(self.taken[0])

    @actor
    def second(self):
        self.take_all(self.taken[1])

    def observe(self):
        both = self.taken[0] + self.taken[1]
        if len(set(both)) < len(both):
            return 'duplicates'
        return ONCE if len(both) == ITEMS else 'gaps'


class SharedRangeIterator(SharedIterator):
    """The same with an iterator over a range."""

    def __init__(self):
        super(SharedRangeIterator, self).__init__()
        self.source = iter(range(ITEMS))


class SharedIteratorMended(SharedIterator):
    """A lock around ``next``: each item comes once."""

    mends = 'SharedIterator'
    expectations = (expect(ONCE, 'A', 'library/threading: Lock'),)

    def __init__(self):
        super(SharedIteratorMended, self).__init__()
        self.lock = threads.Lock()

    def take_all(self, mine):
        while True:
            with self.lock:
                item = next(self.source, None)
            if item is None:
                return
            mine.append(item)
