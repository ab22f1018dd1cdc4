"""Row 45: which lock guards which field is written down, and checked at each access.

``watch.guarded('lock', 'members')`` says that ``self.members`` needs ``self.lock``; not in
``__init__``, where nobody else can see the object. ``watch.assert_held`` says the same of a
function: "the caller holds the lock".

Source: the Linux kernel's ``lockdep_assert_held``; Clang's "guarded_by" of its Thread
Safety Analysis.
"""
from __future__ import absolute_import, division, print_function

from portable_server.litmus import expect, watch
from portable_server.litmus.watched import NOTHING, WatchedCase

SOURCE = 'Linux, lockdep_assert_held; Clang, guarded_by'


def make_room(lock):
    """A room whose list of members ``lock`` guards."""
    @watch.guarded('lock', 'members')
    class Room(object):
        def __init__(self):
            self.lock = lock
            self.members = ['host']

        def add(self, member):
            watch.assert_held(self.lock)
            return member

    return Room()


class ReadWithoutLock(WatchedCase):
    """A read sees a half-done change."""

    rows = (45,)
    expectations = (expect('unguarded-access of room', 'A', SOURCE),)

    def lesson(self):
        len(make_room(self.new_lock('room')).members)


class WriteWithoutLock(ReadWithoutLock):
    """A write loses another's."""

    def lesson(self):
        make_room(self.new_lock('room')).members = []


class CalledWithoutLock(ReadWithoutLock):
    """A function that says "the caller holds the lock"."""

    def lesson(self):
        make_room(self.new_lock('room')).add('x')


class AccessMended(WatchedCase):
    """All three under the lock."""

    rows = (45,)
    mends = 'ReadWithoutLock'
    expectations = (expect(NOTHING, 'A', SOURCE),)

    def lesson(self):
        room = make_room(self.new_lock('room'))
        with room.lock:
            room.members = room.members + [room.add('x')]
