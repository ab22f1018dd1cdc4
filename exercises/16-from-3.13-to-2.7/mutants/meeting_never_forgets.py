"""Who waited in vain stays in the meeting: the next client meets a ghost."""
from __future__ import absolute_import, division, print_function

import binascii
import math
import socket
import sys
import threading
import time

try:
    import queue
except ImportError:  # Python 2
    import Queue as queue

PATIENCE = 5.0  # seconds that a client waits for the second one to MEET
END = None

# A clock that does not jump; Python 2 has none.
now = getattr(time, 'monotonic', time.time)


class Meeting(object):
    """Clients meet in pairs: who comes first waits for the next."""

    def __init__(self):
        self._changed = threading.Condition()
        self._waiting = None  # what the first of a pair left: a list that the second fills

    def meet(self, seconds):
        """'first' or 'second' of a pair; None when nobody came for so long."""
        deadline = now() + seconds
        with self._changed:
            if self._waiting is not None:
                pair, self._waiting = self._waiting, None
                pair.append('met')
                self._changed.notify_all()
                return 'second'
            pair = self._waiting = []
            while not pair:
                left = deadline - now()
                if left <= 0:
                    return None
                self._changed.wait(left)
            return 'first'


meeting = Meeting()


def answer(line):
    """The answer (bytes) to one line (bytes); None when the client is to be let go."""
    command, _, rest = line.partition(b' ')
    if command == b'HEX':
        return binascii.hexlify(rest)
    if command == b'FIRST' and rest:
        return number(ord(rest[:1]))
    if command == b'TRIM':
        return trimmed(rest)
    if command == b'ROUND':
        try:
            return number(half_to_even(float(rest.decode('ascii', 'replace'))))
        except (ValueError, OverflowError):
            return b'ERR not a number'
    if command == b'PAD' and rest.isdigit():
        return rest.lstrip(b'0').rjust(8, b'0')
    if command == b'MEET':
        return meet()
    if command == b'QUIT':
        return None
    return b'ERR what?'


def number(value):
    return ('%d' % value).encode('ascii')


def trimmed(data):
    if data.startswith(b'x-'):
        data = data[2:]
    return data[:-2] if data.endswith(b'-x') else data


def half_to_even(value):
    """To the nearest whole number; what is in the middle, to the even one (as Python 3's round)."""
    below = math.floor(value)
    if value - below == 0.5:
        return int(below) + int(below) % 2
    return int(math.floor(value + 0.5))


def meet():
    place = meeting.meet(PATIENCE)
    return {None: b'nobody came', 'first': b'met, you are first', 'second': b'met'}[place]


def write(connection, answers):
    """The writing thread: send answers until END."""
    gone = False
    for line in iter(answers.get, END):
        # For a client that has gone the queue is emptied all the same: the reader may wait for room.
        gone = gone or not sent(connection, line + b'\n')


def sent(connection, data):
    try:
        connection.sendall(data)
    except socket.error:
        return False
    return True


def serve(connection):
    answers = queue.Queue(100)
    writer = start(write, connection, answers)
    lines = connection.makefile('rb')
    try:
        for line in iter(lines.readline, b''):
            reply = answer(line.rstrip(b'\r\n'))
            if reply is None:
                break
            answers.put(reply)
    except socket.error:
        pass  # a reset by this client is no one else's business
    finally:
        answers.put(END)
        writer.join()
        lines.close()
        connection.close()


def start(function, *arguments):
    thread = threading.Thread(target=function, args=arguments)
    thread.daemon = True
    thread.start()
    return thread


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
        start(serve, connection)


if __name__ == '__main__':
    main()
