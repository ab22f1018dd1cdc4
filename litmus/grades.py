"""What an outcome means: acceptable, interesting or forbidden, per interpreter class.

The words are those of jcstress (OpenJDK): *acceptable* may be seen, *interesting*
may be seen and is worth showing (a race, mostly) but never fails a run, *forbidden*
fails it. An outcome that no expectation names is forbidden: what nobody promised
and nobody thought of should be seen.

The interpreter classes are those of `compat.platform`.  A row names those that differ.
"""
from __future__ import absolute_import, division, print_function

from portable_server.compat import platform

ACCEPTABLE = 'acceptable'
INTERESTING = 'interesting'
FORBIDDEN = 'forbidden'
CLASSES = tuple(name for name, like, what in platform.CLASSES)
UNKNOWN = 'U'

#: Outcomes that only a controller outside of the process can see.
CRASH = 'CRASH'
HANG = 'HANG'

_LIKE = dict((name, like) for name, like, what in platform.CLASSES)
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


def expect(outcome, letter, source, **others):
    """Return an Expectation: ``expect('torn', 'F', source, J='I')``.

    ``letter`` is the grade on every class that ``others`` does not name. The class of
    unknown implementations is never named: what is acceptable everywhere is so there, and
    the rest is interesting, for nobody promised anything.

    ``outcome`` is text, or what ``str()`` makes the text of: ``expect((1, 0), 'F', ...)``
    grades an ``observe`` that returns ``(1, 0)``. CRASH and HANG may be named as well:
    only what runs the process sees them, and they are forbidden where they are not named.
    Raises ValueError when a grade is not A, I or F, or a class is unknown.
    """
    letters = _by_class(str(letter), others)
    if not set(letters.values()) <= set(_LETTERS):
        raise ValueError('expect(%r, %r, ...): a grade is one letter, A, I or F'
                         % (outcome, letter))
    if not source:
        raise ValueError("expect(%r, ...): name the source that promises it, or 'observed only'"
                         % (outcome,))
    letters[UNKNOWN] = 'A' if set(letters.values()) == set('A') else 'I'
    grades = dict((name, _LETTERS[given]) for name, given in letters.items())
    return Expectation(str(outcome), grades, source)


def _by_class(default, others):
    """A dict of every class; one that takes another's grades does so where it is not named."""
    unknown = sorted(set(others) - set(CLASSES))
    if unknown:
        raise ValueError('no class of interpreters is called %s; there are %s'
                         % (', '.join(unknown), ', '.join(CLASSES)))
    return dict((name, others.get(name, others.get(_LIKE[name], default))) for name in CLASSES)


def per_class(outcome, **others):
    """A dict for ``Forced.outcome``: ``per_class('raises RuntimeError', J='no exception')``.

    Raises ValueError for a class that there is not.
    """
    return dict((name, str(one)) for name, one in _by_class(outcome, others).items())


def grade_of(expectations, outcome, interpreter_class):
    """The grade (str) of ``outcome``; forbidden where no expectation names it."""
    for expectation in expectations:
        if expectation.outcome == outcome:
            return expectation.grade(interpreter_class)
    return FORBIDDEN
