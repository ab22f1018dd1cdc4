"""Every model and every chat design keeps both rules and one order of locks, under stress.

The naive design is the control: its reports are expected, and the test fails without
them.  The servers run in this process; those that fork, and the command line, are
under the watch as whole programs in test_programs_under_watch.py as well.
"""
from __future__ import absolute_import, division, print_function

import pytest

from portable_server.compat import sockets, threads
from portable_server.litmus import watch
from portable_server import models
from tests import support
from tests.chat.running import PATIENCE, house
from tests.chat.slowness import speak_until, speak_until_bob_has_left
from tests.servers.conftest import ALL, IN_TURN
from tests.servers.running import RunningServer

TALKERS, LINES = 6, 40
#: Fewer where each connection starts an interpreter.
FEW = {'super-server': 2}


def talk(running):
    """One client from beginning to end: lines, answered one by one."""
    client = running.connect()
    for number in range(LINES):
        line = ('line %d\n' % number).encode('ascii')
        assert client.ask(line) == line
    client.close()


def leave_with_a_reset(running):
    client = running.connect()
    assert client.ask(b'hello\n') == b'hello\n'
    client.send(b'unread')
    client.reset()


def stress(running, model):
    """Talkers at once and among them resets; then one that never reads, and the end."""
    if model == 'one-time':
        return talk(running)
    count = FEW.get(model, TALKERS)
    support.run_all([lambda: talk(running)] * count
                    + [lambda: leave_with_a_reset(running)] * count)
    if model not in IN_TURN:
        running.connect().ask(b'stays open\n')
    running.connect(receive_buffer=65536).send_until_stuck(b'never read\n' * 5000)


@pytest.mark.parametrize('model', ALL)
def test_a_model_under_stress(model, lock_watch):
    running = RunningServer(model, 'echo')
    try:
        stress(running, model)
    finally:
        running.close()
    assert lock_watch.text() == ''


def test_all_models_are_tested():
    assert [parameter.values[0] for parameter in ALL] == models.names()
    assert len(ALL) == 10


class Chatter(threads.Thread):
    """A client that joins, speaks and hears, again and again, and goes without a word."""

    def __init__(self, room, number, visits):
        threads.Thread.__init__(self)
        self._room, self._number, self._visits = room, number, visits
        self.error = None

    def run(self):
        try:
            for visit in range(self._visits):
                self._visit(('m%dv%d' % (self._number, visit)).encode('ascii'), visit)
        except Exception as error:
            self.error = error

    def _visit(self, name, visit):
        client = self._room.client(name)
        client.send(b'one\ntwo\nthree\n')
        if visit % 2:
            client.reset()
        else:
            client.close()


def crowd(room, chatters=5, visits=4):
    """Members come, speak and go at once; one stays and hears them all out."""
    listener = room.client(b'listener')
    members = [Chatter(room, number, visits) for number in range(chatters)]
    for each in members:
        each.start()
    for _ in range(chatters * visits):
        while not listener.line().endswith(b'has left the room'):
            pass
    for each in members:
        each.join(PATIENCE)
        assert each.error is None, repr(each.error)
    return listener


def refused(room):
    """Who is not let in: a name in use, a bad one, none in time."""
    room.client(b'listener')
    room.client(b'two words')
    room.client()


@pytest.mark.parametrize('design', ['objects', 'mailboxes'])
def test_a_chat_design_under_stress(design, lock_watch):
    with house(design, queue_bytes=512 * 1024, farewell=0.5) as room:
        listener = crowd(room)
        refused(room)
        speaker, bob = room.client(b'speaker'), room.client(b'bob', receive_buffer=65536)
        listener.until(b'* bob has entered the room')
        speak_until_bob_has_left(speaker, listener)
        bob.reset()
        speaker.send(b'to the end\n')
    assert lock_watch.text() == ''


@pytest.mark.lock_watch_expect('blocked-while-holding', lock='*global_lock.py:*')
def test_the_naive_design_breaks_rule_2(lock_watch):
    with house('global-lock', drain=0.2) as room:
        crowd(room)
    assert [report.operation for report in lock_watch.reports] == ['socket.sendall'] * len(
        lock_watch.reports)


def taken_within(seconds, lock):
    taken = lock.acquire(True, seconds)
    if taken:
        lock.release()
    return taken


def test_the_naive_design_breaks_rule_1_when_a_member_does_not_read():
    """The lock is held for as long as bob does not read; here to the end of the server."""
    with watch.installed(hold_limit=0.05) as session:
        with house('global-lock', drain=0.2) as room:
            speaker = room.client(b'speaker')
            room.client(b'bob', receive_buffer=65536)
            speaking = support.start(lambda: speak_until(speaker, threads.Event()))
            support.until(lambda: not taken_within(0.5, room.service.server.design._lock))
            room.stop()
            sockets.interrupt(speaker.socket)
            speaking()
    kinds = [report.kind for report in session.reports if 'global_lock.py' in report.lock]
    assert 'held-too-long' in kinds, session.text()
