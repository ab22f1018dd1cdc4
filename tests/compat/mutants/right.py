"""The right classes of `compat.threads`, kept before any of them is replaced."""
from __future__ import absolute_import, division, print_function

from portable_server.compat import threads

NAMES = ('Lock', 'RLock', 'Condition', 'Event', 'Semaphore', 'BoundedSemaphore', 'Barrier',
         'Timer', 'Queue', 'LifoQueue', 'PriorityQueue')
RIGHT = dict((name, getattr(threads, name)) for name in NAMES)


def wait_for_ever():
    """What a wrong program does that lost a wake-up."""
    RIGHT['Event']().wait()


def subclasses(namespace, base):
    """list: the classes of a module that are made from `base`, by name."""
    found = [value for value in namespace.values()
             if isinstance(value, type) and issubclass(value, base) and value is not base]
    return sorted(found, key=lambda wrong: wrong.__name__)
