"""Scheduling points: the calls that `rewriting` puts between two accesses to shared state.

A point costs a function call and an addition while nothing happens at it, because an
exploration passes millions of them.  The run says in advance at which step it wants to be
asked (`ask_at`), so that the usual point only counts.

Which accesses matter?  A point stands *before* what another thread could make come out
differently:

    attribute   load, store or deletion of an attribute that some function stores
    use         a call, subscript, iteration, truth test, ... of a value that is a container
                or another object that changes; values that cannot change are passed through
    step        what has no value of its own: the store half of `n += 1`, a global name

`run` is the execution in progress, None while there is none or while it is muted: what a
report looks at (a repr, say) is no step of the program.
"""
from __future__ import absolute_import, division, print_function

import collections
import threading
import types

from portable_server.compat import threads

#: the Run in progress, muted or not
active = None
#: the Run in progress; read by every point
run = None

_get_ident = threads.get_ident      # before an exploration replaces it


def here():
    """The Run whose actor calls this; None outside of one, and in a thread that is no actor."""
    now = active
    return now if now is not None and now.ident == _get_ident() else None


_UNCHANGING = (bool, int, float, complex, str, bytes, type(u''), type(None), tuple, frozenset,
               type, types.ModuleType, types.FunctionType, types.BuiltinFunctionType, slice,
               type(Ellipsis), type(NotImplemented), type(threading.local()))

#: class -> whether a use of its instances is a scheduling point
_changes = dict.fromkeys(_UNCHANGING, False)
#: names of the modules whose code was rewritten: their classes have points inside
rewritten = set()
#: names of packages whose objects make points of their own
_OWN = ('portable_server.litmus.explore', 'portable_server.compat')


def _learn(cls):
    """Decide, once for each class, whether its instances are used in one step of their own."""
    if issubclass(cls, BaseException) or cls in _UNCHANGING:
        found = False
    elif issubclass(cls, (dict, list, set, collections.deque, bytearray)):
        found = True
    else:
        module = str(getattr(cls, '__module__', ''))
        found = module not in rewritten and not module.startswith(_OWN)
        found = found and module != 'threading'
    _changes[cls] = found
    return found


def forget_classes():
    """Forget what was learnt about classes that an exploration defined."""
    for cls in list(_changes):
        if cls not in _UNCHANGING:
            del _changes[cls]


def attribute(site, base):
    """Before an access to an attribute of `base`, which is returned."""
    now = run
    if now is not None:
        now.step += 1
        if now.step >= now.ask_at:
            now.ask(site, base)
    return base


def use(site, value):
    """Before `value` is used, and returned; no point where it cannot change."""
    now = run
    if now is not None:
        cls = value.__class__
        try:
            changes = _changes[cls]
        except KeyError:
            changes = _learn(cls)
        if changes:
            now.step += 1
            if now.step >= now.ask_at:
                now.ask(site, value)
    return value


def step(site, value=None):
    """A point in any case; `value` is returned."""
    now = run
    if now is not None:
        now.step += 1
        if now.step >= now.ask_at:
            now.ask(site, None)
    return value


def enter(site, value):
    """Before a `with` statement enters `value`: the place of the point that a lock makes there."""
    now = run
    if now is not None:
        now.entering = site
    return value


def each(site, iterable):
    """The items of `iterable`, with a point before each is fetched."""
    iterator = iter(iterable)
    while True:
        step(site)
        try:
            item = next(iterator)
        except StopIteration:
            return
        yield item
