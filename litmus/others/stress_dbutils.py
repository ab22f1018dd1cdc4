"""`DBUtils.PooledDB`: no more connections than allowed, each with one thread at a time."""
from __future__ import absolute_import, division, print_function

import importlib
import socket
import threading

from portable_server.litmus.others.peers import HOST, TIMEOUT, connect

PROMISE = ('Any thread may request a connection; with maxconnections and blocking=True '
           'there are never more, and later threads wait; a dedicated connection is used '
           'by one thread at a time')
SOURCE = "DBUtils User's Guide, \"PooledDB\": maxconnections, blocking, dedicated connections"
OPEN = ()
THREADS = 4
EACH = 5
SIZE = 2


def load():
    return importlib.import_module('dbutils.pooled_db')


def version(library):
    return library.__version__


class _Database(object):
    """A DB-API 2 module as far as the pool needs one; to connect is a TCP connection."""

    threadsafety = 1
    OperationalError = InterfaceError = InternalError = socket.error

    def __init__(self):
        self._listener = socket.socket()
        self._listener.bind((HOST, 0))
        self._listener.listen(16)
        self.lock = threading.Lock()
        self.open = self.most = 0

    def connect(self):
        """A new connection, counted."""
        connection = connect(self._listener.getsockname()[1])
        with self.lock:
            self.open += 1
            self.most = max(self.most, self.open)
        return _Connection(self, connection)

    def close(self):
        """No more connections."""
        self._listener.close()


class _Connection(object):
    """A connection of the DB-API; `user` is the thread that uses it at the moment."""

    def __init__(self, database, connection):
        self._database, self._socket = database, connection
        self.user = None

    def close(self):
        """Close it, counted."""
        self._socket.close()
        with self._database.lock:
            self._database.open -= 1

    def commit(self):
        """Nothing to keep."""

    rollback = commit


def stress(library, one):
    database = _Database()
    pool = library.PooledDB(database, maxcached=SIZE, maxconnections=SIZE, blocking=True)
    one.together(*[_user(pool, name, one) for name in range(THREADS)])
    one.promise(database.most <= SIZE, '%d connections, allowed %d' % (database.most, SIZE))
    pool.close()
    one.promise(database.open == 0, '%d connections were left open' % database.open)
    database.close()


def _user(pool, name, one):
    def use():
        for _ in range(EACH):
            pooled = pool.connection()
            connection = pooled._con._con       # the pool's, and in it the database's own
            one.promise(connection.user is None, 'one connection was given to two threads')
            connection.user = name
            one.promise(connection.user == name, 'one connection was given to two threads')
            connection.user = None
            pooled.close()
    return use
