"""Rows 71 to 73: operations on a whole collection, each against one that changes all of it.

Row 71 makes a new collection of a shared one (``l + m``, ``d.copy()``, ``s.copy()``) while
another thread replaces all items; row 72 looks while another thread clears; row 73 copies
while another thread merges many items in. The documentation of free-threaded CPython promises
that each holds the collection's lock to its end, and with the GIL each is one step. Jython's
collections take no lock for so many items.

Source: CPython 3.15 documentation, library/threadsafety (list, dict, set); observed on Jython.
"""
from __future__ import absolute_import, division, print_function

from portable_server.litmus import Case, actor, expect

SIZE = 100
WHOLE, PARTLY, HOLES = 'all or nothing', 'a part', 'with holes'
_OLD, _NEW = [0] * SIZE, [1] * SIZE
_MANY = dict((number, None) for number in range(SIZE))


_JAVA = ('ConcurrentModificationException', 'IndexOutOfBoundsException',
         'ArrayIndexOutOfBoundsException', 'NullPointerException', 'NoSuchElementException')


def _table(source):
    """One step everywhere but on Jython, which promises nothing of the kind."""
    observed = [expect('raises ' + name, 'F', 'observed only: Java', J='I') for name in _JAVA]
    return (expect(WHOLE, 'A', source),
            expect(PARTLY, 'F', source + '; J: observed', J='I'),
            expect(HOLES, 'F', 'observed only: Java null in the new list', J='I')) + tuple(observed)


class _Seen(Case):
    """One thread changes all of a collection, another looks at it again and again."""

    batch = 20
    turns = 10

    def __init__(self):
        self.shared = self.collection()
        self.seen = []

    def collection(self):
        """The collection that both threads have."""
        raise NotImplementedError(type(self).__name__ + ' must define collection()')

    def change(self):
        """Change all of it, and back."""
        raise NotImplementedError(type(self).__name__ + ' must define change()')

    def look(self):
        """What the other thread sees: the number of items, or a new collection of them."""
        raise NotImplementedError(type(self).__name__ + ' must define look()')

    @actor
    def writer(self):
        for _ in range(self.turns):
            self.change()

    @actor
    def reader(self):
        for _ in range(self.turns):
            self.seen.append(self.look())

    def observe(self):
        try:
            return WHOLE if all(self.is_whole(found) for found in self.seen) else PARTLY
        except KeyError:        # Jython's word for Java's null in a list
            return HOLES

    def is_whole(self, found):
        """Whether what was seen is a state before or after a change, and none in between."""
        return len(found) in (0, SIZE)


class Concatenated(_Seen):
    """A list plus another, while all its items are replaced: a part of each?"""

    rows = (71,)
    expectations = _table('library/threadsafety: list, lst1 + lst2')

    def collection(self):
        return list(_OLD)

    def change(self):
        self.shared[:] = _NEW
        self.shared[:] = _OLD

    def look(self):
        return self.shared + []

    def is_whole(self, found):
        return found == _OLD or found == _NEW


class Repeated(Concatenated):
    """A list times one, while all its items are replaced: a part of each?"""

    expectations = _table('library/threadsafety: list, x * lst')

    def look(self):
        return 1 * self.shared


class ClearedList(_Seen):
    """A list that is filled and cleared at one go each: are some items seen?"""

    rows = (72,)
    expectations = _table('library/threadsafety: list.clear')

    def collection(self):
        return []

    def change(self):
        self.shared.extend(_OLD)
        del self.shared[:]

    def look(self):
        return self.shared + []


class ClearedDict(_Seen):
    """A dict that is filled and cleared at one go each: does a copy have some items?"""

    rows = (72,)
    expectations = _table('library/threadsafety: dict.clear')

    def collection(self):
        return {}

    def change(self):
        self.shared.update(_MANY)
        self.shared.clear()

    def look(self):
        return self.shared.copy()


class ClearedSet(ClearedDict):
    """A set that is filled and cleared at one go each: does a copy have some items?"""

    expectations = _table('library/threadsafety: set.clear')

    def collection(self):
        return set()


class UpdatedDict(ClearedDict):
    """A dict whose values are replaced by one update: does a copy have old ones and new ones?"""

    rows = (73,)
    expectations = _table('library/threadsafety: dict.update')

    def collection(self):
        return dict.fromkeys(_MANY, 0)

    def change(self):
        self.shared.update(dict.fromkeys(_MANY, 1))
        self.shared.update(dict.fromkeys(_MANY, 0))

    def is_whole(self, found):
        return len(found) == SIZE and len(set(found.values())) == 1
