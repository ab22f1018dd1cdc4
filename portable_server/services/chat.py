"""Chat: the Budget Chat protocol, with one total order and slow members cut off.

The service of the course.  Everything is in :mod:`portable_server.chat`; here it
meets the models and the command line.
"""
from __future__ import absolute_import, division, print_function

from portable_server.chat import designs, limits
from portable_server.chat.member import Member
from portable_server.chat.server import ChatServer
from portable_server.chat.status import StatusPort
from portable_server.options import number, seconds
from portable_server.services.base import Service


class Chat(Service):
    name = 'chat'
    summary = 'a chat room (Budget Chat, Protohackers problem 3)'
    shares_memory = True
    has_conversations = False
    default_max_connections = 19000     # more than `connections`, less than usual descriptors

    def __init__(self, bounds=None, design=designs.DEFAULT, status_port=None):
        """``bounds``: a Limits.  Raises ValueError if the status port cannot be had."""
        self._status = None
        if status_port is not None:
            self._status = StatusPort(status_port, lambda: self.server.report())
        self.server = ChatServer(bounds, design)

    @classmethod
    def add_options(cls, parser):
        defaults, add = limits.Limits.DEFAULTS, parser.add_argument
        add('--design', choices=designs.NAMES, default=designs.DEFAULT,
            help='how the room is built: %(choices)s (default: %(default)s)')
        for option, key, convert, text in OPTIONS:
            add(option, dest=key, metavar='SECONDS' if convert is seconds else 'N', type=convert,
                default=defaults[key], help=text + ' (default: %(default)s)')
        add('--status-port', metavar='N', type=number(0, 65535),
            help='answer each connection to this port of 127.0.0.1 with one JSON object of '
                 'figures; 0: any free port, see the log')

    @classmethod
    def from_options(cls, namespace):
        bounds = limits.Limits(**dict((key, getattr(namespace, key)) for _, key, _, _ in OPTIONS))
        bounds.check()
        return cls(bounds, namespace.design, namespace.status_port)

    def start(self):
        self.server.start()
        if self._status is not None:
            self._status.start()

    def stop(self, drain_seconds):
        if self._status is not None:
            self._status.stop()
        self.server.stop(drain_seconds)

    def handle(self, connection):
        self.server.serve(connection)

    def new_thread(self, connection, release):
        return Member(self.server, connection, release)


MANY = 10 ** 6
LARGE = 2 ** 30
OPTIONS = [
    ('--members', 'members', number(1, MANY), 'people in the room at once'),
    ('--connections', 'connections', number(1, MANY),
     'connections at once, joined or not; further ones are told and closed'),
    ('--name-length', 'name_length', number(limits.SMALLEST_NAME, 1000), 'characters in a name'),
    ('--line-length', 'line_length', number(limits.SMALLEST_LINE, LARGE), 'bytes in a line'),
    ('--queue-lines', 'queue_lines', number(1, LARGE),
     'lines that a member may lag behind before it is cut off'),
    ('--queue-bytes', 'queue_bytes', number(1, LARGE), 'the same in bytes'),
    ('--handshake', 'handshake', seconds, 'time to say a name'),
    ('--farewell', 'farewell', seconds, 'time to read the last lines when cut off or refused'),
]
