"""Timer: a thread that waits to be called off, and calls a function if it was not."""
from __future__ import absolute_import, division, print_function

from portable_server.compat import platform
from portable_server.compat.threads.python2.event import Event

if platform.IMPLEMENTATION == 'Jython':
    from portable_server.compat.threads.python2.thread_jython import Thread
else:
    from portable_server.compat.threads.python2.thread_cpython import Thread


class Timer(Thread):
    """`threading.Timer` of Python 3.8: calls `function` after `interval` seconds.

    `args` (a list) and `kwargs` (a dict) are what it is called with; both may be changed until
    then.  Source: library/threading, "Timer objects".
    """

    def __init__(self, interval, function, args=None, kwargs=None):
        super(Timer, self).__init__()
        self.finished = Event()     # called off, or done
        # By the names that subclasses know, those that call again and again among them.
        vars(self).update(interval=interval, function=function,
                          args=_or_empty(args, list), kwargs=_or_empty(kwargs, dict))

    def cancel(self):
        """Do not call the function, if it was not called yet."""
        self.finished.set()

    def run(self):
        """What the thread does."""
        called_off = self.finished.wait(self.interval)
        if called_off:
            return
        self.function(*self.args, **self.kwargs)
        self.finished.set()


def _or_empty(given, kind):
    return kind() if given is None else given
