"""Where an interpreter stays different, the behaviour of the others (see the ledger)."""
from __future__ import absolute_import, division, print_function

import os

import pytest

from portable_server.compat import sockets
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
