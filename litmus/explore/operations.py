"""Which calls can be made on a class, and with what arguments.

From the shortest to the longest way to say it: a `race` table in the class, a list of calls as
text (`race = ['Account(100)', 'withdraw(70)', 'balance()']`); type hints; the names of
parameters; trial: the first arguments with which a call in a thread of its own does not raise a
TypeError or an AttributeError.  Values come from a small domain, because races need calls that
meet: two keys, two numbers.
"""
from __future__ import absolute_import, division, print_function

import collections
import inspect
import itertools

from portable_server.litmus.explore import points, rewriting
from portable_server.litmus.explore.scenario import PENDING

#: new: constructor calls; calls: method calls; observers: calls without arguments, for the end;
#: waiting: calls that wait on a new object; failed: what cannot be driven, (name, reason)
Interface = collections.namedtuple('Interface', 'new calls observers waiting failed')

_NUMBERS, _TEXTS, _LISTS = ['1', '2'], ["'a'", "'b'"], ['[1, 2]', '[3]']
_FUNCTIONS = ['(lambda *a, **k: object())', '(lambda *a, **k: 1)']
#: part of an annotation or of a parameter's name -> texts of values
_HINTS = (('callable', _FUNCTIONS), ('bool', ['True', 'False']), ('int', _NUMBERS),
          ('str', _TEXTS), ('float', ['1.0', '2.0']), ('bytes', ["b'a'", "b'b'"]),
          ('list', _LISTS), ('sequence', _LISTS), ('iterable', _LISTS), ('set', _LISTS),
          ('dict', ["{'a': 1}", "{'b': 2}"]), ('mapping', ["{'a': 1}", "{'b': 2}"]))
_NAMES = ((('func', 'fn', 'callback', 'factory', 'loader', 'compute', 'handler', 'listener',
            'target', 'make', 'create'), _FUNCTIONS),
          (('key', 'name', 'topic', 'user', 'ident', 'word', 'text', 'path', 'url'), _TEXTS),
          (('items', 'values', 'keys', 'iterable', 'others'), _LISTS),
          (('timeout', 'seconds', 'delay', 'interval'), ['1.0', '2.0']))
_SMALL = ('capacity', 'maxsize', 'max_size', 'size', 'limit', 'maximum', 'bound')
_SPECIAL = ('__len__', '__getitem__', '__setitem__', '__delitem__', '__contains__', '__call__')
_LOOKS_ONLY = ('get', 'is_', 'has', 'count', 'size', 'len', 'value', 'total', 'snapshot', 'items',
               'keys', 'values', 'balance', 'stats', 'current', 'peek', 'to_', 'as_', '__len__')
_COMBINATIONS = 12
_GREATEST = 10000
_REFUSED = ('TypeError', 'AttributeError', 'UnboundLocalError', 'NameError')


def _specification(function):
    """(names of the required parameters, all names, annotations) of a function."""
    spec = getattr(inspect, 'getfullargspec', None) or inspect.getargspec
    found = spec(function)
    names = [name for name in found[0] if isinstance(name, str)]
    required = names[:len(names) - len(found[3] or ())]
    return required, names, getattr(function, '__annotations__', {})


def _values(name, annotations):
    """Texts of values for a parameter, the likely ones first."""
    hint = annotations.get(name)
    if hint is not None:
        text = (getattr(hint, '__name__', None) or str(hint)).lower()
        for part, values in _HINTS:
            if part in text:
                return [values]
    lowered = name.lower()
    for parts, values in _NAMES:
        if any(part in lowered for part in parts):
            return [values, _NUMBERS]
    return [_NUMBERS, _TEXTS, _FUNCTIONS, _LISTS]


def _variants(kinds):
    """Lists of argument texts: the usual one, another last value, another first value."""
    usual = [values[0] for values in kinds]
    found = [usual]
    for value in kinds[-1][1:] if kinds else ():
        found.append(usual[:-1] + [value])
    if len(kinds) > 1:
        found.append([kinds[0][1]] + usual[1:])
    return found


def _limit(class_name):
    """The greatest whole number in a class's code as text, as a list of at most one."""
    found = [number for number in rewriting.numbers[class_name] if 2 < number <= _GREATEST]
    return [str(max(found))] if found else []


