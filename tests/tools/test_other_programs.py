"""Other people's code under the watch: the programs themselves, with what every interpreter has.

The third-party libraries are raced by `portable-server findings`; here is seen that the
programs run, and that they tell a promise that breaks from one that is kept.
"""
from __future__ import absolute_import, division, print_function

import json
import types

import pytest

from portable_server.compat import threads
from portable_server.litmus import others, watch
from portable_server.litmus.others import __main__ as command
from portable_server.litmus.others import findings, rounds

STANDARD = ['queue', 'socketserver', 'logging']


@pytest.fixture(autouse=True)
def alone():
    """These programs bring a watch of their own."""
    with watch.suspended():
        yield


@pytest.mark.parametrize('name', STANDARD)
def test_standard_library(name):
    outcome = command.run(name, rounds=2)
    assert (outcome['outcome'], outcome['broken'], outcome['error']) == ('kept', [], '')
    assert outcome['rounds'] == 2
    assert outcome['version']


def test_logging_sends_while_it_holds_its_lock():
    outcome = command.run('logging', rounds=1)
    found = [finding['finding'] for finding in outcome['findings']]
    assert [report for report in found
            if report.startswith('blocked-while-holding socket.sendall: logging.')], found


def fake(stress):
    """A program (module) whose library is itself."""
    module = types.ModuleType(str('fake'))
    module.PROMISE, module.SOURCE, module.OPEN = 'it works', 'its documentation', ()
    module.load = lambda: module
    module.version = lambda library: '1.0'
    module.stress = stress
    return module


def outcome_of(monkeypatch, stress, **options):
    monkeypatch.setattr(command, 'program', lambda name: fake(stress))
    outcome = command.run('fake', **options)
    json.dumps(outcome)
    return outcome


def test_broken_promise_ends_the_race(monkeypatch):
    def stress(library, one):
        one.promise(one.number < 3, 'round %d' % one.number)

    outcome = outcome_of(monkeypatch, stress, rounds=10)
    assert (outcome['outcome'], outcome['broken'], outcome['rounds']) == ('broken', ['round 3'], 4)


def test_what_a_thread_raises_is_a_failure(monkeypatch):
    def stress(library, one):
        one.together(lambda: None, lambda: {}['missing'])

    outcome = outcome_of(monkeypatch, stress)
    assert outcome['outcome'] == 'failed'
    assert 'missing' in outcome['error']


def test_absent_library(monkeypatch):
    module = fake(None)
    module.load = lambda: __import__('no_such_library')
    monkeypatch.setattr(command, 'program', lambda name: module)
    outcome = command.run('fake')
    assert (outcome['outcome'], outcome['rounds']) == ('absent', 0)
    assert 'no_such_library' in outcome['error']


def test_threads_that_do_not_end_are_reported_with_their_stacks():
    gate = threads.Event()

    def wait_for_the_gate():
        gate.wait(60)

    one = rounds.Round(0, 0, limit=0.2)
    try:
        with pytest.raises(rounds.Stuck) as caught:
            one.together(wait_for_the_gate)
    finally:
        gate.set()
    assert 'wait_for_the_gate' in str(caught.value)
    for thread in threads.enumerate():
        if thread.name.startswith('stress-'):
            thread.join(20)


def test_rounds_of_one_seed_are_alike():
    chances = [[rounds.Round(7, number).random.random() for number in range(3)] for _ in range(2)]
    assert chances[0] == chances[1]
    assert len(set(chances[0])) == 3


def test_seconds_end_the_race():
    assert rounds.race(lambda library, one: None, None, 10 ** 6, 0.01, 0)[0] < 10 ** 6


@pytest.mark.parametrize('file, due', [
    ('/usr/lib/python3.9/logging/__init__.py', 'logging'),
    ('/opt/jython.jar/Lib/logging/handlers$py.class', 'logging.handlers'),
    ('/env/lib/python3.13t/site-packages/urllib3/connectionpool.py', 'urllib3.connectionpool'),
    ('/usr/lib/pypy3.9/queue.py', 'queue'),
    ('compat/threads/python2/condition.py', 'compat.threads.python2.condition'),
    (findings.__file__.replace('.pyc', '.py'), 'portable_server.litmus.others.findings'),
], ids=['package', 'java', 'site', 'top', 'relative', 'ours'])
def test_module_of_a_path(file, due):
    assert findings.module(file) == due


def test_finding_is_named_by_what_is_not_plumbing():
    stack = [('/lib/python3.9/urllib3/pool.py', 3, 'get'), ('/lib/python3.9/socket.py', 9, 'send')]
    assert findings.place(stack) == 'urllib3.pool.get'


def test_afresh_leaves_the_loaded_one_in_its_place():
    import logging
    copy = others.afresh('logging', 'handlers')
    assert copy is not logging
    assert copy.handlers.logging is copy
    assert __import__('logging') is logging


def test_command_line(capsys):
    assert command.main(['queue', '--rounds', '1', '--seed', '3']) == 0
    outcome = json.loads(capsys.readouterr().out)
    assert (outcome['library'], outcome['seed'], outcome['findings']) == ('queue', 3, [])


def test_every_program_is_there():
    for name in others.NAMES:
        module = others.program(name)
        assert module.PROMISE and module.SOURCE
        assert callable(module.load) and callable(module.stress) and callable(module.version)
    with pytest.raises(KeyError):
        others.program('no such')
