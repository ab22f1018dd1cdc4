"""A server in bad surroundings: short of descriptors, with streams that are closed, full or read
by nobody, with SIGCHLD ignored, with a parent that has been killed.

Nothing of it may end the server, or stay broken afterwards; the stop stays clean.
"""
from __future__ import absolute_import, division, print_function

import signal

import pytest

from portable_server.chat import protocol
from portable_server.compat import ledger
from tests import support
from tests.servers.program import STOPPED
from tests.servers.running import Client

#: A JVM needs about a hundred descriptors for itself.
DESCRIPTORS = 200 if ledger.applies('no-fork') else 64
FEW_DESCRIPTORS = 'ulimit -n %d; exec "$@"' % DESCRIPTORS


def crowd(address):
    """More clients than the server has descriptors for; those in the backlog are connected, too."""
    return [Client(address) for _ in range(DESCRIPTORS + 16)]


def join(client):
    """As ann, into an empty room."""
    client.send(b'ann\n')
    welcome = protocol.GREETING + protocol.roster([])
    assert client.read(len(welcome)) == welcome


def stops(program):
    """SIGTERM ends it with status 0, and no traceback was ever printed."""
    program.signal(signal.SIGTERM)
    assert program.status(STOPPED) == 0
    assert 'Traceback' not in '\n'.join(program.log.to_the_end())


@pytest.mark.parametrize('model', ['thread-subclass', 'selector', 'socketserver-threads'])
def test_out_of_descriptors_it_serves_on_afterwards(start, model):
    program = start('echo', '--model', model, shell=FEW_DESCRIPTORS)
    clients = crowd(program.address())
    assert program.log.wait_for('.*cannot accept', STOPPED)
    assert clients[0].ask(b'one\n') == b'one\n'
    for client in clients:
        client.close()
    late = Client(program.address())
    assert late.ask(b'two\n') == b'two\n'
    late.close()
    stops(program)


def test_out_of_descriptors_a_seat_in_the_room_is_given_back(start):
    """On 2.7 a first use of a codec fails then: the module cannot be read."""
    program = start('chat', shell=FEW_DESCRIPTORS)
    clients = crowd(program.address())
    assert program.log.wait_for('.*cannot accept', STOPPED)
    join(clients[0])
    for client in clients:
        client.close()
    assert program.log.wait_for('.*leave ann', STOPPED)
    again = Client(program.address())
    join(again)
    again.close()
    stops(program)


@support.not_on('no-fork')
@pytest.mark.parametrize('model', ['fork', 'super-server', 'socketserver-fork'])
def test_children_are_counted_out_though_nobody_can_wait_for_them(start, model):
    program = start('echo', '--model', model, '--max-connections', '2',
                    shell='trap "" CHLD; exec "$@"')
    for _ in range(4):
        client = Client(program.address())
        assert client.ask(b'hello\n') == b'hello\n'
        client.close()
    stops(program)


@support.not_on('no-fork')
@pytest.mark.parametrize('model', ['fork', 'super-server', 'socketserver-fork'])
def test_children_end_with_a_parent_that_is_killed(start, model):
    program = start('echo', '--model', model)
    client = Client(program.address())
    assert client.ask(b'hello\n') == b'hello\n'
    program.signal(signal.SIGKILL)
    assert client.read_to_end() == b''
    client.close()


def test_nobody_reads_the_log(start):
    """A pipe holds 64 KiB; what is written then waits for ever."""
    program = start('chat', shell='head -c 65536 /dev/zero >&2; exec "$@"', reads_log=False)
    client = Client(program.address())
    join(client)
    client.close()
    program.signal(signal.SIGTERM)
    assert program.status(STOPPED) == 0


def test_standard_output_is_full(start):
    program = start('echo', shell='exec "$@" > /dev/full')
    assert program.log.wait_for('.*standard output takes nothing; listening on', STOPPED * 3)
    stops(program)


@support.not_on('jvm-takes-closed-streams')
def test_standard_input_and_output_are_closed(start):
    """They are no sockets of the server's then; a closed input is at its end."""
    program = start('echo', '--stop-on-stdin-eof', shell='exec "$@" <&- >&-')
    assert program.status(STOPPED * 3) == 0
    assert 'Traceback' not in '\n'.join(program.log.to_the_end())
