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

    It calls it with `args` and `kwargs`, which may be changed until then.  The attributes have
    the names that subclasses use, such as one that calls again and again.
    Source: library/threading, "Timer objects".
    """

    def __init__(self, interval, function, args=None, kwargs=None):
        super(Timer, self).__init__()
        self.finished = Event()     # called off, or done
        self.interval, self.function = interval, function
        self.args = [] if args is None else args
        self.kwargs = {} if kwargs is None else kwargs

    def run(self):
        """What the thread does."""
        finished = self.finished
        if not finished.wait(self.interval):
            self.function(*self.args, **self.kwargs)
            finished.set()

    def cancel(self):
        """Do not call the function, if it was not called yet."""
        self.finished.set()
