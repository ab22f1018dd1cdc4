"""What the program of a control is given: locks of its column, threads, a clock to turn.

A column is one way to get a lock: an API (the standard library's ``threading``, or
``compat.threads``) and a kind (Lock, RLock, or the Condition itself, used as a lock).

Time is the kit's own. A control about holding a lock for two seconds says ``kit.pass_time(2)``;
nobody waits, and no load on the machine can change what the watch must say.
"""
from __future__ import absolute_import, division, print_function

import collections
import importlib
import select
import socket
import threading

from portable_server.compat import clock, sockets, threads
from portable_server.litmus import watch
from portable_server.litmus.controls.control import APIS, KINDS
from portable_server.litmus.watched import Clock

#: Seconds after which a thread of a program counts as stuck.
PATIENCE = 20.0

Column = collections.namedtuple('Column', 'api kind')
COLUMNS = tuple(Column(api, kind) for api in APIS for kind in KINDS)


class _StandardLibrary(object):
    """``threading`` and the queues in one, looked up at each use: the watch replaces them."""

    def __init__(self):
        self._queues = _import_one_of('queue', 'Queue')

    def __getattr__(self, name):
        return getattr(self._queues if hasattr(self._queues, name) else threading, name)


def _import_one_of(*names):
    """The first module there is; Python 3 and 2 have different names for some."""
    for name in names[:-1]:
        try:
            return importlib.import_module(name)
        except ImportError:
            continue
    return importlib.import_module(names[-1])


class Kit(object):
    """Made for one run of one program in one column."""

    #: The session of the watch, from ``running``.
    session = None

    def __init__(self, column, real_clock=False):
        self.column = column
        standard = column.api == 'threading'
        self.threads = _StandardLibrary() if standard else threads
        self.sockets = socket if standard else sockets
        self.clock = clock.monotonic if real_clock else Clock()
        self.closing = []

    def pass_time(self, seconds):
        """Let ``seconds`` pass on the clock that the watch reads."""
        self.clock.now += seconds

    @property
    def new_lock(self):
        """What makes a lock of the column; its class is the place where this is called."""
        return getattr(self.threads, self.column.kind)

    def lock(self, name, rank=None):
        """A lock of the column whose class is called ``name``."""
        return watch.name(self.new_lock(), name, rank)

    def condition(self, name):
        """A Condition over a lock of the column (where that is one: a Condition as it comes)."""
        if self.column.kind == 'Condition':
            return self.lock(name)
        return self.threads.Condition(self.lock(name))

    def monitor_lock(self, name):
        """A lock for several Conditions to share."""
        if self.column.kind == 'Condition':
            return watch.name(self.threads.RLock(), name)
        return self.lock(name)

    def start(self, function, *arguments):
        """A started thread that calls ``function``; ``finish`` joins it."""
        thread = self.threads.Thread(target=function, args=arguments, name='helper')
        thread.daemon = True
        thread.start()
        return thread

    def finish(self, *running):
        """Wait for threads to end."""
        for thread in running:
            thread.join(PATIENCE)
            self.check(not thread.is_alive(), 'a thread of the program ends')

    def in_thread(self, function, *arguments):
        """Call ``function`` in another thread, to its end."""
        self.finish(self.start(function, *arguments))

    def check(self, condition, what):
        """Raise AssertionError where something that the program relies on does not hold."""
        if not condition:
            raise AssertionError('not so: ' + what)

    def connection(self):
        """Two connected stream sockets (ours, the peer's), closed after the program."""
        listener = self.listener()
        ours = self.socket()
        ours.connect(listener.getsockname())
        peer, _ = listener.accept()
        self.closing.append(peer)
        return ours, peer

    def socket(self):
        """A stream socket, closed after the program."""
        made = self.sockets.socket(self.sockets.AF_INET, self.sockets.SOCK_STREAM)
        self.closing.append(made)
        return made

    def listener(self):
        """A socket that listens on a free port of 127.0.0.1."""
        listener = self.socket()
        listener.bind(('127.0.0.1', 0))
        listener.listen(5)
        return listener

    def close(self):
        """Close the sockets of the program."""
        for one in self.closing:
            one.close()


#: select, looked up at each use as everything that the watch may replace.
select_module = select
