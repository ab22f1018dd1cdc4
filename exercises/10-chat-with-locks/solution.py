"""A chat room: one lock around the table of members, a queue and a writing thread for each.

The two rules, and how they are kept here:
- hold a lock only briefly: under the lock, names are compared and lines are put into queues;
- do not wait while you hold a lock: nothing is sent under it. `put_nowait` does not wait. Each
  member's own thread takes the lines out of its queue and sends them without the lock.
Each line is put into all queues under the one lock, so all members see the same order.
"""
from __future__ import absolute_import, division, print_function

import socket
import sys
import threading

try:
    import queue
except ImportError:  # Python 2
    import Queue as queue

LINE_LIMIT = 4096
QUEUE_LIMIT = 1000  # lines that wait for a member before it is cut off
LETTERS = b'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'
END = None


class Member(object):
    """A connection, its name, and the lines that wait to be sent to it."""

    def __init__(self, connection):
        self.connection = connection
        self.name = None
        self.lines = queue.Queue(QUEUE_LIMIT)

    def write(self):
        """What the member's writing thread runs: send until END comes."""
        try:
            while True:
                line = self.lines.get()
                if line is END:
                    return
                self.connection.sendall(line)
        except socket.error:
            pass  # the reading thread sees the end as well
        finally:
            hang_up(self.connection)


class Room(object):
    """Who is here. All its data is guarded by one lock, which only its methods take."""

    def __init__(self):
        self.lock = threading.Lock()
        self.members = {}

    def join(self, name, member):
        """True, and everybody is told; False if the name is taken. One step: look and enter."""
        with self.lock:
            if name in self.members:
                return False
            others = sorted(self.members)
            self._tell(b'* ' + name + b' has entered the room\n')
            self.members[name] = member
            self._post(member, b'* The room contains: ' + b', '.join(others) + b'\n')
        return True

    def say(self, name, text):
        with self.lock:
            self._tell(b'[' + name + b'] ' + text + b'\n', self.members[name])

    def leave(self, name):
        with self.lock:
            del self.members[name]
            self._tell(b'* ' + name + b' has left the room\n')

    # The lock is held by whoever calls these two.

    def _tell(self, line, but=None):
        for member in self.members.values():
            if member is not but:
                self._post(member, line)

    def _post(self, member, line):
        try:
            member.lines.put_nowait(line)
        except queue.Full:  # it does not read: its reading thread is woken, and leaves for it
            hang_up(member.connection)


def hang_up(connection):
    """End a connection whose threads may be blocked on it: both wake."""
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except socket.error:
        pass  # it had ended


def line_of(lines):
    """The next line without its end; None at the end, or for one that is too long."""
    line = lines.readline(LINE_LIMIT)
    return line.rstrip(b'\r\n') if line.endswith(b'\n') else None


def is_name(name):
    return bool(name) and len(name) <= 16 and not name.strip(LETTERS)


def serve(connection, room):
    """One client, from its greeting to its end."""
    lines = connection.makefile('rb')
    member = Member(connection)
    try:
        connection.sendall(b'Welcome! What is your name?\n')
        name = line_of(lines)
        if name is None:
            return
        if not is_name(name):
            connection.sendall(b'! a name has 1 to 16 letters and digits\n')
        elif not room.join(name, member):
            connection.sendall(b'! that name is taken\n')
        else:
            chat(member, name, lines, room)
    except socket.error:
        pass  # a reset by this client is no one else's business
    finally:
        lines.close()
        connection.close()


def chat(member, name, lines, room):
    """A member, from its join to its leave."""
    writer = threading.Thread(target=member.write)
    writer.daemon = True
    writer.start()
    try:
        text = line_of(lines)
        while text is not None:
            room.say(name, text)
            text = line_of(lines)
    finally:
        room.leave(name)
        hang_up(member.connection)
        end(member.lines)
        writer.join()


def end(lines):
    """Put END in; nobody adds lines any more, so there is room for it soon."""
    while True:
        try:
            return lines.put_nowait(END)
        except queue.Full:
            lines.get_nowait()


def main():
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(('127.0.0.1', int(sys.argv[1])))
    listener.listen(50)
    print('listening on 127.0.0.1:%d' % listener.getsockname()[1])
    sys.stdout.flush()
    room = Room()
    while True:
        connection, _ = listener.accept()
        connection.setblocking(True)
        thread = threading.Thread(target=serve, args=(connection, room))
        thread.daemon = True
        thread.start()


if __name__ == '__main__':
    main()
