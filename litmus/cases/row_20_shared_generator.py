"""Row 20: one generator, shared by two threads.

While a generator runs, a second ``next`` raises ``ValueError: generator already
executing``: the interpreters notice, and nobody waits. Free-threaded CPython up to 3.14
notices too late now and then: two threads run one frame, and **the process crashes**. An
experiment that may end its process needs a process of its own; the controller sees the
outcome CRASH. Put a lock around ``next``.

Source: CPython documentation, reference/expressions (generator.__next__); CPython issues
120321 and 156351 (the crash; mended in 3.15).
"""
from __future__ import absolute_import, division, print_function

from portable_server.compat import threads
from portable_server.litmus import Case, Forced, actor, expect

ITEMS = 200
ONCE = 'each once'
TORN = 'torn: duplicates, gaps or strange errors'
_ISSUES = 'cpython issues 120321, 156351: two threads in one frame'


def numbers(count):
    """Yield 0 to ``count`` - 1."""
    for number in range(count):
        yield number


class SharedGenerator(Case):
    """Two threads take from one generator: ValueError, or worse?"""

    rows = (20,)
    expectations = (expect(ONCE, 'A', 'the sequential outcome'),
                    expect('raises ValueError', 'A', 'reference/expressions: generators'),
                    expect(TORN, 'F', _ISSUES + '; J: its check is no lock', FT='I', J='I'),
                    expect('HANG', 'F', _ISSUES, FT='I'),
                    expect('CRASH', 'F', _ISSUES, FT='I'))
    batch = 10

    def __init__(self):
        self.source = numbers(ITEMS)
        self.taken = [[], []]
        self.torn = False

    def take_all(self, mine):
        """Take items until there are none left."""
        for item in self.source:
            mine.append(item)

    def take(self, number):
        try:
            self.take_all(self.taken[number])
        except ValueError:
            raise
        except Exception:       # whatever a frame may raise that runs twice
            self.torn = True

    @actor
    def first(self):
        self.take(0)

    @actor
    def second(self):
        self.take(1)

    def observe(self):
        whole = sorted(self.taken[0] + self.taken[1]) == list(range(ITEMS))
        return ONCE if whole and not self.torn else TORN


class SharedGeneratorForced(Forced):
    """The second thread comes while the first is inside: ValueError, each time."""

    rows = (20,)
    schedule = 'first:inside second:next first:go_on'
    outcome = 'raises ValueError'

    def __init__(self):
        self.source = self.waiting()

    def waiting(self):
        """A generator that lets the other thread come while it runs."""
        self.at('inside')
        self.at('go_on')
        yield 1

    @actor
    def first(self):
        next(self.source)

    @actor
    def second(self):
        self.at('next')
        next(self.source)


class SharedGeneratorMended(SharedGenerator):
    """A lock around ``next``: each item comes once, and nothing crashes."""

    mends = 'SharedGenerator'
    expectations = (expect(ONCE, 'A', 'library/threading: Lock'),)

    def __init__(self):
        super(SharedGeneratorMended, self).__init__()
        self.lock = threads.Lock()

    def take_all(self, mine):
        while True:
            with self.lock:
                item = next(self.source, None)
            if item is None:
                return
            mine.append(item)
