"""Where the interpreter's locks and blocking calls can be replaced, for a scope.

A checker of lock discipline puts its own objects into these places and takes them out
again.  Which places there are depends on the interpreter: `threading.Event` is a class
on Python 3 and a function over `threading._Event` on 2.7; Jython's `Condition` is Java
and cannot wait for a foreign lock; 2.7's sockets keep bound C methods in slots.

The knowledge is here, the checking is elsewhere.  `Place` is one attribute that can be
set and restored exactly.
"""
from __future__ import absolute_import, division, print_function

import collections
import dis
import functools
import linecache
import re
import select
import socket
import sys
import threading
import time

from portable_server.compat import clock, platform, selectors, sockets, threads

queue = sys.modules['Queue' if platform.VERSION < (3,) else 'queue']    # threads has it
#: the module below `threading`, `_thread` on Python 3
thread_module = sys.modules['thread' if platform.VERSION < (3,) else '_thread']

_ABSENT = object()
_SLEEP_TYPE = type(time.sleep)

#: make: the plain factory; name: 'Lock' or 'RLock'; modules: who offers it under that
#: name; timed: whether its `acquire` takes a time-out
Factory = collections.namedtuple('Factory', 'make name modules timed')
#: owner: a class or module; attribute: its name there; operation: what a user calls it
Blocking = collections.namedtuple('Blocking', 'owner attribute operation')

#: packages (see `package_of`) whose own locks are nobody else's business: the
#: insides of an Event, a Queue, a Thread, a logging handler are one opaque thing each
OPAQUE = frozenset((
    'Queue', 'SocketServer', '_pyio', '_threading', '_threading_local', '_weakrefset',
    'asyncio', 'concurrent', 'functools', 'http', 'importlib', 'logging',
    'multiprocessing', 'portable_server.compat', 'pydoc', 'queue', 'random', 'sched',
    'socket', 'socketserver', 'subprocess', 'tempfile', 'threading', 'tracemalloc',
    'unittest', 'uuid', 'weakref'))

_OURS = 'portable_server.compat'


def package_of(module_name):
    """str: the package that answers for a module: the first part of its name, or ours."""
    if module_name == _OURS or module_name.startswith(_OURS + '.'):
        return _OURS
    return module_name.partition('.')[0]


getframe = sys._getframe
#: the attribute of a frame that tells where in its code it is and costs least
POSITION = 'f_lineno' if platform.IMPLEMENTATION == 'Jython' else 'f_lasti'
#: whether a thread that comes back from a long call goes on before a waiting one is let in
LATE_TICKS = platform.VERSION < (3,) or platform.IMPLEMENTATION == 'PyPy'
#: calls, as they look in a line of source
_CALLS = re.compile(r'([\w.]+)\(')


class Place(object):
    """An attribute of a module or class, with what stood there before."""

    __slots__ = ('owner', 'name', '_before')

    def __init__(self, owner, name):
        self.owner, self.name = owner, name
        self._before = vars(owner).get(name, _ABSENT)

    @property
    def before(self):
        """The object that stood there; what a look at the attribute gave if inherited."""
        if self._before is _ABSENT:
            return getattr(self.owner, self.name)
        return self._before

    def put(self, value):
        """Replace it."""
        setattr(self.owner, self.name, value)

    def restore(self):
        """Put the very same object back; nothing where nothing was."""
        if self._before is _ABSENT:
            delattr(self.owner, self.name)
        else:
            setattr(self.owner, self.name, self._before)


def _lock_factories():
    """Factories that are one object on this interpreter (3.x: threading's) come once."""
    found = []
    for name in ('Lock', 'RLock'):
        standard, own = getattr(threading, name), getattr(threads, name)
        if standard is own:
            found.append(Factory(own, name, (threading, threads), True))
        else:
            found.append(Factory(standard, name, (threading,), False))
            found.append(Factory(own, name, (threads,), True))
    return found


def lock_factories():
    """list of Factory: where locks are made."""
    return _lock_factories()


def _classes(*candidates):
    """The (module, name) pairs that are classes of Python, each class once."""
    found = []
    for module, name in candidates:
        value = getattr(module, name, None)
        if _is_python_class(value) and value not in found:
            found.append(value)
    return found


def _is_python_class(value):
    """Whether methods can be replaced on it (2.7's old classes too; nothing in C or Java)."""
    return hasattr(value, '__module__') and '__init__' in getattr(value, '__dict__', ())


def _synchronizers(name):
    return _classes((threading, name), (threading, '_' + name), (threads, name))


def conditions():
    """list: the Condition classes; the methods to replace are `__init__` and `wait`."""
    return _synchronizers('Condition')


def lock_of_condition(condition):
    """The lock that a Condition was made with, or made for itself."""
    try:
        return condition._lock
    except AttributeError:
        return condition._Condition__lock       # 2.7's threading


def factory_for_condition(condition_class):
    """str, module: whose RLock a Condition of this class makes by itself."""
    module = sys.modules[condition_class.__module__]
    return threading if module is threading else threads


