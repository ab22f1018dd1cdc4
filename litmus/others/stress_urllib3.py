"""`urllib3`: a pool of connections for one host, and the manager of pools."""
from __future__ import absolute_import, division, print_function

import importlib
import threading

from portable_server.litmus.others.peers import HOST, Served, http_server

PROMISE = ('HTTPConnectionPool is a thread-safe pool for one host; with block=True no more than '
           'maxsize connections are used at a time; PoolManager handles thread safety too')
SOURCE = ('urllib3 documentation, "Connection Pools": HTTPConnectionPool, the parameter block; '
          'User Guide, "Making Requests": PoolManager')
OPEN = ()
THREADS = 4
EACH = 4
SIZE = 2


def load():
    return importlib.import_module('urllib3')


def version(library):
    return library.__version__


class _InUse(object):
    """How many threads were answered at a time, at the most."""

    def __init__(self):
        self._lock = threading.Lock()
        self._now = 0
        self.most = 0

    def answer(self, path):
        with self._lock:
            self._now += 1
            self.most = max(self.most, self._now)
        with self._lock:
            self._now -= 1
        return path.encode('ascii')


def stress(library, one):
    in_use = _InUse()
    with Served(http_server(in_use.answer)) as served:
        pool = library.HTTPConnectionPool(HOST, served.port, maxsize=SIZE, block=True,
                                          timeout=20.0, retries=False)
        one.together(*[_asker(pool, '', name, one) for name in range(THREADS)])
        one.promise(in_use.most <= SIZE, '%d requests at a time, by a pool of %d' % (
            in_use.most, SIZE))
        one.promise(pool.num_connections <= SIZE, '%d connections' % pool.num_connections)
        pool.close()
        _by_manager(library, one, served.port)


def _by_manager(library, one, port):
    """Two hosts and room for one pool: pools are thrown out while others use them."""
    manager = library.PoolManager(num_pools=1, timeout=20.0, retries=False)
    hosts = ['http://%s:%d' % (host, port) for host in (HOST, '127.0.0.2')]
    one.together(*[_asker(manager, hosts[name % 2], name, one) for name in range(THREADS)])
    manager.clear()


def _asker(pool, host, name, one):
    def ask():
        for number in range(EACH):
            path = '/%d/%d' % (name, number)
            response = pool.request('GET', host + path)
            one.promise(response.status == 200 and response.data == path.encode('ascii'),
                        'asked for %s, got %r' % (path, response.data))
    return ask
