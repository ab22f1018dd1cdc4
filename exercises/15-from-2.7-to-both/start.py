"""A server of scores, written for Python 2.7. Make it run on both; see README.md.

Its syntax is valid in both already (that part a tool can do). Its meaning is Python 2's.
"""
import socket
import string
import sys

scores = {}
lock = None

ROT13 = None


def answer(line):
    """The answer to one line; None when the client is to be let go."""
    words = line.split()
    if not words:
        return 'ERR what?'
    command, rest = words[0], words[1:]
    if command == 'PUT' and len(rest) == 2:
        return put(rest[0], rest[1])
    if command == 'GET' and len(rest) == 1:
        return '%s %d' % (rest[0], scores[rest[0]]) if scores.has_key(rest[0]) else 'ERR nobody'
    if command == 'TOP' and len(rest) == 1 and rest[0].isdigit():
        return top(int(rest[0]))
    if command == 'AVG' and not rest:
        return str(sum(scores.values()) / len(scores)) if scores else 'ERR nobody'
    if command == 'NAMES' and not rest:
        names = scores.keys()
        names.sort()
        return ' '.join(names)
    if command == 'ROT' and len(rest) == 1:
        return rest[0].translate(ROT13)
    if command == 'QUIT' and not rest:
        return None
    return 'ERR what?'


def put(name, points):
    try:
        points = int(points)
    except ValueError:
        return 'ERR not a number'
    lock.acquire()
    try:
        scores[name] = points
    finally:
        lock.release()
    return 'OK'


def top(count):
    """The best, most points first; who has as many, by name."""
    best = sorted(scores.iteritems(), cmp=lambda one, two: cmp(two[1], one[1]) or cmp(one[0], two[0]))
    return ', '.join(['%s %d' % pair for pair in best[:count]]) or 'ERR nobody'


def serve(connection):
    lines = connection.makefile()
    for line in lines:
        reply = answer(line)
        if reply is None:
            break
        connection.sendall(reply + '\n')
    lines.close()
    connection.close()


def main():
    global lock, ROT13
    import thread  # here, so that this file can be loaded everywhere
    lock = thread.allocate_lock()
    ROT13 = string.maketrans(
        string.lowercase, string.lowercase[13:] + string.lowercase[:13])
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(('127.0.0.1', int(sys.argv[1])))
    listener.listen(50)
    sys.stdout.write('listening on 127.0.0.1:%d\n' % listener.getsockname()[1])
    sys.stdout.flush()
    while True:
        connection, _ = listener.accept()
        connection.setblocking(True)
        thread.start_new_thread(serve, (connection,))


if __name__ == '__main__':
    main()
