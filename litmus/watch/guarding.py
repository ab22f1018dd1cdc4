"""Fields that need their lock: `guarded` and `assert_held`.

While no session is on, a guarded class is as it was written.  A session puts a descriptor
in the place of each guarded field, and takes it away at its end.
"""
from __future__ import absolute_import, division, print_function

import weakref

from portable_server.compat.interception import Place
from portable_server.litmus.watch import locks, stacks, state
from portable_server.litmus.watch.held import of_this_thread

_classes = []       # (weak reference to class, name of the lock's attribute, fields)
_places = []
#: a Condition, over a lock class of the program's own, over a watched lock
_LAYERS = 3


def lock_behind(lock):
    """The watched lock that `lock` is, is a Condition of or keeps inside; None for any other."""
    for _ in range(_LAYERS):
        if lock is None or isinstance(lock, locks.Watched):
            return lock
        lock = _inside(lock)
    return None


def _inside(lock):
    """What a Condition, or a lock class of the program's own, has for a lock."""
    kept = [one for one in getattr(lock, '__dict__', {}).values()
            if isinstance(one, locks.Watched)]
    if kept:
        return kept[0] if len(kept) == 1 else None      # of two locks, which?
    return getattr(lock, '_lock', getattr(lock, '_Condition__lock', None))


def assert_held(lock):
    """Report 'unguarded-access' unless the calling thread holds `lock`, a watched one."""
    session = state.current()
    watched = lock_behind(lock)
    if session is not None and watched is not None and watched.holder is not of_this_thread():
        session.unguarded(watched.kind.name, 'assert_held', "thread '%s' does not hold '%s'"
                          % (session.thread_name(), watched.kind.name))


def guarded(lock, *fields):
    """Class decorator: `fields` may be touched only with the lock in attribute `lock` held.

    Not during `__init__`, when nobody else can know the object yet.  Raises TypeError for
    a class of the old kind (2.7: inherit from object).
    """
    def decorate(cls):
        if not isinstance(cls, type):
            raise TypeError('guarded: let class %s inherit from object' % cls.__name__)
        _classes.append((weakref.ref(cls), lock, fields))
        if state.current() is not None:
            _put(cls, lock, fields)
        return cls
    return decorate


class Field(object):
    """A descriptor that looks at the lock before each access."""

    def __init__(self, name, lock, plain):
        self._name, self._lock, self._plain = name, lock, plain

    def __get__(self, instance, owner=None):
        if instance is None:
            return self if self._plain is None else self._plain
        self._check(instance, 'read')
        if hasattr(self._plain, '__set__'):
            return self._plain.__get__(instance, owner)
        try:
            return instance.__dict__[self._name]
        except KeyError:
            if self._plain is not None:
                return self._plain      # a default that the class has
            raise AttributeError('%r object has no attribute %r'
                                 % (type(instance).__name__, self._name))

    def __set__(self, instance, value):
        self._check(instance, 'written')
        if hasattr(self._plain, '__set__'):
            self._plain.__set__(instance, value)
        else:
            instance.__dict__[self._name] = value

    def __delete__(self, instance):
        self._check(instance, 'deleted')
        if hasattr(self._plain, '__delete__'):
            self._plain.__delete__(instance)
        elif instance.__dict__.pop(self._name, self) is self:
            raise AttributeError(self._name)

    def _check(self, instance, what):
        session = state.current()
        lock = lock_behind(getattr(instance, self._lock, None))
        if session is None or lock is None or lock.holder is of_this_thread():
            return
        if _is_being_made(instance):
            return
        field = '%s.%s' % (type(instance).__name__, self._name)
        session.unguarded(lock.kind.name, field, "thread '%s': %s is %s without '%s'" % (
            session.thread_name(), field, what, lock.kind.name))


def _is_being_made(instance):
    """Whether the thread is inside of the instance's `__init__`."""
    frame = stacks.getframe(2)
    while frame is not None:
        code = frame.f_code
        if code.co_name == '__init__' and code.co_argcount:
            if frame.f_locals.get(code.co_varnames[0]) is instance:
                return True
        frame = frame.f_back
    return False


def _put(cls, lock, fields):
    for name in fields:
        place = Place(cls, name)
        place.put(Field(name, lock, getattr(cls, name, None)))
        _places.append(place)


def put_in():
    """Guard the fields of all guarded classes."""
    for reference, lock, fields in list(_classes):
        cls = reference()
        if cls is not None:
            _put(cls, lock, fields)


def take_out():
    """Leave the classes as they were written."""
    while _places:
        _places.pop().restore()
