"""A server of scores for Python 2.7 and 3.

What changed, and why: bytes on the wire and text inside, with `decode` and `encode` at the border;
Latin-1, which makes a character of each byte and that byte of it again, so that a name comes back as
it came; lines split before that, because text has more spaces than bytes have (byte 0xA0 is one);
`threading` for `thread`; `//` where whole numbers are meant; `key=` for `cmp=`; `in` for `has_key`;
`sorted(d)` for a list of keys that is sorted in place; an own table for ROT13.
"""
from __future__ import absolute_import, division, print_function

import socket
import sys
import threading

scores = {}
lock = threading.Lock()

LETTERS = 'abcdefghijklmnopqrstuvwxyz'
ROT13 = dict(zip(LETTERS, LETTERS[13:] + LETTERS[:13]))


def answer(line):
    """The answer to one line of bytes; None when the client is to be let go."""
    words = [word.decode('latin-1') for word in line.split()]
    if not words:
        return 'ERR what?'
    command, rest = words[0], words[1:]
    if command == 'PUT' and len(rest) == 2:
        return put(rest[0], rest[1])
    if command == 'GET' and len(rest) == 1:
        return '%s %d' % (rest[0], scores[rest[0]]) if rest[0] in scores else 'ERR nobody'
    if command == 'TOP' and len(rest) == 1 and rest[0].encode('latin-1').isdigit():
        return top(int(rest[0]))
    if command == 'AVG' and not rest:
        now = snapshot()
        return str(sum(now.values()) // len(now)) if now else 'ERR nobody'
    if command == 'NAMES' and not rest:
        return ' '.join(sorted(snapshot()))
    if command == 'ROT' and len(rest) == 1:
        return ''.join(ROT13.get(letter, letter) for letter in rest[0])
    if command == 'QUIT' and not rest:
        return None
    return 'ERR what?'


def put(name, points):
    try:
        points = int(points)
    except ValueError:
        return 'ERR not a number'
    with lock:
        scores[name] = points
    return 'OK'


def snapshot():
    """A copy: on Python 3, too, a dict must not grow while it is iterated."""
    with lock:
        return dict(scores)


def top(count):
    """The best, most points first; who has as many, by name."""
    best = sorted(snapshot().items(), key=lambda pair: (-pair[1], pair[0]))
    return ', '.join(['%s %d' % pair for pair in best[:count]]) or 'ERR nobody'


def serve(connection):
    lines = connection.makefile('rb')
    try:
        for line in iter(lines.readline, b''):
            reply = answer(line)
            if reply is None:
                break
            connection.sendall(reply.encode('latin-1') + b'\n')
    finally:
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
