"""`python -m portable_server.litmus.watch PROGRAM`: whole programs, our servers among them."""
from __future__ import absolute_import, division, print_function

import subprocess

import pytest

from tests import support
from tests.chat.running import Client as ChatClient
from tests.servers.program import ROOT, STOPPED, Program, guest_command
from tests.servers.running import Client
from tests.support.processes import finish
from tests.tools.pytest_runs import write

pytestmark = pytest.mark.time_limit(240)

PROGRAM = """
import sys, threading, time
with threading.Lock():
    %s
if len(sys.argv) > 1:
    sys.exit(int(sys.argv[1]))
"""


def run(tmpdir, statement, *arguments):
    """(exit status, stdout, stderr) of a program with a statement under a lock."""
    path = str(tmpdir.join('program.py'))
    write(path, PROGRAM % statement)
    return finish(subprocess.Popen(
        guest_command() + ['-m', 'portable_server.litmus.watch', path] + list(arguments), cwd=ROOT,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE), 200)


def test_a_program_that_sleeps_with_a_lock(tmpdir):
    status, _, errors = run(tmpdir, 'time.sleep(0.001)')
    assert status == 3
    assert 'time.sleep was called at' in errors
    assert 'lock watch: blocked-while-holding of' in errors.splitlines()[-1]


@pytest.mark.parametrize('given', [0, 5])
def test_the_status_of_a_program_in_order_is_its_own(tmpdir, given):
    status, _, errors = run(tmpdir, 'print(sys.argv[1])', '%d' % given)
    assert (status, errors.splitlines()) == (given, ['lock watch: no report'])


@pytest.fixture
def start():
    programs = []

    def start(*arguments):
        programs.append(Program(['-m', 'portable_server'] + list(arguments),
                                module='portable_server.litmus.watch'))
        return programs[-1]

    yield start
    for program in programs:
        program.close()


def end(program):
    """Exit status and the lines of the log.

    2.7 may add "lost sys.stderr" at its end, where daemon threads run on into nothing.
    """
    program.end_stdin()
    status = program.status(STOPPED)
    program.close()
    return status, [line for line in program.log.lines if line != 'lost sys.stderr']


@pytest.mark.parametrize('model', ['thread-subclass'] + [
    pytest.param(name, marks=support.not_on('no-fork')) for name in ('fork', 'socketserver-fork')])
def test_an_echo_server(start, model):
    program = start('echo', '--model', model, '--stop-on-stdin-eof')
    for _ in range(3):
        client = Client(program.address())
        assert client.ask(b'hello\n') == b'hello\n'
        client.close()
    assert end(program) == (0, ['lock watch: no report'])


@pytest.mark.parametrize('design, status, last', [
    ('objects', 0, 'lock watch: no report'), ('mailboxes', 0, 'lock watch: no report'),
    ('global-lock', 3, 'lock watch: blocked-while-holding of'),
])
def test_a_chat_server(start, design, status, last):
    program = start('chat', '--model', 'thread-subclass', '--design', design,
                    '--stop-on-stdin-eof', '--log-level', 'warning')
    ann, bob = [ChatClient(program.address(), name) for name in (b'ann', b'bob')]
    ann.line()
    ann.send(b'hello\n')
    assert bob.line() == b'[ann] hello'
    ann.close()
    bob.close()
    found, lines = end(program)
    assert found == status, lines
    assert lines[-1].startswith(last), lines
