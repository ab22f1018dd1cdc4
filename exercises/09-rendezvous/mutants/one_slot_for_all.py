"""Writes the name into the rendezvous: the next two overwrite it."""
from __future__ import absolute_import, division, print_function

import socket
import sys
import threading
import time

LINE_LIMIT = 1000
# A clock that does not jump; Python 2 has none.
now = getattr(time, 'monotonic', time.time)


class Closed(Exception):
    """Nobody meets here any more."""


class Ticket(object):
    """Of one who waits: `partner` is None until somebody has come."""

    def __init__(self, name):
        self.name = name
        self.partner = None


class Rendezvous(object):
    """Where two meet. All methods may be called by any thread at any time."""

    def __init__(self):
        self._condition = threading.Condition()
        self._waiting = None
        self._partner = None
        self._closed = False

    def meet(self, name, timeout=None):
        """The name of the other; None when nobody came for `timeout` seconds.

        Raises Closed when it is closed, or is being closed while nobody has come.
        """
        with self._condition:
            if self._closed:
                raise Closed()
            if self._waiting is not None:
                return self._join(name)
            mine = self._waiting = Ticket(name)
            self._wait(mine, timeout)
            if mine.partner is None:
                self._waiting = None
                if self._closed:
                    raise Closed()
            return mine.partner and self._partner

    def close(self):
        """Who waits is woken, and nobody meets any more."""
        with self._condition:
            self._closed = True
            self._condition.notify_all()

    # The lock is held by whoever calls these.

    def _join(self, name):
        other, self._waiting = self._waiting, None
        other.partner = True
        self._partner = name
        self._condition.notify_all()
        return other.name

    def _wait(self, mine, timeout):
        deadline = None if timeout is None else now() + timeout
        while mine.partner is None and not self._closed:
            left = None if deadline is None else deadline - now()
            if left is not None and left <= 0:
                return
            self._condition.wait(left)


def serve(connection, place):
    """One client: its first line is its name; it is told whom it met."""
    lines = connection.makefile('rb')
    try:
        name = lines.readline(LINE_LIMIT).decode('ascii', 'replace').strip()
        other = place.meet(name, 60)
        answer = 'nobody came\n' if other is None else 'you met %s\n' % other
        connection.sendall(answer.encode('ascii', 'replace'))
    except socket.error:
        pass  # a reset by this client is no one else's business
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
    place = Rendezvous()
    while True:
        connection, _ = listener.accept()
        connection.setblocking(True)
        thread = threading.Thread(target=serve, args=(connection, place))
        thread.daemon = True
        thread.start()


if __name__ == '__main__':
    main()
