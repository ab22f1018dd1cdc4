"""Putting the watch into its places, and taking it out again.

Locks are watched when they are made while a session is on, by a module that is not one of
the opaque ones (`compat.interception`).  A module that has `from threading import Lock`
has its own name for the factory; so every loaded module is searched for such names.
"""
from __future__ import absolute_import, division, print_function

import collections
import sys

from portable_server.compat import interception
from portable_server.compat.interception import Place
from portable_server.litmus.watch import blocking, locks, state
from portable_server.litmus.watch.held import of_this_thread
from portable_server.litmus.watch.stacks import getframe, is_own

#: (original, watched class) of each lock factory, made once
_lock_classes = []
#: the places that are replaced now
_places = []


def _opaque(frame):
    name = frame.f_globals.get('__name__') or ''
    return interception.package_of(name) in state.current().opaque


class _FactoryType(type):
    """The type of the watched classes: plain locks count as instances too."""

    def __instancecheck__(cls, instance):
        return type.__instancecheck__(cls, instance) or isinstance(instance, cls.plain_type)


def _lock_class(factory):
    """The class that stands in the place of a lock factory."""
    plain = factory.make

    def new(cls, *arguments, **named):
        frame = getframe(1)
        if state.current() is None or _opaque(frame):
            return plain(*arguments, **named)
        return locks.wrap(cls, plain(*arguments, **named), class_at(frame, factory.name))

    members = {'__slots__': (), '__new__': new, 'type_name': factory.name,
               'timed': factory.timed, 'reentrant': factory.name == 'RLock',
               'plain_type': type(plain()), '__doc__': plain.__doc__}
    members.update(locks.plain_methods())
    return _FactoryType(factory.name, (locks.Watched,), members)


def class_at(frame, made):
    """The LockClass of the locks made by the instruction that `frame` is at.

    made: what is made, which tells two in one line apart where instructions do not.
    """
    code, line = frame.f_code, frame.f_lineno
    call = interception.instruction(frame, of_this_thread().made)
    session = state.current()
    session.locks += 1
    return session.graph.at((code, line, call, made), '%s:%d' % (code.co_filename, line))


def lock_classes():
    """list of (Factory, watched class)."""
    if not _lock_classes:
        for factory in interception.lock_factories():
            _lock_classes.append((factory, _lock_class(factory)))
    return _lock_classes


def use_methods_of(session):
    """Let all watched locks, old and new, work for `session`; None: as plain ones."""
    for factory, cls in lock_classes():
        methods = locks.methods(session, factory.name == 'RLock')
        for name, method in methods.items():
            setattr(cls, name, method)


def _put(owner, name, value):
    place = Place(owner, name)
    place.put(value)
    _places.append(place)


def put_in():
    """Replace everything; `take_out` undoes it."""
    changed = []        # what was replaced, its replacement
    for factory, cls in lock_classes():
        changed.append((factory.make, cls))
        for module in factory.modules:
            _put(module, factory.name, cls)
    for one in interception.blocking_functions():
        original = getattr(one.owner, one.attribute)    # bound, where a module is a class
        watched = blocking.Function(original, one.operation)
        changed.append((original, watched))
        _put(one.owner, one.attribute, watched)
    for module, name, stand_in in interception.stand_ins():
        changed.append((vars(module)[name], stand_in))
        _put(module, name, stand_in)
    _put_methods()
    _put_conditions()
    _rename(changed)


def _put_methods():
    for one in interception.blocking_methods() + interception.selector_methods():
        _put_method(one, blocking.method)
    for one in interception.socket_methods():
        _put_method(one, blocking.socket_method)
    for one in interception.socket_file_methods():
        _put_method(one, blocking.socket_file_method)
    for one in interception.starting_methods():
        _put_method(one, blocking.opaque_method)


def _put_method(one, watched):
    place = Place(one.owner, one.attribute)
    place.put(watched(place.before, one.operation))
    _places.append(place)


def _put_conditions():
    for cls in interception.conditions():
        _put(cls, '__init__', _condition_init(cls, Place(cls, '__init__').before))
        _put(cls, 'wait', blocking.condition_wait(Place(cls, 'wait').before))


def _condition_init(cls, original):
    module = interception.factory_for_condition(cls)
    lock_class = [watched for factory, watched in lock_classes()
                  if factory.name == 'RLock' and module in factory.modules][0]

    def __init__(self, lock=None, *others):
        if lock is None and state.current() is not None:
            frame = _maker(getframe(1))
            if not _opaque(frame):
                factory = [one for one, watched in lock_classes() if watched is lock_class][0]
                lock = locks.wrap(lock_class, factory.make(), class_at(frame, 'Condition'))
        original(self, lock, *others)
    return __init__


def _maker(frame):
    """Who makes a Condition: 2.7 has a function in between."""
    while frame.f_back is not None and (
            is_own(frame) or frame.f_globals.get('__name__') == 'threading'
            and frame.f_code.co_name == 'Condition'):
        frame = frame.f_back
    return frame


def _rename(changed):
    """Change the names that loaded modules gave to what was replaced."""
    kinds = collections.defaultdict(list)       # by type, to look closely at few
    for original, replacement in changed:
        kinds[type(original)].append((original, replacement))
    for module in list(sys.modules.values()):
        names = getattr(module, '__dict__', None)
        title = getattr(module, '__name__', None)
        if not hasattr(names, 'items') or not isinstance(title, str) or _is_machinery(title):
            continue
        for name, value in list(names.items()):
            for original, replacement in kinds.get(type(value), ()):
                if interception.stands_for(value, original):
                    _put(module, name, replacement)
                    break


def _is_machinery(title):
    return (interception.package_of(title) in interception.OPAQUE
            or title.startswith('portable_server.litmus.watch')
            or title in ('_thread', 'thread', 'time', 'select'))


def take_out():
    """Restore everything, and the names of modules that were loaded meanwhile."""
    back = {}
    for factory, cls in lock_classes():
        back[id(cls)] = cls, factory.make
    for place in _places:
        value = getattr(place.owner, place.name)
        if isinstance(value, blocking.Function):
            back[id(value)] = value, value.original
    while _places:
        _places.pop().restore()
    for module in list(sys.modules.values()):
        names = getattr(module, '__dict__', None)
        if hasattr(names, 'items') and not _is_machinery(getattr(module, '__name__', '') or ''):
            for name, value in list(names.items()):
                found = back.get(id(value))
                if found is not None and found[0] is value:
                    setattr(module, name, found[1])