def stand_ins():
    """list of (module, name, object): what is offered in place of what cannot be watched.

    A Condition in Java takes no foreign lock; 2.7's `socketpair` gives sockets in C.
    """
    found = []
    if isinstance(threading.Condition, type) and not conditions_of(threading):
        found.append((threading, 'Condition', threads.Condition))
    if hasattr(socket, '_fileobject') and hasattr(socket, 'socketpair'):
        found.append((socket, 'socketpair', functools.partial(_pair, socket.socketpair)))
    return found


def _pair(plain, *arguments):
    return tuple(socket.socket(_sock=value) for value in plain(*arguments))


def conditions_of(module):
    """list: the Condition classes of one module that can be replaced in part."""
    return _classes((module, 'Condition'), (module, '_Condition'))


def _methods(classes, attributes, title):
    return [Blocking(owner, attribute, '%s.%s' % (title, attribute))
            for owner in classes for attribute in attributes
            if attribute in vars(owner)]


def thread_classes():
    """list: the Thread classes of Python, and Jython's base of them."""
    return _synchronizers('Thread') + _classes((threading, 'JavaThread'))   # Jython's base


_SOCKET_METHODS = ['accept', 'connect', 'connect_ex', 'recv', 'recv_into', 'recvfrom',
                   'recvfrom_into', 'recvmsg', 'recvmsg_into', 'send', 'sendall', 'sendfile',
                   'sendmsg', 'sendto']


def _socket_classes():
    """The classes whose methods are those of a socket, each once."""
    standard = socket.socket
    if platform.IMPLEMENTATION == 'Jython':     # its `socket` hands on to this class
        import _socket
        standard = _socket._realsocket
    secure = getattr(sys.modules.get('ssl'), 'SSLSocket', None)
    found = []
    for cls in (standard, sockets.socket, secure):
        if isinstance(cls, type) and cls not in found:
            found.append(cls)
    return found


def socket_methods():
    """list of Blocking: methods of sockets in which a thread may wait.

    Some are slots with a bound method of C in each instance (2.7): data descriptors.
    """
    return [Blocking(cls, name, 'socket.' + name)
            for cls in _socket_classes() for name in _SOCKET_METHODS
            if callable(getattr(cls, name, None)) or name in vars(cls)]


def socket_file_methods():
    """list of Blocking: 2.7's files over sockets, which call the C socket by themselves."""
    cls = getattr(socket, '_fileobject', None)
    if not isinstance(cls, type) or platform.IMPLEMENTATION == 'Jython':
        return []
    return [Blocking(cls, 'read', 'socket.recv'), Blocking(cls, 'readline', 'socket.recv'),
            Blocking(cls, 'flush', 'socket.sendall')]


def line_at(code, position):
    """int: the line of source of a POSITION in a code object."""
    if POSITION == 'f_lineno':
        return position or code.co_firstlineno      # Jython: 0 for a `with` at the start
    found = code.co_firstlineno
    for start, line in dis.findlinestarts(code):
        if start > position:
            break
        found = line or found
    return found


def stands_for(value, original):
    """bool: whether `value` is `original`; Jython makes a new object for it at each look."""
    if platform.IMPLEMENTATION != 'Jython' or type(value) is not _SLEEP_TYPE:
        return value is original
    return type(original) is _SLEEP_TYPE and value.__name__ == original.__name__


def instruction(frame, made):
    """What tells apart two locks that are made in one line of source.

    The number of the instruction; Jython has none: there, which of the calls in the
    text of the line it is. `made`: a dict of the thread, kept between calls.
    """
    if platform.IMPLEMENTATION != 'Jython':
        return frame.f_lasti
    key = frame.f_code, frame.f_lineno
    names = _CALLS.findall(linecache.getline(key[0].co_filename, key[1]))
    calls = max([names.count(name) for name in names] or [1])
    if calls < 2:
        return 0
    made[key] = made.get(key, -1) + 1
    return made[key] % calls


def _selectors():
    found = _classes((selectors, 'DefaultSelector'))
    standard = sys.modules.get('selectors')
    for name in ('SelectSelector', 'PollSelector', 'EpollSelector', 'DevpollSelector',
                 'KqueueSelector'):
        found += _classes((standard, name))
    standard_base = getattr(standard, '_PollLikeSelector', None)
    if standard_base is not None:
        found.append(standard_base)
    return found


def blocking_methods():
    """list of Blocking: methods of Python classes in which a thread may wait."""
    found = _methods(thread_classes(), ['join'], 'Thread')
    found += _methods(_synchronizers('Event'), ['wait'], 'Event')
    found += _methods(_synchronizers('Barrier'), ['wait'], 'Barrier')
    found += _methods(_synchronizers('Semaphore'), ['acquire', '__enter__'], 'Semaphore')
    queues = _classes((queue, 'Queue'), (threads, 'Queue'))
    found += _methods(queues, ['get', 'put', 'join'], 'Queue')
    return found


def starting_methods():
    """list of Blocking: `Thread.start` waits inside for the thread; that is no harm."""
    return _methods(thread_classes(), ['start'], 'Thread')


def selector_methods():
    """list of Blocking: `select` of the selector classes."""
    return _methods(_selectors(), ['select'], 'Selector')


def blocking_functions():
    """list of Blocking: functions of modules in which a thread may wait."""
    return [Blocking(time, 'sleep', 'time.sleep'),
            Blocking(clock, 'sleep', 'time.sleep'),
            Blocking(select, 'select', 'select.select')]
