"""A socket in another process: nothing of this interpreter's runtime is in between.

Run as a program it reads commands, one a line, and answers each with one line.  It
needs only Python's standard library and runs on the machine's `python3`; where there
is none, on the interpreter under test.
"""
from __future__ import absolute_import, division, print_function

import os
import socket
import struct
import subprocess
import sys


class External(object):
    """Steers the program; each method returns when the peer has done it."""

    def __init__(self):
        self._process = subprocess.Popen(
            [_python(), os.path.abspath(__file__).replace('$py.class', '.py')],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def _do(self, *words):
        line = ' '.join(str(word) for word in words) + '\n'
        self._process.stdin.write(line.encode('ascii'))
        self._process.stdin.flush()
        answer = self._process.stdout.readline().decode('ascii').rstrip('\n')
        status, _, value = answer.partition(' ')
        assert status == 'ok', '%s: %s' % (words[0], answer)
        return value

    def connect(self, port):
        self._do('connect', port)

    def send(self, data):
        """Send `data`, bytes."""
        self._do('send', ''.join('%02x' % octet for octet in bytearray(data)))

    def send_pattern(self, count):
        """Send `count` bytes, 0 to 250 repeated."""
        self._do('send_pattern', count)

    def receive(self, count):
        """bytes: `count` of them, fewer at the end; text like 'reset' for an error."""
        kind, _, value = self._do('receive', count).partition(' ')
        if kind != 'data':
            return kind
        return bytes(bytearray(int(value[i:i + 2], 16) for i in range(0, len(value), 2)))

    def checksum(self, count):
        """CRC-32 of the next `count` bytes that come."""
        return int(self._do('checksum', count))

    def half_close(self):
        self._do('half_close')

    def reset(self):
        self._do('reset')

    def disconnect(self):
        self._do('disconnect')

    def close(self):
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()


def _python():
    for folder in os.environ.get('PATH', '').split(os.pathsep):
        candidate = os.path.join(folder, 'python3')
        if os.access(candidate, os.X_OK):
            return candidate
    return sys.executable


class Peer(object):
    """The program's side of each command."""

    def connect(self, port):
        self.socket = socket.create_connection(('127.0.0.1', int(port)), 30)

    def send(self, data=''):
        self.socket.sendall(bytes(bytearray(
            int(data[i:i + 2], 16) for i in range(0, len(data), 2))))

    def send_pattern(self, count):
        period = bytes(bytearray(range(251)))
        whole = period * (int(count) // len(period) + 1)
        self.socket.sendall(whole[:int(count)])

    def receive(self, count):
        try:
            data = b''.join(self._pieces(int(count)))
        except socket.timeout:
            return 'timeout'
        except socket.error as problem:
            return 'reset' if problem.errno == 104 else 'error%s' % problem.errno
        return 'data ' + ''.join('%02x' % octet for octet in bytearray(data))

    def checksum(self, count):
        import zlib
        value = 0
        for piece in self._pieces(int(count)):
            value = zlib.crc32(piece, value)
        return value & 0xffffffff

    def _pieces(self, count):
        while count:
            piece = self.socket.recv(min(count, 65536))
            if not piece:
                return
            count -= len(piece)
            yield piece

    def half_close(self):
        self.socket.shutdown(socket.SHUT_WR)

    def reset(self):
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                               struct.pack('ii', 1, 0))
        self.socket.close()

    def disconnect(self):
        self.socket.close()


def main():
    peer = Peer()
    for line in iter(sys.stdin.readline, ''):
        words = line.split()
        value = getattr(peer, words[0])(*words[1:])
        sys.stdout.write('ok %s\n' % ('' if value is None else value))
        sys.stdout.flush()


if __name__ == '__main__':
    main()
