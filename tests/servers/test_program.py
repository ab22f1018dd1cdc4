"""The program as its users start it, with clients outside the interpreter under test.

A start costs seconds on Jython, so each program that is started here answers several
questions; all combinations of model and service are tested in test_conformance.py.
"""
from __future__ import absolute_import, division, print_function

import os
import signal
import subprocess

import pytest

from portable_server.compat.platform import gil_enabled
from tests import support
from tests.servers import external_client
from tests.servers.program import ROOT, STOPPED, client_python, guest_command
from tests.servers.running import Client

SCENARIOS = [scenario.__name__ for scenario in external_client.SCENARIOS]


def forking(*names):
    return [pytest.param(*name, marks=support.not_on('no-fork')) for name in names]


@pytest.mark.parametrize('model, number', [
    ('thread-subclass', signal.SIGTERM), ('selector', signal.SIGINT),
] + forking(('fork', signal.SIGTERM), ('super-server', signal.SIGINT),
            ('socketserver-fork', signal.SIGTERM)))
def test_a_signal_stops_it_with_status_0(start, model, number):
    program = start('echo', '--model', model, '--port', '0')
    client = Client(program.address())
    assert client.ask(b'hello\n') == b'hello\n'
    program.signal(number)
    assert client.read_to_end() == b''
    client.close()
    assert program.status(STOPPED) == 0
    assert program.output.to_the_end() == [
        'listening on 127.0.0.1:%d' % program.address()[1],
        'gil ' + ('enabled' if gil_enabled() else 'disabled')]
    assert program.log.to_the_end() == []


@pytest.mark.parametrize('model', ['one-at-a-time'])
def test_the_end_of_stdin_stops_it(start, model):
    program = start('chargen', '--model', model, '--stop-on-stdin-eof')
    client = Client(program.address())
    assert client.read(3) == b' !"'
    program.end_stdin()
    client.read_to_end()
    client.close()
    assert program.status(STOPPED) == 0


def test_one_time_ends_with_status_0(start):
    program = start('daytime', '--model', 'one-time')
    client = Client(program.address())
    assert client.read_to_end().endswith(b'UTC\r\n')
    client.close()
    assert program.status(STOPPED) == 0


def test_a_bad_request_ends_with_status_2(start):
    program = start('echo', '--model', 'nope')
    assert program.status(60) == 2
    program.close()
    assert len(program.log.lines) == 1


@support.not_on('no-fork')
def test_a_signal_stops_it_while_it_is_full(start):
    program = start('echo', '--model', 'threads', '--max-connections', '1')
    client, waiting = Client(program.address()), Client(program.address())
    assert client.ask(b'hello\n') == b'hello\n'
    program.signal(signal.SIGTERM)
    assert program.status(STOPPED) == 0
    client.close()
    waiting.close()


@support.not_on('no-fork')
def test_the_inetd_program_in_a_pipe(start):
    program = start('echo', module='portable_server.inetd')
    program.process.stdin.write(b'one\ntwo')
    program.end_stdin()
    assert program.status(60) == 0
    program.close()
    assert program.output.to_the_end() == ['one', 'two']


def test_the_inetd_program_refuses_what_is_no_conversation(start):
    program = start('chat', module='portable_server.inetd')
    assert program.status(60) == 2
    program.close()
    assert 'run python -m portable_server chat' in program.log.to_the_end()[-1]


@pytest.mark.parametrize('model', ['thread-subclass', 'selector'])
def test_external_clients(start, model):
    python = client_python()
    if python is None:
        pytest.skip('no Python for external clients on PATH')
    host, port = start('echo', '--model', model).address()
    for scenario in SCENARIOS:
        client = subprocess.Popen(
            [python, os.path.join(ROOT, 'tests', 'servers', 'external_client.py'),
             scenario, host, str(port)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        said = client.communicate()[0]
        assert client.returncode == 0, '%s: %s' % (scenario, said.decode('utf-8', 'replace'))


def test_it_stops_cleanly_although_nobody_reads_what_it_says():
    process = subprocess.Popen(
        guest_command() + ['-m', 'portable_server', 'echo', '--stop-on-stdin-eof'], cwd=ROOT,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout.readline().startswith(b'listening on')
    process.stdout.close()
    process.stdin.close()
    log = process.stderr.read()
    process.stderr.close()
    assert (process.wait(), log) == (0, b'')
