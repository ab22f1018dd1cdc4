"""Row 57: several threads that write to one client need a lock, or one writer.

``sendall`` may be many sends. The kernel takes what fits into its buffer, the thread
waits, and another thread's bytes come between: lines mix in the middle. POSIX promises
whole writes for pipes up to PIPE_BUF, nothing for sockets. A lock for each client around
each message, or one thread that writes what the others put into a queue, keeps lines
whole. Short lines look whole without either, which is why the mistake lives long.

Source: library/socket: sendall; POSIX, send (no atomicity for SOCK_STREAM); observed.
"""
from __future__ import absolute_import, division, print_function

from portable_server.compat import sockets, threads
from portable_server.litmus import Case, Forced, actor, expect
from portable_server.litmus.cases import _loopback

LINE = 60000    # bytes, more than the small buffer of the sender
LINES = 3       # for each writer
SEND_BUFFER = 16384


class _Client(Case):
    """One connection, a reader at its far end, and what it makes of the lines."""

    rows = (57,)
    batch = 1

    def __init__(self):
        self.client, self.server = _loopback.pair()
        self.server.setsockopt(sockets.SOL_SOCKET, sockets.SO_SNDBUF, SEND_BUFFER)
        self.left = threads.Semaphore(0)
        self.torn = None

    def line_of(self, letter):
        return letter * LINE + b'\n'

    def write(self, letter):
        for _ in range(LINES):
            self.send(self.line_of(letter))
        self.left.release()

    def send(self, line):
        self.server.sendall(line)

    def read(self):
        expected = [letter * LINE for letter in (b'a', b'b')]
        try:
            lines = list(_loopback.lines(self.client))
        finally:
            self.client.close()
        self.torn = len(lines) != 2 * LINES or any(line not in expected for line in lines)

    def close_after(self, writers):
        for _ in range(writers):
            self.left.acquire(timeout=_loopback.LIMIT)
        self.server.close()

    def observe(self):
        return 'torn' if self.torn else 'whole'


class TwoWriters(_Client):
    """Two threads write long lines to one client: are they whole?"""

    expectations = (expect('whole', 'A', 'neither had to wait for the buffer'),
                    expect('torn', 'I', 'library/socket: sendall; POSIX: send'))

    @actor
    def first(self):
        self.write(b'a')

    @actor
    def second(self):
        self.write(b'b')

    @actor
    def reader(self):
        self.read()

    @actor
    def closer(self):
        self.close_after(2)


class TwoWritersMended(TwoWriters):
    """The same with a lock for this client around each line: whole."""

    mends = 'TwoWriters'
    expectations = (expect('whole', 'A', 'library/threading: Lock'),)

    def __init__(self):
        super(TwoWritersMended, self).__init__()
        self.lock = threads.Lock()

    def send(self, line):
        with self.lock:
            super(TwoWritersMended, self).send(line)


class OneWriterMended(TwoWriters):
    """One thread writes what the two put into a queue: whole, and they never wait for it."""

    mends = 'TwoWriters'
    expectations = (expect('whole', 'A', 'library/queue'),)

    def __init__(self):
        super(OneWriterMended, self).__init__()
        self.outbox = threads.Queue()

    def send(self, line):
        self.outbox.put(line)

    @actor
    def closer(self):
        for _ in range(2 * LINES):
            self.server.sendall(self.outbox.get(timeout=_loopback.LIMIT))
        self.server.close()


class TwoWritersForced(Forced):
    """Half a line, another's whole line, the other half: torn, each time."""

    rows = (57,)
    schedule = 'first:half second:whole first:rest'
    outcome = 'aabb aa'

    def __init__(self):
        self.client, self.server = _loopback.pair()

    @actor
    def first(self):
        self.at('half')
        self.server.sendall(b'aa')
        self.at('rest')
        self.server.sendall(b'aa\n')

    @actor
    def second(self):
        self.at('whole')
        self.server.sendall(b'bb\n')

    def observe(self):
        self.server.close()
        lines = [line.decode('ascii') for line in _loopback.lines(self.client)]
        self.client.close()
        return ' '.join(lines)
