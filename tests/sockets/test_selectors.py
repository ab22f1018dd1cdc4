"""`compat.selectors` against the documentation of Python 3's."""
from __future__ import absolute_import, division, print_function

import pytest

from portable_server.compat import clock, selectors, sockets
from portable_server.compat.selectors import EVENT_READ, EVENT_WRITE
from tests.sockets.running import LIMIT, Running, elapsed


@pytest.fixture
def selector(closing):
    selector = selectors.DefaultSelector()
    closing.append(selector)
    return selector


def seen(selector, timeout=LIMIT):
    return sorted((key.data, events) for key, events in selector.select(timeout))


def test_the_key(selector, pair):
    key = selector.register(pair[0], EVENT_READ, 'data')
    assert key.fileobj is pair[0] and key.fd == pair[0].fileno()
    assert key.events == EVENT_READ and key.data == 'data'
    assert selector.get_key(pair[0]) == key and len(selector.get_map()) == 1
    assert selector.unregister(pair[0]) == key and len(selector.get_map()) == 0


def test_misuse(selector, pair):
    with pytest.raises(KeyError):
        selector.unregister(pair[0])
    with pytest.raises(KeyError):
        selector.modify(pair[0], EVENT_READ)
    for events in (0, 4, 999):
        with pytest.raises(ValueError):
            selector.register(pair[0], events)
    selector.register(pair[0], EVENT_READ)
    with pytest.raises(KeyError):
        selector.register(pair[0], EVENT_READ)
    pair[1].close()
    with pytest.raises(ValueError):
        selector.register(pair[1], EVENT_READ)


def test_reading_writing_and_modifying(selector, pair):
    client, server = pair
    selector.register(server, EVENT_READ, 'server')
    assert seen(selector, 0) == []
    client.sendall(b'x')
    assert seen(selector) == [('server', EVENT_READ)]
    assert seen(selector) == [('server', EVENT_READ)]       # level, not edge
    selector.modify(server, EVENT_READ | EVENT_WRITE, 'both')
    assert seen(selector) == [('both', EVENT_READ | EVENT_WRITE)]
    assert server.recv(10) == b'x'
    assert seen(selector) == [('both', EVENT_WRITE)]
    selector.modify(server, EVENT_READ, 'reading')
    assert seen(selector, 0) == []
    selector.unregister(server)
    client.sendall(b'y')
    assert seen(selector, 0) == []
    selector.register(server, EVENT_READ, 'again')
    assert seen(selector) == [('again', EVENT_READ)]


def test_accepting(selector, listener):
    selector.register(listener, EVENT_READ, 'listener')
    assert seen(selector, 0) == []
    client = sockets.create_connection(listener.getsockname())
    assert seen(selector) == [('listener', EVENT_READ)]
    listener.accept()[0].close()
    assert seen(selector, 0) == []
    client.close()


def test_the_end_and_a_reset_are_readable(selector, external):
    peer, server = external
    selector.register(server, EVENT_READ, 'server')
    peer.reset()
    assert seen(selector) == [('server', EVENT_READ)]


def test_a_registered_blocking_socket_still_blocks(selector, pair):
    client, server = pair
    selector.register(server, EVENT_READ)
    reader = Running(server.recv, 10)
    assert reader.is_blocked()
    client.sendall(b'x')
    assert reader.result() == b'x'


def test_timeouts(selector):
    for timeout in (0, -1):
        took, _ = elapsed(selector.select, timeout)
        assert took < 5
    took, _ = elapsed(selector.select, 0.1)
    assert 0.09 <= took < 10


def test_wakeup_from_another_thread(selector, pair):
    selector.register(pair[0], EVENT_READ)
    waiting = Running(selector.select, None)
    assert waiting.is_blocked()
    selector.wakeup()
    assert waiting.result() == []
    assert selector.select(0) == []


def test_a_wakeup_before_select_is_kept_and_several_count_once(selector):
    for _ in range(5):
        selector.wakeup()
    took, _ = elapsed(selector.select, LIMIT)
    assert took < LIMIT / 2
    begin = clock.monotonic()
    assert selector.select(0.1) == []
    assert clock.monotonic() - begin >= 0.09


def test_wakeups_are_never_lost_nor_left_behind(selector):
    """A thread wakes the selector and waits until that was seen, many times."""
    state = {'announced': 0, 'seen': 0}

    def announce():
        for i in range(300):
            state['announced'] = i + 1
            selector.wakeup()

    announcing = Running(announce)
    deadline = clock.monotonic() + LIMIT
    while state['seen'] < 300 and clock.monotonic() < deadline:
        selector.select(LIMIT)
        state['seen'] = state['announced']
    announcing.result()
    assert state['seen'] == 300
    selector.select(0)
    begin = clock.monotonic()
    selector.select(0.1)
    assert clock.monotonic() - begin >= 0.09


def test_registering_while_another_thread_selects(selector, pair):
    client, server = pair
    waiting = Running(selector.select, LIMIT)
    assert waiting.is_blocked()
    selector.register(server, EVENT_READ, 'late')
    client.sendall(b'x')
    assert [(key.data, events) for key, events in waiting.result()] == [('late', EVENT_READ)]


def test_closing_a_registered_socket_ends_the_connection(selector, external):
    peer, server = external
    selector.register(server, EVENT_READ | EVENT_WRITE)
    selector.select(0)
    selector.unregister(server)
    server.close()
    assert peer.receive(1) == b''


def test_closing(pair):
    selector = selectors.DefaultSelector()
    selector.register(pair[0], EVENT_READ)
    selector.close()
    selector.close()
    assert selector.get_map() is None
    with selectors.DefaultSelector() as other:
        other.register(pair[0], EVENT_READ)


def test_five_hundred_connections(selector, listener):
    pairs = []
    for i in range(500):
        client = sockets.create_connection(listener.getsockname())
        server, _ = listener.accept()
        selector.register(server, EVENT_READ, i)
        pairs.append((client, server))
    for client, _ in pairs:
        client.sendall(b'x')
    found = set()
    while len(found) < 500:
        for key, events in selector.select(LIMIT):
            assert key.fileobj.recv(10) == b'x' and events == EVENT_READ
            found.add(key.data)
    for client, server in pairs:
        selector.unregister(server)
        server.close()
        assert client.recv(1) == b''
        client.close()