class Finder(object):
    """Finds the Interface of a class; `attempt` is a function of (new, call): its result, frozen.

    call None: of the constructor alone.
    """

    def __init__(self, cls, module, attempt):
        self._cls, self._module, self._attempt = cls, module, attempt
        self._failed = []

    def interface(self):
        table = vars(self._cls).get('race') or getattr(self._module, 'race', {})
        if isinstance(table, dict):
            table = table.get(self._cls.__name__)
        given = [str(text) for text in table or ()]
        name = self._cls.__name__
        new = [text for text in given if text.split('(')[0].split('.')[0] == name]
        calls = [text for text in given if text not in new]
        new = new or self._constructors()
        if not new:
            return Interface([], [], [], [], self._failed)
        found = calls or self._methods(new)
        observers = sorted((text for text in found if _has_no_arguments(text)), key=_by_harm)
        waiting = [text for text in found if self._attempt(new[0], text) == PENDING]
        return Interface(new, found, observers, waiting, self._failed)

    def _constructors(self):
        init = getattr(self._cls, '__init__', None)
        function = getattr(init, '__func__', init)
        name = self._cls.__name__
        if not inspect.isfunction(function):
            return [name + '()'] if self._accepted(name + '()', None) else self._none_fits(name)
        required, names, annotations = _specification(function)
        kinds = self._fitting(required[1:], annotations, None, name)
        if kinds is None:
            return self._none_fits(name)
        usual = [values[0] for values in kinds]
        found = ['%s(%s)' % (name, ', '.join(usual))]
        for small in names[1:]:
            if small in _SMALL:
                if small in required:
                    usual[required.index(small) - 1] = '2'
                    found.append('%s(%s)' % (name, ', '.join(usual)))
                else:
                    found.append('%s(%s)' % (name, ', '.join(usual + ['%s=2' % small])))
        return [text for text in found if self._accepted(text, None)]

    def _none_fits(self, name):
        self._failed.append((name, 'no arguments for its constructor were found; give a `race` '
                                   "table in the class: race = ['%s(...)', ...]" % name))
        return []

    def _methods(self, new):
        found = []
        for name in sorted(dir(self._cls)):
            if name.startswith('_') and name not in _SPECIAL:
                continue
            found += self._calls_of(name, new[0])
        return found

    def _calls_of(self, name, new):
        raw = self._raw(name)
        if isinstance(raw, property) or type(raw).__name__ == 'cached_property':
            return [name]
        function = getattr(raw, '__func__', raw)
        function = getattr(function, '__wrapped__', function)
        if not inspect.isfunction(function) or function.__module__ not in points.rewritten:
            return []
        required, _, annotations = _specification(function)
        required = required if isinstance(raw, staticmethod) else required[1:]
        kinds = self._fitting(required, annotations, name, new)
        if kinds is None:
            self._failed.append((name, 'no arguments were found that it takes'))
            return []
        if kinds and kinds[-1] is _NUMBERS:
            kinds = kinds[:-1] + [_NUMBERS + _limit(self._cls.__name__)]
        return ['%s(%s)' % (name, ', '.join(texts)) for texts in _variants(kinds)]

    def _raw(self, name):
        for cls in inspect.getmro(self._cls):
            if name in vars(cls):
                return vars(cls)[name]

    def _fitting(self, required, annotations, name, new):
        """For each parameter its values; None where no combination is taken."""
        choices = [_values(parameter, annotations) for parameter in required]
        for kinds in itertools.islice(itertools.product(*choices), _COMBINATIONS):
            arguments = ', '.join(values[0] for values in kinds)
            if name is None:
                accepted = self._accepted('%s(%s)' % (new, arguments), None)
            else:
                accepted = self._accepted(new, '%s(%s)' % (name, arguments))
            if accepted:
                return list(kinds)
        return None

    def _accepted(self, new, call):
        result = self._attempt(new, call)
        if isinstance(result, tuple) and result and result[0] == 'raised':
            return call is not None and result[1] not in _REFUSED
        return True


def _has_no_arguments(text):
    return text.endswith('()') or '(' not in text


def _by_harm(text):
    """Calls that look only come first, those that may change or block come last."""
    looks = '(' not in text or text.startswith(_LOOKS_ONLY)
    return (not looks, text)
