"""A server of small services that needs CPython 3.13. Make it run on 2.7 and Jython; see README.md.

Its syntax is valid everywhere already; its library and its meaning are those of Python 3.13.
"""
from __future__ import absolute_import, division, print_function

import socket
import sys
import threading

PATIENCE = 5.0  # seconds that a client waits for the second one to MEET

meeting = None


def answer(line):
    """The answer (bytes) to one line (bytes); None when the client is to be let go."""
    command, _, rest = line.partition(b' ')
    if command == b'HEX':
        return rest.hex().encode('ascii')
    if command == b'FIRST' and rest:
        return str(rest[0]).encode('ascii')
    if command == b'TRIM':
        return rest.removeprefix(b'x-').removesuffix(b'-x')
    if command == b'ROUND':
        try:
            return str(round(float(rest))).encode('ascii')
        except (ValueError, OverflowError):
            return b'ERR not a number'
    if command == b'PAD' and rest.isdigit():
        return b'%08d' % int(rest)
    if command == b'MEET':
        return meet()
    if command == b'QUIT':
        return None
    return b'ERR what?'


def meet():
    """Wait until a second client asks for it, too; both are told, one of them that it was first."""
    try:
        place = meeting.wait(PATIENCE)
    except threading.BrokenBarrierError:
        meeting.reset()
        return b'nobody came'
    return b'met, you are first' if place == 0 else b'met'


def write(connection, answers):
    """The writing thread: send answers until the queue is shut down and empty."""
    import queue
    while True:
        try:
            line = answers.get()
        except queue.ShutDown:
            return connection.shutdown(socket.SHUT_RDWR)
        connection.sendall(line + b'\n')


def serve(connection):
    import queue  # here, so that this file can be loaded everywhere
    answers = queue.Queue(100)
    writer = threading.Thread(target=write, args=(connection, answers), daemon=True)
    writer.start()
    with connection, connection.makefile('rb') as lines:
        for line in lines:
            reply = answer(line.rstrip(b'\r\n'))
            if reply is None:
                break
            answers.put(reply)
        answers.shutdown()
        writer.join()


def main():
    global meeting
    meeting = threading.Barrier(2)
    listener = socket.create_server(('127.0.0.1', int(sys.argv[1])))
    print('listening on 127.0.0.1:%d' % listener.getsockname()[1], flush=True)
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=serve, args=(connection,), daemon=True).start()


if __name__ == '__main__':
    main()
