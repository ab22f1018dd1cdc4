"""Row 27: ``s += 'x'`` on a global that threads share.

The same read, addition and write as in row 1, only of text, and in the module instead of
an object. CPython even extends a string in place where nobody else refers to it; that
makes it faster, not atomic. Collect the pieces in a list (row 6) and join them at the end.

Source: CPython documentation, howto/free-threading-python; library/stdtypes, "Common
Sequence Operations" (note on concatenating).
"""
from __future__ import absolute_import, division, print_function

from portable_server.litmus.cases._counting import Counting, CountingForced, keeps_all, may_lose

#: What the threads share; each round begins with none. Rounds cannot stand side by side.
text = ''
pieces = []


class GlobalText(Counting):
    """Two threads append letters to a global text: are all letters there?"""

    rows = (27,)
    expectations = may_lose('howto/free-threading-python: += is not atomic')
    batch = 1
    additions = 200

    def __init__(self):
        global text
        text = ''

    def add(self):
        global text
        for _ in range(self.additions):
            text += 'x'

    def total(self):
        return len(text)


class GlobalTextForced(CountingForced):
    """Both read the text before either writes it: one letter lost, each time."""

    rows = (27,)

    def __init__(self):
        global text
        text = ''

    def add(self):
        global text
        self.at('read')
        mine = text
        self.at('write')
        text = mine + 'x'

    def observe(self):
        return str(len(text))


class GlobalTextMended(Counting):
    """The letters go into a list, and are joined when all are there."""

    rows = (27,)
    mends = 'GlobalText'
    expectations = keeps_all('faq/library: L.append; library/stdtypes: str.join')
    batch = 1
    additions = 200

    def __init__(self):
        del pieces[:]

    def add(self):
        for _ in range(self.additions):
            pieces.append('x')

    def total(self):
        return len(''.join(pieces))
