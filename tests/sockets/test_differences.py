"""Where an interpreter stays different, the behaviour of the others (see the ledger)."""
from __future__ import absolute_import, division, print_function

import array
import os
import struct

import pytest

from portable_server.compat import sockets
from portable_server.compat.errors import SocketError
from tests import support
from tests.sockets.running import Running, receive_all

MSG_PEEK = 2        # everywhere; compat.sockets does not offer it


@support.not_on('jython-fileno-is-no-descriptor')
def test_fileno_is_a_descriptor(pair):
    os.write(pair[0].fileno(), b'written')
    assert receive_all(pair[1], 7) == b'written'


@support.not_on('jython-shut-read-drops')
def test_shut_read_leaves_what_had_arrived(pair):
    pair[0].sendall(b'before')
    assert pair[1].recv(1) == b'b'
    pair[1].shutdown(sockets.SHUT_RD)
    assert receive_all(pair[1], 5) == b'efore'


@support.not_on('close-wakes-blocked-recv')
def test_close_leaves_a_blocked_recv_blocked(pair):
    reader = Running(pair[1].recv, 10)
    assert reader.is_blocked()
    pair[1].close()
    assert reader.is_blocked()
    pair[0].sendall(b'x')
    assert reader.result() == b'x'


@support.not_on('jython-no-receive-flags')
def test_peeking(pair):
    pair[0].sendall(b'x')
    assert pair[1].recv(1, MSG_PEEK) == pair[1].recv(1) == b'x'


@support.not_on('python2-text-is-sent')
def test_text_is_refused(pair):
    for send in (pair[0].send, pair[0].sendall):
        with pytest.raises(TypeError):
            send(u'text')


@support.not_on('recv-of-nothing-waits')
def test_recv_of_nothing_does_not_wait(pair):
    assert pair[0].recv(0) == b''


@support.not_on('jython-any-ipv6-is-both')
def test_any_address_of_ipv6_takes_no_ipv4(closing):
    try:
        closing.append(sockets.create_server(('::', 0), family=sockets.AF_INET6))
    except SocketError:
        pytest.skip('no IPv6 on this machine')
    with pytest.raises(SocketError):
        closing.append(sockets.create_connection(
            ('127.0.0.1', closing[-1].getsockname()[1]), timeout=20))


@support.not_on('jython-arrays-are-big-endian')
def test_an_array_is_sent_as_it_is_in_memory(pair):
    pair[0].sendall(array.array('H', [1, 2]))
    assert receive_all(pair[1], 4) == struct.pack('=HH', 1, 2)


@support.not_on('no-makefile')
def test_makefile(pair):
    pair[0].sendall(b'line\n')
    with pair[1].makefile('rb') as lines:
        assert lines.readline() == b'line\n'
