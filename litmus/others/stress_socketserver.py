"""`socketserver.ThreadingMixIn`: each request has a thread, and shutdown() really ends it."""
from __future__ import absolute_import, division, print_function

from portable_server.compat import platform, threads
from portable_server.litmus.others import first_of
from portable_server.litmus.others.peers import HOST, Served, connect, receive_line

PROMISE = ('Each request is handled in a thread of its own; after shutdown() serve_forever() has '
           'ended; from 3.7, server_close() waits for all handlers (block_on_close)')
SOURCE = ('The Python Library Reference, module socketserver (SocketServer in Python 2), '
          '"Asynchronous Mixins" and "Server Objects"')
OPEN = ('socketserver', 'SocketServer')
CLIENTS = 4
LINES = 3


def load():
    return first_of('socketserver', 'SocketServer')


def version(library):
    return '.'.join(map(str, platform.VERSION))


def stress(library, one):
    handlers = []
    answers = {}
    server = _server(library, handlers)
    with Served(server) as served:
        one.together(*[_client(served.port, name, answers) for name in range(CLIENTS)])
    for name in range(CLIENTS):
        due = [_line(name, number) for number in range(LINES)]
        one.promise(answers.get(name) == due, 'sent %r, got %r' % (due, answers.get(name)))
    one.promise(len(set(handlers)) == CLIENTS, '%d requests had %d threads' % (
        CLIENTS, len(set(handlers))))
    if getattr(server, 'block_on_close', False):
        alive = [thread.name for thread in handlers if thread.is_alive()]
        one.promise(not alive, 'after server_close() there was still %s' % ', '.join(alive))
    for thread in handlers:
        thread.join(20.0)


def _server(library, handlers):
    class Echo(library.StreamRequestHandler):
        def handle(self):
            handlers.append(threads.current_thread())
            for line in iter(self.rfile.readline, b''):
                self.wfile.write(line)

    class Server(library.ThreadingMixIn, library.TCPServer):
        request_queue_size = 32

    return Server((HOST, 0), Echo)


def _line(name, number):
    return ('%d of %d\n' % (number, name)).encode('ascii')


def _client(port, name, answers):
    def talk():
        connection = connect(port)
        try:
            answers[name] = []
            for number in range(LINES):
                connection.sendall(_line(name, number))
                answers[name].append(receive_line(connection))
        finally:
            connection.close()
    return talk
