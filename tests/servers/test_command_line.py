"""What the command line accepts and refuses, without a process of its own."""
from __future__ import absolute_import, division, print_function

import pytest

from portable_server.compat import ledger, sockets
from portable_server import cli, models, services
from portable_server.models.base import Server
from portable_server.services.echo import Echo
from tests import support


def refused(capsys, *arguments):
    """The one line on stderr with which a command line is refused with status 2."""
    assert cli.main(list(arguments)) == 2
    out, err = capsys.readouterr()
    assert out == '' and err.count('\n') == 1
    assert err.startswith('portable_server: error: ')
    return err


@pytest.mark.parametrize('arguments, says', [
    (['nope'], "no service named 'nope'; choose from: echo, discard"),
    (['--port', '1'], 'the service comes first; choose from: echo, discard'),
    (['echo', '--model', 'nope'], "no model named 'nope'; choose from: one-time, serial"),
    (['echo', '--port', '65536'], "--port: '65536' is not a whole number from 0 to 65535"),
    (['echo', '--port', 'http'], "--port: 'http' is not a whole number"),
    (['echo', '--port', '-1'], '--port'),
    (['echo', '--port'], '--port'),
    (['echo', '--max-connections', '0'], "--max-connections: '0' is not"),
    (['echo', '--backlog', '1e3'], "--backlog: '1e3' is not"),
    (['echo', '--drain', 'nan'], "--drain: 'nan' is not"),
    (['echo', '--log-level', 'loud'], "'loud' is no level; choose from: debug"),
    (['echo', '--host', ''], '--host: empty'),
    (['echo', '--host', '224.0.0.1'], "'224.0.0.1' is the address of a group; give one of"),
    (['echo', '--host', '255.255.255.255'], 'the address of a group'),
    (['echo', '--host', '[FF02::1]'], "'FF02::1' is the address of a group"),
    (['echo', '--host', '192.0.2.1'], 'cannot listen on 192.0.2.1:0: not an address of this'),
    (['echo', '--host', '2001:db8::1'], 'cannot listen on [2001:db8::1]:0'),
    (['echo', '--host', 'no.such.host.invalid'], "unknown host 'no.such.host.invalid'"),
    (['chat', '--members', '0'], "--members: '0' is not a whole number from 1 to 1000000"),
    (['chat', '--name-length', '15'], "--name-length: '15' is not a whole number from 16 to 1000"),
    (['chat', '--line-length', '999'], "--line-length: '999' is not a whole number from 1000"),
    (['chat', '--queue-lines', 'many'], "--queue-lines: 'many' is not a whole number"),
    (['chat', '--handshake', '-1'], "--handshake: '-1' is not a number of seconds"),
    (['chat', '--farewell', 'inf'], "--farewell: 'inf' is not a number of seconds"),
    (['chat', '--design', 'nope'], "choose from"),
    (['chat', '--queue-bytes', '4131'],
     '--queue-bytes 4131: one line may take 4132; give at least that, or a smaller --line-length'),
    (['chat', '--line-length', '2097152'], '--queue-bytes 2097152: one line may take 2097188'),
    (['work', '--cost-us', '1e3'], "--cost-us: '1e3' is not a whole number from 0 to 1000000"),
    (['work', '--computing-threads', '101'], "--computing-threads: '101' is not"),
    (['work', '--turns-per-us', '0'], "--turns-per-us: '0' is not a number greater than 0"),
    (['echo', '--switch-interval', '0'], "--switch-interval: '0' is neither auto nor a number of"),
    (['echo', '--switch-interval', 'soon'], "'soon' is neither auto nor a number of seconds from"),
    (['echo', '--processors', '1'], '--processors'),
    (['echo', '--bogus'], '--bogus'),
    (['echo', 'discard'], 'discard'),
])
def test_refused(capsys, arguments, says):
    assert says in refused(capsys, *arguments)


@pytest.mark.parametrize('model', ['threads', 'selector', 'socketserver-threads'])
def test_port_in_use(capsys, model):
    holder = sockets.create_server(('127.0.0.1', 0))
    try:
        port = str(holder.getsockname()[1])
        assert 'cannot listen on 127.0.0.1:%s: port in use; stop its owner' % port in refused(
            capsys, 'echo', '--model', model, '--port', port)
    finally:
        holder.close()


@pytest.mark.parametrize('model', ['fork', 'super-server', 'socketserver-fork'])
def test_a_model_that_forks(capsys, model):
    """Refused where there is no fork; elsewhere it starts."""
    if ledger.applies('no-fork'):
        assert 'this interpreter cannot fork; use --model threads' in refused(
            capsys, 'echo', '--model', model)
    else:
        server = models.find(model)(Echo())
        server.start()
        assert server.stop()


@support.not_on('no-fork')
def test_a_service_that_shares_memory_is_refused_by_processes(capsys, monkeypatch):
    monkeypatch.setattr(Echo, 'shares_memory', True)
    assert "must be served at once and share memory; use --model thread-subclass" in refused(
        capsys, 'echo', '--model', 'fork')


def test_a_service_without_conversations_is_refused_by_the_selector(capsys, monkeypatch):
    monkeypatch.setattr(Echo, 'has_conversations', False)
    assert "needs a thread; use --model" in refused(capsys, 'echo', '--model', 'selector')


def test_no_arguments(capsys):
    assert cli.main([]) == 2
    assert 'usage:' in capsys.readouterr()[0]


@pytest.mark.parametrize('arguments', [['--help'], ['-h'], ['echo', '--help']])
def test_help_names_everything(capsys, arguments):
    assert cli.main(arguments) == 0
    out = capsys.readouterr()[0]
    for name in services.names() + models.names():
        assert '\n  %s ' % name in out


def test_version(capsys):
    assert cli.main(['--version']) == 0
    assert capsys.readouterr()[0].startswith('portable_server ')


@pytest.mark.parametrize('name', models.names())
def test_every_model_says_what_it_teaches(name):
    if name in ('fork', 'super-server', 'socketserver-fork') and ledger.applies('no-fork'):
        pytest.skip(ledger.reason('no-fork'))
    model = models.find(name)
    assert model.name == name and issubclass(model, Server)
    teaching = __import__(model.__module__, fromlist=['x']).__doc__
    for word in ('Teaches:', 'uarantees', 'reaks'):
        assert word in teaching
