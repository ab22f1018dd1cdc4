"""What a server does about a GIL: its switch interval, and one processor for its threads."""
from __future__ import absolute_import, division, print_function

import logging

import pytest

from portable_server.compat import platform, processors, threads
from portable_server import cli, options, pace
from portable_server.models import one_processor
from portable_server.models.live import LiveConnections
from portable_server.models.one_processor import Load, OneProcessor, choose
from portable_server.services.base import Conversation, Service
from tests import support
from tests.servers.conftest import CONCURRENT
from tests.servers.running import PATIENCE

THREADED = [p for p in CONCURRENT if 'thread' in p.values[0]]


@pytest.fixture
def intervals(monkeypatch):
    """All switch intervals that were set, none of which is."""
    asked = []

    def set_switch_interval(seconds):
        asked.append(seconds)
        return True

    monkeypatch.setattr(threads, 'set_switch_interval', set_switch_interval)
    return asked


def test_the_interval_grows_with_the_threads():
    assert pace.interval_for(0) == pace.interval_for(10) == pace.SHORTEST
    assert pace.interval_for(100) == pytest.approx(pace.USUAL)
    assert pace.interval_for(1000) == pace.interval_for(20000) == pace.LONGEST


def test_the_interval_follows_up_and_down(intervals):
    following = pace.Pace()
    assert following.start() is True
    for count in list(range(1, 1001)) + list(range(999, -1, -1)):
        following.follow(count)
    assert max(intervals) > pace.LONGEST / 2
    assert intervals[0] == intervals[-1] == pace.SHORTEST
    assert len(intervals) < 100     # of 2,000 changes: not at each
    following.reset()
    assert intervals[-1] == pace.USUAL


def test_a_fixed_interval_stays(intervals):
    fixed = pace.Pace(0.25)
    fixed.start()
    for count in range(100):
        fixed.follow(count)
    assert intervals == [0.25]


def test_live_connections_tell_of_every_change():
    counts = []
    live = LiveConnections(10, counts.append)
    for connection in 'abc':
        live.add(connection)
    live.discard('a')
    assert counts == [1, 2, 3, 2]


@pytest.mark.models(THREADED)
def test_the_servers_interval_follows_its_connections(serve, model, intervals):
    running = serve('echo')
    clients = [running.connect() for _ in range(40)]
    for client in clients:
        assert client.ask(b'hello\n') == b'hello\n'
    assert intervals[0] == pace.SHORTEST
    assert intervals[-1] > 10 * pace.SHORTEST
    running.stop()
    assert intervals[-1] == pace.USUAL


def test_an_interval_that_cannot_be_set_is_reported_once(monkeypatch, caplog):
    caplog.set_level(logging.INFO)
    monkeypatch.setattr(threads, 'set_switch_interval', lambda seconds: False)
    assert cli.switch_interval_of(options.parse(['echo', '--switch-interval', '0.01'])) == 0.01
    assert [r.getMessage().split(':')[0] for r in caplog.records] == [
        '--switch-interval has no effect']
    assert cli.switch_interval_of(options.parse(['echo'])) is None


@pytest.mark.parametrize('shares, answer', [
    ({}, 0), ({1: 0.0}, 0), ({0: 0.1, 1: 0.0}, 0), ({0: 0.9, 1: 0.8}, 0),
    ({0: 0.5, 1: 0.1}, 1), ({0: 1.0, 1: 0.5, 2: 0.2, 3: 0.2}, 2)])
def test_where_to_be(shares, answer):
    assert choose(0, shares) == answer


def test_ones_own_use_does_not_count_against_a_processor():
    before = Load(10.0, {0: (100, 1000), 1: (100, 1000), 2: (0, 0)}, 5.0)
    after = Load(12.0, {0: (300, 1200), 1: (150, 1200), 2: (9, 9)}, 6.0)
    assert after.since(before, 0, [0, 1]) == {0: pytest.approx(0.5), 1: pytest.approx(0.25)}
    assert Load(12.0, {}, 6.0).since(before, 0, [0, 1]) == {}
    assert before.since(before, 0, [0, 1]) == {}


def test_usage_of_processors(tmpdir):
    path = str(tmpdir.join('stat'))
    with open(path, 'w') as stream:
        stream.write('cpu  9 9 9 9 9 9 9 9 9 9\ncpu0 1 2 3 40 50 6 7 8 1 1\ncpu11 0 0 0 5 0 0 0 0 0 0\n'
                     'intr 7 8 9\n')
    assert processors.usage(path) == {0: (27, 117), 11: (0, 5)}
    assert processors.usage(path + '.absent') == {}


class Where(Service):
    """Answers with the number of processors that its thread may run on."""

    name = 'where'

    def new(self):
        return WhereConversation()


class WhereConversation(Conversation):
    def receive(self, data):
        return ('%d\n' % len(threads.get_affinity())).encode('ascii')


def processors_here():
    return len(threads.get_affinity())


@pytest.mark.models(THREADED)
def test_threads_that_share_a_gil_are_on_one_processor(serve, model):
    before = processors_here()
    kept = platform.gil_enabled() and before > 1
    assert serve(Where()).connect().ask(b'?\n') == (
        '%d\n' % (1 if kept else before)).encode('ascii')
    assert serve(Where(), processors='all').connect().ask(b'?\n') == (
        '%d\n' % before).encode('ascii')
    assert processors_here() == before


@pytest.mark.models([p for p in CONCURRENT if p.values[0] in ('fork', 'selector')])
def test_other_models_run_anywhere(serve, model):
    assert serve(Where()).connect().ask(b'?\n') == ('%d\n' % processors_here()).encode('ascii')


@pytest.fixture
def two_processors(monkeypatch):
    """The two first processors; the look at the load is after a moment."""
    allowed = threads.get_affinity()
    if len(allowed) < 2:
        pytest.skip('needs two processors')
    monkeypatch.setattr(platform, 'gil_enabled', lambda: True)
    monkeypatch.setattr(one_processor, 'PERIOD', 0.01)
    yield allowed[:2]
    threads.set_affinity(allowed)


def test_all_threads_move_to_a_better_one(two_processors, monkeypatch):
    better = threads.Event()
    monkeypatch.setattr(one_processor, 'choose', lambda ours, shares: (
        [each for each in two_processors if each != first][0] if better.is_set() else ours))
    processor = OneProcessor()
    processor.settle()
    first = processor.number
    ready, go_on, seen = threads.Event(), threads.Event(), []

    def connection():
        seen.append(threads.get_affinity())
        ready.set()
        go_on.wait(PATIENCE)
        seen.append(threads.get_affinity())

    thread = threads.Thread(target=connection)
    thread.start()
    assert ready.wait(PATIENCE)
    better.set()
    support.until(lambda: processor.number != first)
    go_on.set()
    thread.join(PATIENCE)
    assert seen == [[first], [processor.number]]
    processor.leave()
    assert len(threads.get_affinity()) > 1
