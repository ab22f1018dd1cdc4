"""The service `work`: what its lines cost, and that they come back unchanged."""
from __future__ import absolute_import, division, print_function

import pytest

from portable_server.compat import threads
from portable_server import inetd
from portable_server.driver import converse
from portable_server.lines import DEFAULT_LINE_LIMIT
from portable_server.services import work
from portable_server.services.work import Work
from tests.servers.conftest import ALL, CONCURRENT
from tests.servers.running import PATIENCE

#: The models that keep the service in this process.
HERE = [each for each in ALL if each.values[0] != 'super-server']


@pytest.fixture
def computed(monkeypatch):
    """The turns of all calls of `compute`, none of which is made."""
    turns = []
    monkeypatch.setattr(work, 'compute', turns.append)
    return turns


def transcript(service, pieces):
    """What is sent, piece by piece, to a peer that sends `pieces` and ends."""
    sent, pieces = [], list(pieces)
    converse(service.new(), lambda most: pieces.pop(0) if pieces else b'', sent.append)
    return sent


def test_a_line_costs_what_was_said_at_the_start(computed):
    assert transcript(Work(10, turns_per_us=2.5), [b'one\ntwo\n']) == [b'one\ntwo\n']
    assert computed == [25, 25]


@pytest.mark.parametrize('line, turns', [
    (b'work 100\n', 200), (b'work 100\r\n', 200), (b'work 0 padding\n', 0),
    (b'work 9999999\n', 2 * work.MOST_MICROSECONDS), (b'work 12345678\n', 20), (b'work \n', 20),
    (b'work 5x\n', 20), (b' work 5\n', 20), (b'\n', 20)])
def test_a_line_may_ask_for_its_cost(computed, line, turns):
    assert transcript(Work(10, turns_per_us=2.0), [line]) == [line]
    assert computed == [turns]


def test_lines_in_pieces_are_answered_when_they_are_whole(computed):
    pieces = [b'wo', b'rk 1', b'0\r\nne', b'xt\nno line end']
    assert transcript(Work(turns_per_us=1.0), pieces) == [b'work 10\r\n', b'next\n']
    assert computed == [10, 0]


def test_a_line_without_end_is_refused_in_bounded_memory(computed):
    sent = transcript(Work(turns_per_us=1.0), [b'x' * 60000] * 3)
    assert sent == [('! line longer than %d bytes\n' % DEFAULT_LINE_LIMIT).encode('ascii')]


def test_computing_computes():
    assert work.compute(0) == 1
    assert work.compute(1) == 182
    assert work.compute(1000) == work.compute(1000) != work.compute(999)


def test_calibration_ends_with_what_is_there():
    assert work.calibrate() > 0.01


@pytest.mark.parametrize('medians, answer', [
    ([10.0, 10.1], 10.1),
    ([10.0, 20.0, 19.0], 19.0),
    ([30.0, 3.0, 3.0, 31.0, 30.0], 30.0),
    ([2 ** each for each in range(50)], 2 ** 49)
], ids=['settled', 'faster', 'slower for a time', 'never settled'])
def test_calibration_waits_for_the_compiler(monkeypatch, medians, answer):
    left = list(medians)
    monkeypatch.setattr(work, '_median', lambda: left.pop(0))
    assert work.calibrate() == answer


def test_the_children_of_a_super_server_do_not_calibrate(computed):
    service = Work(100)
    service.start()
    again = inetd.make_service(['work'] + service.arguments())
    assert (again.cost_us, again.turns_per_us) == (100, service.turns_per_us)
    assert service.turns_per_us > 0


@pytest.mark.models(HERE)
def test_lines_of_every_cost(serve):
    client = serve(Work(1, turns_per_us=1.0)).connect()
    for line in (b'hello\n', b'work 100 and padding\n', b'work 0\r\n'):
        assert client.ask(line) == line
    lines = b'work 3 x\n' * 1000
    assert client.ask(lines) == lines


@pytest.mark.models([p for p in CONCURRENT if p.values[0] != 'super-server'])
def test_a_long_line_does_not_cost_the_others_their_connection(serve):
    running = serve(Work(turns_per_us=1.0))
    bystander = running.connect()
    assert bystander.ask(b'one\n') == b'one\n'
    victim = running.connect()
    victim.send(b'x' * (DEFAULT_LINE_LIMIT + 1))
    assert victim.read_to_end().startswith(b'! line longer than')
    assert bystander.ask(b'two\n') == b'two\n'


@pytest.mark.models([p for p in HERE if p.values[0] in ('thread-subclass', 'selector')])
def test_threads_that_compute_end_with_the_server(serve):
    running = serve(Work(computing_threads=2, turns_per_us=1.0))
    computing = [each for each in threads.enumerate() if each.name == 'computing']
    assert len(computing) == 2
    assert running.connect().ask(b'hello\n') == b'hello\n'
    assert running.stop() < 2.0
    assert not any(thread.is_alive() for thread in computing)


def test_a_server_that_cannot_listen_has_computed_nothing():
    service = Work(computing_threads=1, turns_per_us=1.0)
    service.stop(PATIENCE)
