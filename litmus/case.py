"""What a litmus test is made of: shared state, actors, an observer and an outcome table.

A case is a class. An instance is one round: its attributes are the shared state,
its methods marked ``@actor`` run at the same time in one thread each, and
``observe``, called when all have ended, names what happened:

    class LostUpdate(Case):
        '''Two threads add one each; is the sum two?'''
        rows = (1,)
        expectations = (
            expect('2', 'A', 'the only sequential outcome'),
            expect('1', 'I', 'howto/free-threading: += is not atomic'),
        )

        def __init__(self):
            self.n = 0

        @actor
        def first(self):
            self.n += 1

        @actor
        def second(self):
            self.n += 1

        def observe(self):
            return str(self.n)

``stress`` races such a case many thousand times. Where stress is not certain to show
an outcome, a ``Forced`` case shows it by a schedule of named segments, every time.
"""
from __future__ import absolute_import, division, print_function

import itertools
import sys

_definition_order = itertools.count()


class CaseError(ValueError):
    """A mistake in a case itself, told in one line with what to do."""


def actor(method):
    """Mark a method of a case as one of the actors; each runs in a thread of its own.

    A method that overrides an actor is an actor too. ``second = actor(first)`` makes a
    further actor of one method. Raises CaseError for what is no function, and where the
    class body has an actor of this name already, which the second would replace without
    a word.
    """
    name = getattr(method, '__name__', None)
    if not callable(method) or name is None:
        raise CaseError('@actor marks a method of a case, not %r' % (method,))
    before = sys._getframe(1).f_locals.get(name)
    if before is method:
        method = _another(method)
    elif hasattr(before, 'litmus_actor'):
        raise CaseError('two actors are called %s: give the second another name' % name)
    method.litmus_actor = next(_definition_order)
    return method


def _another(method):
    def run(self):
        method(self)

    return run


def actors_of(case_class):
    """The names (list of str) of the actors of a case, in the order they were written."""
    orders = {}
    for base in reversed(case_class.__mro__):
        for name, value in vars(base).items():
            order = getattr(value, 'litmus_actor', None)
            if order is not None:
                orders[name] = order
    alive = [name for name in orders if callable(getattr(case_class, name))]
    return sorted(alive, key=orders.get)


class Case(object):
    """A litmus test to be stressed; the docstring of a subclass is the lesson."""

    #: Numbers of the rows of the catalogue that this case covers.
    rows = ()
    #: Expectation objects, the outcome table.
    expectations = ()
    #: What is mended here, when this is the mended variant of a racy case: its class name,
    #: with the name of the module and a dot before it where that is another.
    mends = None
    #: Rounds that run between two meetings of the actors. Small where a round is long;
    #: 1 where rounds cannot exist side by side: state in globals, or costly things.
    batch = 200

    def observe(self):
        """The outcome of the round: text, or what ``str()`` makes the text of, not None.

        Runs after all actors have ended. It should only look: the engine calls it once
        on a round that was not run, to find out whether rounds share state.
        """
        raise NotImplementedError(type(self).__name__ + ' must define observe()')


class Forced(Case):
    """A case whose actors run named segments in a prescribed order.

    An actor calls ``self.at(NAME)`` where a segment begins; the segment ends at the
    actor's next ``at`` or at its end. ``schedule`` is the order of all segments, as
    ``'first:read second:read first:write second:write'``. ``outcome`` is what the
    schedule must give, each time and on each interpreter; ``'impossible'`` says that
    the schedule cannot be followed, because a lock forbids it: a mended case.
    """

    schedule = ''
    outcome = ''
    #: Seconds within which the next segment must begin, else the schedule is impossible.
    patience = 5.0

    #: Set by ``portable_server.litmus.schedule``: the conductor of this round; None where it is stressed.
    conductor = None

    def at(self, segment):
        """Wait until the schedule comes to this actor's ``segment``."""
        if self.conductor is not None:
            self.conductor.at(segment)


#: The outcome of a Forced case whose schedule could not be followed.
IMPOSSIBLE = 'impossible'


def name_of(case_class):
    """The case's name (str) on command lines and in reports, ``row_01.LostUpdate``."""
    return case_class.__module__.rsplit('.', 1)[-1] + '.' + case_class.__name__


def title_of(case_class):
    """The first line of the lesson (str)."""
    lines = (case_class.__doc__ or '').strip().splitlines()
    return lines[0] if lines else ''
