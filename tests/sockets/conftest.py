"""Connected sockets, in this process and with a peer in another one."""
from __future__ import absolute_import, division, print_function

import pytest

from portable_server.compat import sockets
from tests.sockets.external import External
from tests.support.limits import scaled

LIMIT = scaled(20)          # seconds: no socket of a test waits longer


@pytest.fixture
def closing():
    """A list: whatever is appended is closed after the test."""
    things = []
    yield things
    for thing in reversed(things):
        thing.close()


@pytest.fixture
def listener(closing):
    listener = sockets.create_server(('127.0.0.1', 0))
    closing.append(listener)
    return listener


@pytest.fixture
def pair(listener, closing):
    """(client, server): two ends of one connection, both in this process."""
    client = sockets.create_connection(listener.getsockname(), timeout=LIMIT)
    closing.append(client)
    client.settimeout(None)
    server, _ = listener.accept()
    closing.append(server)
    return client, server


@pytest.fixture
def external(listener, closing):
    """(peer, server): the peer is a socket of another process, steered from here."""
    peer = External()
    closing.append(peer)
    peer.connect(listener.getsockname()[1])
    server, _ = listener.accept()
    closing.append(server)
    return peer, server
