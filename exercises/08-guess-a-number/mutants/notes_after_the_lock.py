"""Notes the guess after the lock: the history is in another order."""
from __future__ import absolute_import, division, print_function

import random
import socket
import sys
import threading

LINE_LIMIT = 1000


class Game(object):
    """Rounds of guessing. All methods may be called by any thread at any time."""

    def __init__(self, choose):
        """`choose()` gives the secret of a round; it is called once for each round."""
        self._choose = choose
        self._secret = choose()
        self._round = 1
        self._history = []
        self._lock = threading.Lock()

    def guess(self, player, number):
        """'greater' or 'smaller', which the secret is than the number; 'won' ends the round."""
        with self._lock:
            reply, turn = self._judge(number), self._round
            if reply == 'won':
                self._round += 1
                self._secret = self._choose()
        self._history.append((turn, player, number, reply))
        return reply

    def history(self):
        """A copy of all guesses, in the order in which they were judged: (round, player, number, reply)."""
        with self._lock:
            return list(self._history)

    def _judge(self, number):
        if number == self._secret:
            return 'won'
        return 'greater' if number < self._secret else 'smaller'


def answer(game, player, line):
    """The answer to one line (text); None when the client is to be let go."""
    words = line.split()
    if len(words) == 2 and words[0] == 'GUESS' and words[1].isdigit():
        return game.guess(player, int(words[1][:6]))
    if words == ['QUIT']:
        return None
    return 'ERR what?'


def serve(connection, player, game):
    lines = connection.makefile('rb')
    try:
        for line in iter(lambda: lines.readline(LINE_LIMIT), b''):
            reply = answer(game, player, line.decode('ascii', 'replace'))
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
    game = Game(lambda: random.randint(1, 100))
    while True:
        connection, address = listener.accept()
        connection.setblocking(True)
        thread = threading.Thread(target=serve, args=(connection, 'port %d' % address[1], game))
        thread.daemon = True
        thread.start()


if __name__ == '__main__':
    main()
