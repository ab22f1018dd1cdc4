"""Results in a form that can be compared between executions.

Plain values are themselves, containers are taken apart, exceptions are results like others.
An object that is not plain counts by its identity: two calls that gave the same object differ
from two that gave one each (a singleton made twice).  Identities are numbered over a whole
history in the order of the program, not of time, so that the numbers of two executions can be
compared.  An object whose class defines `__eq__` counts by its attributes instead.

A result is frozen when the call returns: what it names may change later.
"""
from __future__ import absolute_import, division, print_function

import collections
import re

from portable_server.litmus.explore import points
from portable_server.litmus.explore.threading_ import EPOCH, START

_ADDRESS = re.compile(r' at 0x[0-9a-fA-F]+|\b0x[0-9a-fA-F]{6,}')
_TEXT = (str, type(u''), bytes)
_DEEPEST = 4
_A_DAY = 86400.0
_LOCKS = ('portable_server.litmus.explore', 'threading', '_thread', 'thread')

#: an object that counts by identity, until `Numbers` numbers it
Identity = collections.namedtuple('Identity', 'kind thing')


def frozen(value, depth=0):
    """`value` as nested tuples of plain values and Identity."""
    kept, points.run = points.run, None
    try:
        return _frozen(value, depth)
    except Exception as error:      # a property, an iterator of the program's own fails
        return ('unreadable', type(error).__name__)
    finally:
        points.run = kept


def _frozen(value, depth):
    kind = type(value)
    if value is None or kind is bool or kind in _TEXT:
        return value
    if isinstance(value, (int, float, complex)):
        return _number(value)
    if depth > _DEEPEST:
        return ('deep', kind.__name__)
    if isinstance(value, dict):
        return ('dict', _sorted((_frozen(key, depth + 1), _frozen(held, depth + 1))
                                for key, held in list(value.items())))
    if isinstance(value, (list, tuple, collections.deque)):
        name = 'tuple' if isinstance(value, tuple) else 'list'
        return (name,) + tuple(_frozen(item, depth + 1) for item in list(value))
    if isinstance(value, (set, frozenset)):
        return ('set', _sorted(_frozen(item, depth + 1) for item in list(value)))
    if isinstance(value, type) or callable(value):
        return ('callable', getattr(value, '__name__', kind.__name__))
    return _object(value, depth)


def _number(value):
    """Numbers as they are; moments of the run's clock all alike."""
    if isinstance(value, float):
        for start in (EPOCH, START):
            if start <= value < start + _A_DAY:
                return ('a time',)
    return value


def _object(value, depth):
    cls = value.__class__
    compares = any('__eq__' in vars(base) for base in getattr(cls, '__mro__', ())[:-1])
    if compares and hasattr(value, '__dict__'):
        return ('object', cls.__name__, _frozen(dict(vars(value)), depth + 1))
    return Identity(cls.__name__, value)


def _sorted(items):
    return tuple(sorted(items, key=repr))


def raised(error):
    """An exception as a result."""
    return ('raised', type(error).__name__, _ADDRESS.sub('', _text_of(error)))


def _text_of(error):
    kept, points.run = points.run, None
    try:
        return str(error)
    except Exception:
        return ''
    finally:
        points.run = kept


def public_state(thing):
    """The public attributes (frozen dict) of an object that hold plain values."""
    found = {}
    for name, value in list(getattr(thing, '__dict__', {}).items()):
        module = getattr(type(value), '__module__', '')
        if not name.startswith('_') and not module.startswith(_LOCKS) and not callable(value):
            found[name] = value
    return frozen(found)


class Numbers(object):
    """Gives objects numbers in the order in which they are met."""

    def __init__(self):
        self._met = []

    def apply(self, value):
        """The frozen value with numbers for identities."""
        if isinstance(value, Identity):
            return ('object', value.kind, self._of(value.thing))
        if isinstance(value, tuple):
            return tuple(self.apply(item) for item in value)
        return value

    def _of(self, thing):
        for number, met in enumerate(self._met):
            if met is thing:
                return number
        self._met.append(thing)
        return len(self._met) - 1


def as_text(value):
    """A frozen and numbered result as a person would write it."""
    if not isinstance(value, tuple) or not value:
        return repr(value)
    kind, rest = value[0], value[1:]
    if kind == 'raised':
        return 'raises %s%s' % (rest[0], '(%s)' % rest[1] if rest[1] else '')
    if kind == 'dict':
        return '{%s}' % ', '.join('%s: %s' % tuple(map(as_text, pair)) for pair in rest[0])
    if kind in ('list', 'tuple'):
        inside = ', '.join(map(as_text, rest))
        return '[%s]' % inside if kind == 'list' else '(%s%s)' % (inside, ',' * (len(rest) == 1))
    if kind == 'set':
        return '{%s}' % ', '.join(map(as_text, rest[0])) if rest[0] else 'set()'
    if kind == 'object' and isinstance(rest[1], int):
        return '<%s #%d>' % rest
    if kind == 'object':
        return '%s%s' % (rest[0], as_text(rest[1]))
    return '<%s>' % ' '.join(map(str, value))
