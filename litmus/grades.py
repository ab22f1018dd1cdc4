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

    ``outcome`` is what the case's ``observe`` returns, as text, ``grades`` a dict
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

    ``outcome`` is text, or what ``str()`` makes the text of: ``expect((1, 0), 'F', ...)``
    grades an ``observe`` that returns ``(1, 0)``. CRASH and HANG may be named as well:
    only what runs the process sees them, and they are forbidden where they are not named.
    Raises ValueError when the letters are not one or five of A, I and F.
    """
    found = str(letters).replace(' ', '')
    if len(found) == 1:
        found = found * len(CLASSES)
    if len(found) != len(CLASSES) or not set(found) <= set(_LETTERS):
        raise ValueError('expect(%r, %r, ...): the grade is one letter of A, I, F, or five, for %s'
                         % (outcome, letters, ', '.join(CLASSES)))
    if not source:
        raise ValueError("expect(%r, ...): name the source that promises it, or 'observed only'"
                         % (outcome,))
    grades = dict(zip(CLASSES, [_LETTERS[letter] for letter in found]))
    return Expectation(str(outcome), grades, source)


def per_class(outcome, **others):
    """A dict for ``Forced.outcome``: ``per_class('raises RuntimeError', J='no exception')``.

    Raises ValueError for a class that there is not.
    """
    unknown = sorted(set(others) - set(CLASSES))
    if unknown:
        raise ValueError('no class of interpreters is called %s; there are %s'
                         % (', '.join(unknown), ', '.join(CLASSES)))
    return dict((name, str(others.get(name, outcome))) for name in CLASSES)


def grade_of(expectations, outcome, interpreter_class):
    """The grade (str) of ``outcome``; forbidden where no expectation names it."""
    for expectation in expectations:
        if expectation.outcome == outcome:
            return expectation.grade(interpreter_class)
    return FORBIDDEN
