"""Members without sockets, and the oracle that says what they should have seen."""
from __future__ import absolute_import, division, print_function

from portable_server.compat import errors
from portable_server.chat import protocol
from portable_server.chat.fanout import Fanout, Watcher
from portable_server.chat.limits import Limits
from portable_server.chat.room import Room


def repr_of_text(value):
    """A test's id for bytes, the same on every interpreter."""
    return '-'.join('%02x' % byte for byte in bytearray(value[:8])) or 'empty'


class FakeMember(object):
    """Takes ``capacity`` bytes (None: any number), then no more until it is raised."""

    def __init__(self, capacity=None):
        self.received = b''
        self.capacity = capacity
        self.gone = False

    def send(self, data):
        if self.gone:
            raise errors.SocketError(32, 'fake peer is gone')
        data = bytes(data)
        if self.capacity is not None:
            data = data[:max(0, self.capacity - len(self.received))]
        self.received += data
        return len(data)

    def lines(self):
        return self.received.splitlines()


class Recorder(Watcher):
    """Remembers what became of the outboxes, by name of the member."""

    def __init__(self):
        self.events = []

    def blocked(self, outbox):
        self.events.append(('blocked', outbox.seat.name))

    def unblocked(self, outbox):
        self.events.append(('unblocked', outbox.seat.name))

    def too_slow(self, outbox):
        self.events.append(('too slow', outbox.seat.name))

    def failed(self, outbox, error):
        self.events.append(('failed', outbox.seat.name))

    def finished(self, outbox):
        self.events.append(('finished', outbox.seat.name))


class Hall(object):
    """A room, its fan-out and fake members: the chat server without I/O or threads."""

    def __init__(self, room=None, **limits):
        limits = Limits(**limits)
        self.room = room or Room(limits)
        self.order = []
        self.watcher = Recorder()
        self.fanout = Fanout(self.room, limits, lambda seat: seat.member.send, self.watcher)

    def join(self, name, member=None):
        return self.room.join(name, member or FakeMember())

    def say(self, seat, *texts):
        return self.room.say(seat, protocol.said(seat.name, texts))

    def settle(self):
        """Take and spread until there is nothing more to take."""
        while self.sweep():
            pass

    def sweep(self):
        batch = self.room.take()
        self.order.extend(batch.lines)
        if batch.lines:
            self.fanout.spread(batch)
        return bool(batch.lines)


def expected(order, name, closed=False):
    """What a member that stayed once, as ``name``, sees of ``order`` (list of bytes)."""
    come, go = order.index(protocol.entered(name)), len(order)
    if protocol.left(name) in order:
        go = order.index(protocol.left(name))
    own = b'[' + name + b'] '
    seen = [line for line in order[come + 1:go] if not line.startswith(own)]
    return set(present(order[:come])), b''.join(seen)


def present(order):
    """The names in the room after ``order``."""
    names = []
    for line in order:
        words = line.split()
        if line.startswith(b'* ') and words[2:] == b'has entered the room'.split():
            assert words[1] not in names, 'two members named %r' % words[1]
            names.append(words[1])
        elif line.startswith(b'* ') and words[2:] == b'has left the room'.split():
            names.remove(words[1])
    return names


def check_view(order, seat):
    """Has the fake member of ``seat`` seen what it should have?"""
    names, rest = expected(order, seat.name)
    roster, _, seen = seat.member.received.partition(b'\n')
    start = b'* The room contains: '
    assert roster.startswith(start), roster
    listed = roster[len(start):].split(b', ') if roster != start else []
    assert sorted(listed) == sorted(names), (roster, names)
    assert seen == rest, 'saw %r instead of %r' % (seen, rest)
