"""A control: a program, and the exact reports that the watch must give for it.

    @control(due('blocked-while-holding', lock='a', operation='time.sleep'))
    def sleep_under_a_lock(kit):
        '''Whoever wants the lock sleeps as well.'''
        with kit.lock('a'):
            time.sleep(0)

Without ``due`` the program is correct and must give none.
"""
from __future__ import absolute_import, division, print_function

import importlib
import pkgutil

APIS = ('threading', 'compat')
KINDS = ('Lock', 'RLock', 'Condition')
#: The program is correct on a lock that its holder may take again.
REENTRANT = ('RLock', 'Condition')
#: Seconds on the program's own clock, see litmus.watched.Clock.
HOLD_LIMIT = 1.0


class Due(object):
    """One report that must come; None stands for any value.

    ``kind`` is one of watch.KINDS, ``lock`` the name of a class of locks, ``operation``
    as in a Report, ``others`` the names of the locks concerned beside it, in any order, ``thread`` the
    name of the thread.
    """

    FIELDS = ('kind', 'lock', 'operation', 'others', 'thread')

    def __init__(self, kind, lock=None, operation=None, others=None, thread=None):
        self.kind = kind
        self.lock = lock
        self.operation = operation
        self.others = None if others is None else tuple(sorted(others))
        self.thread = thread

    def fits(self, found):
        """Whether the Due ``found`` (all its fields are known) is what this one asks for."""
        return all(getattr(self, field) in (None, getattr(found, field)) for field in self.FIELDS)

    def __repr__(self):
        told = [(field, getattr(self, field)) for field in self.FIELDS[1:]]
        return '%s(%s)' % (self.kind, ', '.join('%s=%r' % one for one in told if one[1]))


due = Due


class Control(object):
    """A program with the reports due in each column, and how the watch is set for it."""

    def __init__(self, program, reports, options):
        self.program = program
        self.name = program.__name__
        self.subject = program.__module__.rsplit('.', 1)[-1]
        self.reports = reports
        self.apis = options.pop('apis', APIS)
        self.kinds = options.pop('kinds', KINDS)
        self.clean_for = options.pop('clean_for', ())
        self.mode = options.pop('mode', 'report')
        self.hold_limit = options.pop('hold_limit', HOLD_LIMIT)
        self.real_clock = options.pop('real_clock', False)
        if options:
            raise TypeError('a control has no option %s' % ', '.join(sorted(options)))

    def runs_in(self, column):
        """Whether the program makes sense with the locks of ``column``."""
        return column.api in self.apis and column.kind in self.kinds

    def due_in(self, column):
        """The reports (tuple of Due) that must come in ``column``."""
        return () if column.kind in self.clean_for else self.reports

    def __repr__(self):
        return '<Control %s.%s>' % (self.subject, self.name)


_registry = []


def control(*reports, **options):
    """Decorator: register a program that must give exactly ``reports``.

    Options: ``apis`` and ``kinds`` (tuples of str) where it makes sense; ``clean_for``, the
    kinds with which it is correct; ``mode`` and ``hold_limit`` of the watch; ``real_clock``,
    when the watch shall see real time.
    """
    def register(program):
        _registry.append(Control(program, reports, options))
        return program
    return register


def all_controls():
    """All controls (list), in the order in which they were written, subject by subject."""
    programs = importlib.import_module('portable_server.litmus.controls.programs')
    for _, name, _ in sorted(pkgutil.iter_modules(programs.__path__), key=lambda one: one[1]):
        importlib.import_module('portable_server.litmus.controls.programs.' + name)
    return list(_registry)


def select(wanted):
    """The controls whose name or subject is in ``wanted``; all where it is empty.

    Raises LookupError with the first name that nothing has.
    """
    found = all_controls()
    for name in wanted:
        if not any(name in (one.name, one.subject) for one in found):
            raise LookupError(name)
    return [one for one in found if not wanted or {one.name, one.subject} & set(wanted)]
