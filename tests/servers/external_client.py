"""A client that shares nothing with the server under test, not even `compat`.

    python external_client.py SCENARIO HOST PORT

Run by test_program.py on whatever Python is installed (2.7 or 3); status 0 if the
server did as the scenario asks, else an assertion's traceback.
"""
from __future__ import absolute_import, division, print_function

import random
import socket
import struct
import sys
import threading

PATIENCE = 30


def connect(address):
    return socket.create_connection(address, PATIENCE)


def read(sock, size):
    pieces = []
    while size > 0:
        piece = sock.recv(min(size, 65536))
        assert piece, 'the server closed, %d bytes early' % size
        pieces.append(piece)
        size -= len(piece)
    return b''.join(pieces)


def typing(address):
    """Line after line, each answered before the next is sent."""
    sock = connect(address)
    for number in range(100):
        line = ('line %d\r\n' % number).encode('ascii')
        for start in range(0, len(line), 3):
            sock.sendall(line[start:start + 3])
        assert read(sock, len(line)) == line
    sock.close()


def half_close(address):
    """The end of our side, then the answer, then the end of theirs."""
    sock = connect(address)
    sock.sendall(b'whole\nno line end')
    sock.shutdown(socket.SHUT_WR)
    assert read(sock, 17) == b'whole\nno line end'
    assert sock.recv(1) == b''
    sock.close()


def long_line(address, size=5000000):
    """One line of many bytes, read while it is being sent."""
    line = bytes(bytearray(random.randrange(32, 127) for _ in range(size // 100))) * 100 + b'\n'
    sock = connect(address)
    sending = threading.Thread(target=sock.sendall, args=(line,))
    sending.start()
    assert read(sock, len(line)) == line
    sending.join()
    sock.close()


def resets(address):
    """Resets all around do not concern the one that stays."""
    staying = connect(address)
    for _ in range(50):
        leaving = connect(address)
        leaving.sendall(b'on its way\n')
        leaving.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
        leaving.close()
    staying.sendall(b'still here\n')
    assert read(staying, 11) == b'still here\n'
    staying.close()


def in_a_row(address, count=200):
    """One connection after the other."""
    for number in range(count):
        sock = connect(address)
        line = ('connection %d\n' % number).encode('ascii')
        sock.sendall(line)
        assert read(sock, len(line)) == line
        sock.close()


def at_once(address, count=100):
    """Many connections that are all open before the first is used."""
    socks = [connect(address) for _ in range(count)]
    for number, sock in enumerate(socks):
        sock.sendall(('connection %d\n' % number).encode('ascii'))
    for number, sock in enumerate(socks):
        line = ('connection %d\n' % number).encode('ascii')
        assert read(sock, len(line)) == line
    for sock in socks:
        sock.close()


SCENARIOS = [typing, half_close, long_line, resets, in_a_row, at_once]


def main(name, host, port, *numbers):
    scenario = [each for each in SCENARIOS if each.__name__ == name][0]
    scenario((host, int(port)), *map(int, numbers))


if __name__ == '__main__':
    main(*sys.argv[1:])
