"""Wrong arguments of sockets and selectors raise on every interpreter what CPython 3 raises."""
from __future__ import absolute_import, division, print_function

import errno

import pytest

from portable_server.compat import sockets
from portable_server.compat.errors import SocketError
from portable_server.compat.selectors import EVENT_READ, DefaultSelector

NO_ADDRESS = (TypeError, ValueError)     # PyPy has the second

CALLS = [
    ('recv("x")', TypeError, lambda sock: sock.recv('x')),
    ('recv(1.5)', TypeError, lambda sock: sock.recv(1.5)),
    ('recv(-1)', ValueError, lambda sock: sock.recv(-1)),
    ('recv_into(bytearray(3), 5)', ValueError, lambda sock: sock.recv_into(bytearray(3), 5)),
    ('recv_into(bytearray(3), -1)', ValueError, lambda sock: sock.recv_into(bytearray(3), -1)),
    ('recv_into(b"abc")', TypeError, lambda sock: sock.recv_into(b'abc')),
    ('recv_into(5)', TypeError, lambda sock: sock.recv_into(5)),
    ('send(5)', TypeError, lambda sock: sock.send(5)),
    ('sendall(None)', TypeError, lambda sock: sock.sendall(None)),
    ('sendall([1])', TypeError, lambda sock: sock.sendall([1])),
    ('settimeout("x")', TypeError, lambda sock: sock.settimeout('x')),
    ('settimeout(-1)', ValueError, lambda sock: sock.settimeout(-1)),

    ('shutdown("x")', TypeError, lambda sock: sock.shutdown('x')),
    ('connect("x")', NO_ADDRESS, lambda sock: sock.connect('x')),
    ('connect(("127.0.0.1",))', NO_ADDRESS, lambda sock: sock.connect(('127.0.0.1',))),
    ('connect(("127.0.0.1", "x"))', TypeError, lambda sock: sock.connect(('127.0.0.1', 'x'))),
    ('connect(("127.0.0.1", 70000))', OverflowError,
     lambda sock: sock.connect(('127.0.0.1', 70000))),
    ('bind(("127.0.0.1", -1))', OverflowError, lambda sock: sock.bind(('127.0.0.1', -1))),
    ('setsockopt("x", 1, 1)', TypeError, lambda sock: sock.setsockopt('x', 1, 1)),
]
REFUSED = [     # by the kernel, or as it would
    ('shutdown(7)', errno.EINVAL, lambda sock: sock.shutdown(7)),
    ('listen() when connected', errno.EINVAL, lambda sock: sock.listen(5)),
    ('bind() again', errno.EINVAL, lambda sock: sock.bind(('127.0.0.1', 0))),
    ('accept() of no listener', errno.EINVAL, lambda sock: sock.accept()),
]


@pytest.mark.parametrize('error, call', [call[1:] for call in CALLS], ids=[call[0] for call in CALLS])
def test_a_wrong_argument(pair, error, call):
    with pytest.raises(error):
        call(pair[0])


@pytest.mark.parametrize('number, call', [call[1:] for call in REFUSED],
                         ids=[call[0] for call in REFUSED])
def test_a_call_that_is_refused(pair, number, call):
    with pytest.raises(SocketError) as caught:
        call(pair[0])
    assert caught.value.errno == number


def test_a_selector_that_is_closed(pair):
    selector = DefaultSelector()
    selector.register(pair[0], EVENT_READ)
    selector.close()
    with pytest.raises((ValueError, KeyError, RuntimeError)):
        selector.register(pair[1], EVENT_READ)
    with pytest.raises((ValueError, TypeError)):
        selector.select(0)


def test_create_server_of_nonsense():
    with pytest.raises(NO_ADDRESS):
        sockets.create_server('x')
