"""What an outcome means: acceptable, interesting or forbidden, per interpreter class.

The words are those of jcstress (OpenJDK): *acceptable* may be seen, *interesting*
may be seen and is worth showing (a race, mostly) but never fails a run, *forbidden*
fails it. An outcome that no expectation names is forbidden: what nobody promised
and nobody thought of should be seen.

Interpreter classes, always in this order: G9, G10, FT, J, P (compat.platform.CLASS).
"""
from __future__ import absolute_import, division, print_function

ACCEPTABLE = 'acceptable'
INTERESTING = 'interesting'
FORBIDDEN = 'forbidden'
CLASSES = ('G9', 'G10', 'FT', 'J', 'P')

#: Outcomes that only a controller outside of the process can see.
CRASH = 'CRASH'
HANG = 'HANG'

_LETTERS = {'A': ACCEPTABLE, 'I': INTERESTING, 'F': FORBIDDEN}


class Expectation(object):
    """One row of a case's outcome table.

    ``outcome`` is the text that the case's ``observe`` returns, ``grades`` a dict
    from interpreter class to grade, ``source`` the document that promises it (or
    ``'observed only'``).
    """

    def __init__(self, outcome, grades, source):
        self.outcome = outcome
        self.grades = grades
        self.source = source

    def grade(self, interpreter_class):
        """The grade (str) of this outcome on an interpreter class such as ``'FT'``."""
        return self.grades[interpreter_class]


def expect(outcome, letters, source):
    """Return an Expectation; ``letters`` is ``'A'`` for all classes, or five, ``'I I F F I'``.

    Raises ValueError when the letters are not one or five of A, I and F.
    """
    found = letters.split()
    if len(found) == 1:
        found = found * len(CLASSES)
    if len(found) != len(CLASSES) or not set(found) <= set(_LETTERS):
        raise ValueError('grades are one or five of A, I, F; not %r' % (letters,))
    grades = dict(zip(CLASSES, [_LETTERS[letter] for letter in found]))
    return Expectation(outcome, grades, source)


def grade_of(expectations, outcome, interpreter_class):
    """The grade (str) of ``outcome``; forbidden where no expectation names it."""
    for expectation in expectations:
        if expectation.outcome == outcome:
            return expectation.grade(interpreter_class)
    return FORBIDDEN
