"""Has a lock for those who put and another for those who take."""
from __future__ import absolute_import, division, print_function

import socket
import sys
import threading

LINE_LIMIT = 1000


class Jar(object):
    """Some coins. All methods may be called by any thread at any time."""

    def __init__(self, coins=0):
        self._lock = threading.Lock()
        self._take_lock = threading.Lock()
        self._coins = coins
        self._changes = 0

    def put(self, count):
        """Put some in; how many there are now."""
        with self._lock:
            self._coins += count
            self._changes += 1
            return self._coins

    def take(self, count):
        """Take some out; how many are left. None, and nothing changes, if there are not so many."""
        with self._take_lock:
            if self._coins < count:
                return None
            self._coins -= count
            self._changes += 1
            return self._coins

    def look(self):
        """How many there are, and how many changes led to it: (coins, changes)."""
        with self._lock:
            return self._coins, self._changes


def answer(jar, line):
    """The answer to one line (text); None when the client is to be let go."""
    words = line.split()
    if len(words) == 2 and words[0] in ('put', 'take') and words[1].isdigit():
        count = int(words[1][:6])
        left = jar.put(count) if words[0] == 'put' else jar.take(count)
        return 'not so many' if left is None else '%d' % left
    if words == ['look']:
        return '%d after %d changes' % jar.look()
    if words == ['quit']:
        return None
    return 'what?'


def handle(connection, jar):
    """Serve one client, to its end."""
    lines = connection.makefile('rb')
    try:
        for line in iter(lambda: lines.readline(LINE_LIMIT), b''):
            reply = answer(jar, line.decode('ascii', 'replace'))
            if reply is None:
                break
            connection.sendall(reply.encode('ascii') + b'\r\n')
    except socket.error:
        pass  # a reset by this client is no one else's business
    finally:
        lines.close()
        connection.close()


def serve(listener):
    """Accept clients for ever, with a thread for each."""
    jar = Jar()
    while True:
        connection, _ = listener.accept()
        connection.setblocking(True)
        thread = threading.Thread(target=handle, args=(connection, jar))
        thread.daemon = True
        thread.start()


def main(port):
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(('127.0.0.1', port))
    listener.listen(50)
    print('listening on %s:%d' % listener.getsockname()[:2])
    sys.stdout.flush()
    serve(listener)


if __name__ == '__main__':
    main(int(sys.argv[1]))
