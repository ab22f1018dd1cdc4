"""Timer.  (After CPython 3.8.)"""
from __future__ import absolute_import, division, print_function

from portable_server.compat import platform
from portable_server.compat.threads.python2.event import Event

if platform.IMPLEMENTATION == 'Jython':
    from portable_server.compat.threads.python2.thread_jython import Thread
else:
    from portable_server.compat.threads.python2.thread_cpython import Thread


class Timer(Thread):
    """`threading.Timer` of Python 3.8: calls `function` after `interval` seconds."""

    def __init__(self, interval, function, args=None, kwargs=None):
        Thread.__init__(self)
        self.interval = interval
        self.function = function
        self.args = args if args is not None else []
        self.kwargs = kwargs if kwargs is not None else {}
        self.finished = Event()

    def cancel(self):
        """Do not call the function, if it was not called yet."""
        self.finished.set()

    def run(self):
        self.finished.wait(self.interval)
        if not self.finished.is_set():
            self.function(*self.args, **self.kwargs)
        self.finished.set()
