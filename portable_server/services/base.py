"""What a service is: what a connection is given, whoever serves it.

A service makes one *conversation* per connection: an object that takes bytes and
gives bytes and knows no socket (as h11 and other sans-I/O protocols do). So the
same service runs in a thread, in a process, on stdin and stdout, or among
thousands in one selector loop, and is tested without any of them.
"""
from __future__ import absolute_import, division, print_function

from portable_server import driver


class Conversation(object):
    """One connection's side of the protocol. Override what the protocol says.

    `finished`: set to True when the server has said all; the connection is then
    closed as soon as the last bytes have been sent.
    """

    finished = False

    def open(self):
        """Bytes to send before anything has come."""
        return b''

    def receive(self, data):
        """Take the bytes that came (at least one); return the answer, or b''."""
        return b''

    def produce(self):
        """Bytes to send unasked, whenever the connection can take more; b'': none.

        A conversation that produces does so until it is finished.
        """
        return b''

    def end(self):
        """The peer will send no more; return the last answer, or b''."""
        return b''


class Service(object):
    """What connections are given. One object serves all connections of a server."""

    #: What the command line calls it.
    name = None
    #: One line for the help.
    summary = ''
    #: True when connections share state in memory: no process per connection then.
    shares_memory = False
    #: False when `handle` does all and there is no `new()` (see chat).
    has_conversations = True
    #: Connections served at once where the command line does not say.
    default_max_connections = 10000

    @classmethod
    def add_options(cls, parser):
        """Declare the service's own command line options on an argparse parser or group."""

    @classmethod
    def from_options(cls, namespace):
        """Make the service from parsed options; raises ValueError with one clear line."""
        return cls()

    def arguments(self):
        """The command line arguments that `from_options` needs to make this service again."""
        return []

    def new(self):
        """A new Conversation, for one connection."""
        raise NotImplementedError(self.name)

    def start(self):
        """Called once, before the first connection."""

    def stop(self, drain_seconds):
        """Called once when no more connections are accepted, before the live ones are cut.

        Must return within `drain_seconds`.
        """

    def handle(self, connection):
        """Serve a `Connection` to its end, blocking. Errors of the connection pass through."""
        driver.drive(self.new(), connection)

    def new_thread(self, connection, release):
        """A Thread (compat.threads), not yet started, that serves the connection; None: no wish.

        For services whose connection *is* a thread (chat). Its `run` must call
        `release()` last, in a `finally`: it closes the connection and counts it out.
        """
        return None
