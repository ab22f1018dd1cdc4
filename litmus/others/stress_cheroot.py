"""`cheroot`: a pool of threads serves connections; stop() ends them all."""
from __future__ import absolute_import, division, print_function

import importlib
import threading

from portable_server.compat import threads
from portable_server.litmus.others.peers import HOST, TIMEOUT, connect

PROMISE = ('Each connection is served by a worker thread of a pool of numthreads, each request '
           'once; stop() shuts down gracefully: the workers have ended')
SOURCE = 'cheroot documentation, cheroot.server (module text) and cheroot.workers.threadpool'
OPEN = ()
WORKERS = 3
CLIENTS = 4
EACH = 3
REQUEST = 'GET /%d/%d HTTP/1.1\r\nHost: here\r\n%s\r\n'


def load():
    importlib.import_module('cheroot.wsgi')
    return importlib.import_module('cheroot')


def version(library):
    return library.__version__


def stress(library, one):
    served = []

    def application(environ, start_response):
        path = environ['PATH_INFO'].encode('ascii')
        served.append((path, threads.current_thread()))
        start_response('200 OK', [('Content-Length', str(len(path)))])
        return [path]

    server = library.wsgi.Server((HOST, 0), application, numthreads=WORKERS, max=WORKERS,
                                 server_name='here')
    server.prepare()
    serving = threading.Thread(target=server.serve)
    serving.start()
    try:
        one.together(*[_client(server.bind_addr[1], name, one) for name in range(CLIENTS)])
    finally:
        server.stop()
        serving.join(TIMEOUT)
    _check(one, served, serving)


def _check(one, served, serving):
    due = sorted(_path(name, number) for name in range(CLIENTS) for number in range(EACH))
    one.promise(sorted(path for path, _ in served) == due, 'served %r' % (served,))
    workers = set(worker for _, worker in served)
    one.promise(len(workers) <= WORKERS, '%d workers in a pool of %d' % (len(workers), WORKERS))
    alive = [thread.name for thread in workers.union([serving]) if thread.is_alive()]
    one.promise(not alive, 'after stop() there was still %s' % ', '.join(alive))


def _path(name, number):
    return ('/%d/%d' % (name, number)).encode('ascii')


def _client(port, name, one):
    def talk():
        connection = connect(port)
        try:
            for number in range(EACH):
                last = 'Connection: close\r\n' if number == EACH - 1 else ''
                connection.sendall((REQUEST % (name, number, last)).encode('ascii'))
                path = _path(name, number)
                answer = _receive(connection, b'\r\n\r\n' + path)
                one.promise(answer.startswith(b'HTTP/1.1 200') and answer.endswith(path),
                            'asked for %r, got %r' % (path, answer))
        finally:
            connection.close()
    return talk


def _receive(connection, end):
    """bytes: what arrives until these bytes, or until the end of the connection."""
    received = b''
    while not received.endswith(end):
        part = connection.recv(4096)
        if not part:
            break
        received += part
    return received
