"""Values on their way between the checks and the module: numbers, texts and the like as they are,
all else by a number that stands for the object.

`out` gives what `json` can write, `into` takes what it read. Large bytes go as blobs, see
`student_side.Link.send`. Python 2's str, of which nobody knows whether it is text, has a mark of
its own.
"""
from __future__ import absolute_import, division, print_function

import functools
import sys
import threading

IS_2 = sys.version_info[0] == 2
TEXT, INTEGERS = type(u''), (int, type(sys.maxsize + 1))     # Python 2 has two of each
LARGE = 1000    # bytes
#: What goes as it is, also if it is of a class that derives from one of these.
PLAIN = (bool,) + INTEGERS + (float, TEXT, bytes, bytearray, tuple, dict, set, frozenset, slice)


class FromChecks(object):
    """An object of the checks, here; calls go there."""


def asks(name):
    """A method that is done by the checks."""
    def call(self, *arguments, **named):
        return self._portable_ask(name, arguments, named)
    call.__name__ = str(name)
    return call


class Values(object):
    """All objects that are known on both sides."""

    def __init__(self, link):
        self._link = link
        self._lock = threading.Lock()
        self._numbers, self._objects = {}, {}   # id: number, number: object (so it stays)
        self._theirs, self._described = {}, {}

    # --- out

    def out(self, value, blobs):
        mine = getattr(value, '_portable_mine', None)
        if type(mine) is int:
            return {'m': mine}
        kind = next((one for one in PLAIN if isinstance(value, one)), None)
        if value is None or kind is bool:
            return value
        if kind in INTEGERS:
            return int(value)
        if kind is float:
            return {'f': repr(value)}
        if kind is TEXT:
            return {'t': value}
        if kind in (bytes, bytearray):
            return self._bytes(bytes(value), 'n' if IS_2 and kind is bytes else 'b', blobs)
        if kind is tuple:
            return {'u': [self.out(one, blobs) for one in value]}
        if kind is dict:
            return {'d': [[self.out(key, blobs), self.out(one, blobs)]
                          for key, one in list(value.items())]}
        if kind in (set, frozenset):
            return {'s': [self.out(one, blobs) for one in list(value)]}
        if kind is slice:
            return {'y': [self.out(one, blobs) for one in (value.start, value.stop, value.step)]}
        return self._object(value, blobs)

    def _bytes(self, value, mark, blobs):
        if len(value) <= LARGE:
            return {mark: value.decode('latin-1')}
        blobs.append(value)
        return {mark: len(blobs) - 1}

    def _object(self, value, blobs):
        if isinstance(value, BaseException):
            return self.out_error(value, blobs, '')
        if isinstance(value, list):
            return {'l': self.number(value)}
        if is_class(value):
            return {'c': self.described(value)}
        return {'o': self.number(value), 'c': self.described(getattr(value, '__class__', None))}

    def out_error(self, error, blobs, text):
        mine = getattr(error, '_portable_mine', None)
        if type(mine) is int:
            return {'m': mine}
        arguments = [self.out(one, blobs) for one in getattr(error, 'args', ())]
        return {'e': self.number(error), 'c': self.described(error.__class__), 'args': arguments,
                'text': text}

    def number(self, value):
        """The number that stands for an object of ours."""
        with self._lock:
            if id(value) not in self._numbers:
                self._numbers[id(value)] = len(self._objects) + 1
                self._objects[len(self._objects) + 1] = value
            return self._numbers[id(value)]

    def described(self, kind):
        """What the checks need to know of a class."""
        number = self.number(kind)
        if number not in self._described:
            bases = [one for one in getattr(kind, '__bases__', ()) if one is not object]
            self._described[number] = {
                'number': number, 'name': str(kind.__name__), 'module': str(kind.__module__),
                'bases': [self.described(one) for one in bases], 'methods': methods(kind),
            }
        return self._described[number]

    # --- into

    def into(self, value, blobs):
        if not isinstance(value, dict):
            return value
        ((mark, one),) = [item for item in value.items() if len(item[0]) == 1]
        return getattr(self, '_into_' + str(mark))(one, value, blobs)

    def _into_f(self, one, value, blobs):
        return float(one)

    def _into_t(self, one, value, blobs):
        """Text; where Python 2 has it as str, which a literal in a module is, as that."""
        if IS_2:
            try:
                return one.encode('ascii')
            except UnicodeError:
                pass
        return one

    def _into_b(self, one, value, blobs):
        return blobs[one] if isinstance(one, int) else one.encode('latin-1')

    def _into_u(self, one, value, blobs):
        return tuple(self.into(each, blobs) for each in one)

    def _into_l(self, one, value, blobs):
        return [self.into(each, blobs) for each in one]

    def _into_s(self, one, value, blobs):
        return set(self.into(each, blobs) for each in one)

    def _into_d(self, one, value, blobs):
        return dict((self.into(key, blobs), self.into(each, blobs)) for key, each in one)

    def _into_y(self, one, value, blobs):
        return slice(*[self.into(each, blobs) for each in one])

    def _into_m(self, one, value, blobs):
        return self._objects[one]

    def _into_h(self, one, value, blobs):
        """An object of the checks: always the same one here."""
        with self._lock:
            if one not in self._theirs:
                self._theirs[one] = self._made(one, value, blobs)
            return self._theirs[one]

    def _made(self, number, value, blobs):
        if 'error' in value:
            return self._error(number, value, blobs)
        body = dict((str(name), asks(name)) for name in value['methods'])
        body['_portable_mine'] = number
        body['_portable_ask'] = self._asking(number)
        if value.get('open'):   # its class answers for any name
            body['__getattr__'] = lambda self, name: functools.partial(asks(name), self)
        if IS_2 and '__next__' in body:
            body['next'] = body['__next__']
        if IS_2 and '__bool__' in body:
            body['__nonzero__'] = body['__bool__']
        base = int if 'number' in value else FromChecks
        made = type(str(value['name']), (base,), body)
        return made(value['number']) if 'number' in value else made()

    def _asking(self, number):
        def ask(_, name, arguments, named):
            blobs = []
            request = {'q': 'method', 'number': number, 'name': name}
            request['args'] = [self.out(one, blobs) for one in arguments]
            request['named'] = dict((key, self.out(one, blobs)) for key, one in named.items())
            return self._link.ask(request, blobs)
        return ask

    def _error(self, number, value, blobs):
        kind = getattr(sys.modules.get('builtins') or sys.modules['__builtin__'],
                       str(value['error']), None)
        if kind is None:
            base = Exception if value['is_exception'] else BaseException
            kind = type(str(value['error']), (base,), {})
        error = kind(*[self.into(one, blobs) for one in value['args']])
        error._portable_mine = number
        return error


def is_class(value):
    """Python 2 has two kinds of them."""
    return isinstance(value, type) or IS_2 and type(value).__name__ == 'classobj'


def methods(kind):
    """The names of what can be called on an object of this class."""
    return sorted(name for name in dir(kind) if callable(getattr(kind, name, None)))
