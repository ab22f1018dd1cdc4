"""`logging`: whole records, once each, from any thread; and what its locks are held for.

The copy of the module is a new one (`afresh`), so that its global lock is watched too and
nobody else's handlers are closed.
"""
from __future__ import absolute_import, division, print_function

import os
import socket
import tempfile

from portable_server.compat import platform
from portable_server.litmus.others import afresh
from portable_server.litmus.others.peers import HOST, TIMEOUT

PROMISE = ('Many threads may log at once: each handler and the shared tables have a lock, so each '
           'record is written once and whole')
SOURCE = 'The Python Library Reference, module logging, "Thread Safety"'
OPEN = ('logging',)
THREADS = 3
EACH = 5


class _Stream(object):
    """A text stream that keeps the pieces that were written."""

    def __init__(self):
        self.pieces = []

    def write(self, text):
        self.pieces.append(text)

    def flush(self):
        """Nothing is kept back."""


def load():
    return afresh('logging', 'handlers', 'config')


def version(library):
    return '.'.join(map(str, platform.VERSION))


def stress(library, one):
    _handlers(library, one)
    if one.number == 0:
        _configured(library)
        one.together(*_socket_handler(library))


def _handlers(library, one):
    """A handler of a stream, one that collects for another, and threads that log to both."""
    direct, late = _Stream(), _Stream()
    logger = library.getLogger('round.%d' % one.number)
    logger.propagate = False
    logger.setLevel(library.INFO)
    collecting = library.handlers.MemoryHandler(4, target=library.StreamHandler(late))
    for handler in (library.StreamHandler(direct), collecting):
        logger.addHandler(handler)
    one.together(*[_writer(library, logger, one.number, name) for name in range(THREADS)])
    for handler in list(logger.handlers):
        logger.removeHandler(handler)
        handler.close()
    due = sorted(_text(name, number) + '\n' for name in range(THREADS) for number in range(EACH))
    for stream in (direct, late):
        lines = ''.join(stream.pieces).splitlines(True)
        one.promise(sorted(lines) == due, 'logged %r, written %r' % (due, lines))


def _text(name, number):
    return '%d of %d' % (number, name)


def _writer(library, logger, number_of_round, name):
    def write():
        other = library.getLogger('round.%d.child.%d' % (number_of_round, name))
        for number in range(EACH):
            (logger if number % 2 else other).info(_text(name, number))
    return write


def _configured(library):
    """Configure by a dictionary, which closes the handlers there are, and close one by hand.

    In one thread and one after the other: the watch sees the order of locks all the same.
    """
    folder = tempfile.mkdtemp()
    path = os.path.join(folder, 'log.txt')
    configured, by_hand = library.FileHandler(path), library.FileHandler(path)
    library.getLogger().addHandler(configured)
    library.config.dictConfig({'version': 1, 'disable_existing_loggers': False})
    library.getLogger().removeHandler(configured)
    configured.close()      # 2.7's dictConfig forgets the handlers without closing them
    by_hand.close()
    os.remove(path)
    os.rmdir(folder)


def _socket_handler(library):
    """Two actions: one logs to a socket, the other receives until the end."""
    listener = socket.socket()
    listener.settimeout(TIMEOUT)
    listener.bind((HOST, 0))
    listener.listen(1)
    handler = library.handlers.SocketHandler(HOST, listener.getsockname()[1])
    logger = library.getLogger('socket')
    logger.propagate = False

    def write():
        logger.addHandler(handler)
        logger.warning('one record')
        logger.removeHandler(handler)
        handler.close()

    def receive():
        connection, _ = listener.accept()
        connection.settimeout(TIMEOUT)
        while connection.recv(4096):
            pass
        connection.close()
        listener.close()

    return write, receive
