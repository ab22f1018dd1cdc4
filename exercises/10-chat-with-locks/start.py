"""A chat room without any lock. Make it one that two threads cannot break. See README.md."""
from __future__ import absolute_import, division, print_function

import socket
import sys
import threading

LINE_LIMIT = 4096
LETTERS = b'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'

# name -> connection. Every client's thread reads and changes this table: TODO, guard it.
members = {}


def tell(line, but=None):
    # TODO: a member that does not read keeps everybody waiting here.
    for name, connection in members.items():
        if name != but:
            connection.sendall(line)


def line_of(lines):
    """The next line without its end; None at the end, or for one that is too long."""
    line = lines.readline(LINE_LIMIT)
    return line.rstrip(b'\r\n') if line.endswith(b'\n') else None


def is_name(name):
    return bool(name) and len(name) <= 16 and not name.strip(LETTERS)


def serve(connection):
    """One client, from its greeting to its end."""
    lines = connection.makefile('rb')
    connection.sendall(b'Welcome! What is your name?\n')
    name = line_of(lines)
    if not is_name(name):
        connection.sendall(b'! a name has 1 to 16 letters and digits\n')
        connection.close()
        return
    # TODO: a name that is in use must be refused; looking and entering are one step.
    others = sorted(members)
    tell(b'* ' + name + b' has entered the room\n')
    members[name] = connection
    connection.sendall(b'* The room contains: ' + b', '.join(others) + b'\n')
    text = line_of(lines)
    while text is not None:
        tell(b'[' + name + b'] ' + text + b'\n', but=name)
        text = line_of(lines)
    # TODO: not every end comes this way.
    del members[name]
    tell(b'* ' + name + b' has left the room\n')
    lines.close()
    connection.close()


def main():
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(('127.0.0.1', int(sys.argv[1])))
    listener.listen(50)
    print('listening on 127.0.0.1:%d' % listener.getsockname()[1])
    sys.stdout.flush()
    while True:
        connection, _ = listener.accept()
        connection.setblocking(True)
        thread = threading.Thread(target=serve, args=(connection,))
        thread.daemon = True
        thread.start()


if __name__ == '__main__':
    main()
