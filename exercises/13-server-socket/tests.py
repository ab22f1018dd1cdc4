"""What ServerSocket and Connection have to do; run on each interpreter, by server_socket.py."""
from __future__ import absolute_import, division, print_function

import socket

import server_socket
from exercise_kit import LIMIT, Task, check, equal, raises, seeded, true


SIZE = 32000000  # of a line that no buffer has room for


class Pair(object):
    """A ServerSocket, a client of it (a plain socket) and the Connection that was accepted."""

    def __enter__(self):
        self.server = server_socket.ServerSocket(0)
        accepting = Task('accept()', self.server.accept)
        self.client = socket.create_connection(('127.0.0.1', self.server.port), LIMIT)
        self.connection = accepting.result()
        return self

    def __exit__(self, *exception):
        for one in (self.connection, self.client, self.server):
            one.close()

    def reads(self, line, did):
        """The next readline() gives this."""
        equal(Task('readline()', self.connection.readline).result(), line, did)


@check('port', 'port 0 means any free port, and `port` tells which',
       advice='getsockname()[1], after listen().')
def port():
    with Pair() as pair:
        true(pair.server.port > 0, 'ServerSocket(0).port', repr(pair.server.port), 'the real port')


@check('lines', 'readline gives lines, however they come',
       advice='Keep what recv gave and is not used yet in the connection.')
def lines():
    with Pair() as pair:
        pair.client.sendall(b'one\ntwo\nthree\n')
        for line in (b'one', b'two', b'three'):
            pair.reads(line, 'readline() after b"one\\ntwo\\nthree\\n" in one piece')
        for byte in (b'f', b'o', b'u', b'r', b'\n'):
            pair.client.sendall(byte)
        pair.reads(b'four', 'readline() after b"four\\n" byte by byte')


@check('line-ends', 'LF and CR LF end a line; spaces and empty lines are kept',
       advice='Cut one b"\\n" and one b"\\r" before it, nothing else; None is the end, b"" a line.')
def line_ends():
    with Pair() as pair:
        pair.client.sendall(b'a\r\n b \n\n\r\nc\n')
        for line in (b'a', b' b ', b'', b'', b'c'):
            pair.reads(line, 'readline() after b"a\\r\\n b \\n\\n\\r\\nc\\n"')


@check('end', 'at the end of the stream readline gives None; a piece without an end is no line',
       advice='When recv gives b"", return None and forget the rest.')
def end():
    with Pair() as pair:
        pair.client.sendall(b'last\npiece')
        pair.client.close()
        pair.reads(b'last', 'readline() after b"last\\npiece" and the end')
        pair.reads(None, 'readline() after that')


@check('too-long', 'a line of more than LINE_LIMIT bytes raises LineTooLong, also one without end',
       advice='Look at the length of the rest before each further recv.')
def too_long():
    limit = server_socket.LINE_LIMIT
    with Pair() as pair:
        pair.client.sendall(b'x' * limit + b'\n')
        pair.reads(b'x' * limit, 'readline() of a line of LINE_LIMIT bytes')
        pair.client.sendall(b'y' * (limit * 3))
        reading = Task('readline() of %d bytes without an end' % (limit * 3),
                       pair.connection.readline)
        true(reading.ends(), reading.did, 'it waits for more', 'LineTooLong')
        raises(server_socket.LineTooLong, reading.value, reading.did)


@check('write', 'writeline sends the line and its end, all of it',
       advice='sendall, not send: send may take a part only.')
def write():
    with Pair() as pair:
        data = b'z' * SIZE
        pair.client.settimeout(LIMIT)
        writing = Task('writeline() of a long line', pair.connection.writeline, data)
        writing.wait(0.5)  # what is sent fills all buffers before anything is read
        came = 0
        try:
            while came < len(data) + 1:
                piece = pair.client.recv(65536)
                if not piece:
                    break
                came += len(piece)
        except socket.timeout:
            pass
        equal(came, len(data) + 1, 'bytes that came of writeline() of %d' % SIZE)
        writing.result()
        raises(ValueError, lambda: pair.connection.writeline(b'two\nlines'), 'writeline(two lines)')


@check('many', 'a conversation of random lines in random pieces',
       advice='What belongs to the next line stays until the next readline().')
def many():
    random = seeded()
    sizes = [random.randrange(1, 200) for _ in range(200)]
    wanted = [str(random.randrange(10 ** size)).encode('ascii') for size in sizes]
    data = b''.join(line + random.choice([b'\n', b'\r\n']) for line in wanted)
    with Pair() as pair:
        while data:
            size = random.randrange(1, 900)
            pair.client.sendall(data[:size])
            data = data[size:]
        for line in wanted:
            pair.reads(line, 'readline() of a random line')


@check('again', 'the port of a server that has stopped can be used at once',
       advice='setsockopt(SOL_SOCKET, SO_REUSEADDR, 1) before bind.')
def again():
    with Pair() as pair:
        number = pair.server.port
        pair.connection.close()  # the server's side first: its end of the connection lingers
        pair.client.settimeout(LIMIT)
        pair.client.recv(1)
        pair.server.close()
    try:
        server_socket.ServerSocket(number).close()
    except Exception as error:
        true(False, 'ServerSocket(the same port) at once', repr(error), 'a ServerSocket')


@check('with', 'both are context managers, and may be closed twice',
       advice='__enter__ returns self, __exit__ closes.')
def context_managers():
    with server_socket.ServerSocket() as server:
        accepting = Task('accept()', server.accept)
        client = socket.create_connection(('127.0.0.1', server.port), LIMIT)
        with accepting.result() as connection:
            connection.writeline(b'hello')
        connection.close()
        data = b''
        while not data.endswith(b'\n'):
            data += client.recv(100)
        equal((data, client.recv(100)), (b'hello\n', b''), 'what comes before and at the end')
        client.close()
    server.close()
