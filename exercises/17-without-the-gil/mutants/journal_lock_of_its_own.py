"""A second lock for the journal, taken behind the first: between the two another gets ahead."""
from __future__ import absolute_import, division, print_function

import socket
import sys
import threading

LINE_LIMIT = 1000


class Shop(object):
    """Sells what is in stock. All methods may be called by any thread at any time."""

    def __init__(self, stock, open_journal=list):
        """`stock`: item -> how many. `open_journal()`: called once, at the first order."""
        self._stock = stock
        self._open_journal = open_journal
        self._journal = None
        self._last_order = 0
        self._lock = threading.Lock()
        self._journal_lock = threading.Lock()

    def buy(self, item):
        """The number of the order (1, 2, 3 ... without gaps), or None when it is sold out."""
        with self._lock:
            if self._stock.get(item, 0) < 1:
                return None
            self._stock[item] = self._stock[item] - 1
            self._last_order += 1
            number = self._last_order
        with self._journal_lock:
            if self._journal is None:
                self._journal = self._open_journal()
            self._journal.append((number, item))
            return number

    def restock(self, item, count):
        """Add some; how many there are now."""
        with self._lock:
            self._stock[item] = self._stock.get(item, 0) + count
            return self._stock[item]

    def left(self, item):
        """How many there are."""
        with self._lock:
            return self._stock.get(item, 0)

    def orders(self):
        """A copy of the journal: (number, item), in the order of their numbers."""
        with self._journal_lock:
            return list(self._journal or [])


def answer(shop, line):
    """The answer to one line (text); None when the client is to be let go."""
    words = line.split()
    if len(words) == 2 and words[0] == 'BUY':
        number = shop.buy(words[1])
        return 'sold out' if number is None else 'order %d' % number
    if len(words) == 2 and words[0] == 'LEFT':
        return '%d' % shop.left(words[1])
    if len(words) == 3 and words[0] == 'RESTOCK' and words[2].isdigit():
        return '%d' % shop.restock(words[1], int(words[2][:6]))
    if words == ['QUIT']:
        return None
    return 'ERR what?'


def serve(connection, shop):
    lines = connection.makefile('rb')
    try:
        for line in iter(lambda: lines.readline(LINE_LIMIT), b''):
            reply = answer(shop, line.decode('ascii', 'replace'))
            if reply is None:
                break
            connection.sendall(reply.encode('ascii') + b'\n')
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
    shop = Shop({'apple': 3, 'pear': 1})
    while True:
        connection, _ = listener.accept()
        connection.setblocking(True)
        thread = threading.Thread(target=serve, args=(connection, shop))
        thread.daemon = True
        thread.start()


if __name__ == '__main__':
    main()
