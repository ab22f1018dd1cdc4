"""A clean stop on SIGTERM and SIGINT, on every interpreter."""
from __future__ import absolute_import, division, print_function

import signal

import pytest

from tests import support
from tests.support.processes import finish, run_python, start_python

_SERVE = '''
import sys
from portable_server.compat import process, threads
stopped = threads.Event()
with process.on_stop_signals(stopped.set):
    print("ready"); sys.stdout.flush()
    stopped.wait(%s)
print("clean")
'''


@pytest.mark.parametrize('name, timeout', [('SIGTERM', ''), ('SIGINT', '40')])
def test_a_signal_stops_cleanly_with_status_0(name, timeout):
    child = start_python(_SERVE % timeout)
    assert child.stdout.readline().strip() == b'ready'
    child.send_signal(getattr(signal, name))
    assert finish(child) == (0, 'clean\n', '')


def test_a_second_signal_ends_a_stop_that_hangs():
    program = '\n'.join([
        'import sys',
        'from portable_server.compat import process, threads',
        'def hang():',
        '    print("stopping"); sys.stdout.flush()',
        '    threads.Event().wait()',
        'process.on_stop_signals(hang)',
        'print("ready"); sys.stdout.flush()',
        'threads.Event().wait()'])
    child = start_python(program)
    assert child.stdout.readline().strip() == b'ready'
    child.send_signal(signal.SIGTERM)
    assert child.stdout.readline().strip() == b'stopping'
    child.send_signal(signal.SIGTERM)
    status, output, errors = finish(child)
    assert status in (-signal.SIGTERM, 128 + signal.SIGTERM)


def test_close_gives_the_signals_back():
    program = '\n'.join([
        'import os, signal',
        'from portable_server.compat import process, threads',
        'called = threads.Event()',
        'before = process.open_descriptors()',
        'signals = process.on_stop_signals(called.set)',
        'signals.close()',
        'signals.close()',
        'assert not called.is_set() and threads.active_count() == 1',
        'print("closed")'])
    status, output, errors = run_python(program)
    assert (status, output.split(), errors) == (0, ['closed'], '')


def test_the_callback_may_close_and_start_threads():
    program = '\n'.join([
        'import sys',
        'from portable_server.compat import process, threads',
        'done = threads.Event()',
        'def stop():',
        '    thread = threads.Thread(target=done.set)',
        '    thread.start(); thread.join()',
        '    signals.close()',
        'signals = process.on_stop_signals(stop)',
        'print("ready"); sys.stdout.flush()',
        'while not done.is_set():',        # Thread.start holds a lock that stop needs
        '    thread = threads.Thread(target=int); thread.start(); thread.join()',
        'print("clean")'])
    child = start_python(program)
    assert child.stdout.readline().strip() == b'ready'
    child.send_signal(signal.SIGINT)
    assert finish(child) == (0, 'clean\n', '')


@support.not_on('no-fork')
def test_a_signal_to_a_forked_child_does_not_stop_its_parent():
    # the child says when it is there: a signal right after fork is lost (CPython
    # clears what came before the child's interpreter was ready)
    program = '\n'.join([
        'import os, signal',
        'from portable_server.compat import process, threads',
        'called = threads.Event()',
        'process.on_stop_signals(called.set)',
        'reader, writer = os.pipe()',
        'def run():',
        '    os.write(writer, b"!"); threads.Event().wait(30)',
        'child = process.fork_and_run(run)',
        'os.read(reader, 1)',
        'os.kill(child, signal.SIGTERM)',
        'print(process.wait(child, 20)); print(called.wait(0.1))'])
    status, output, errors = run_python(program)
    assert (status, output.split()) == (0, ['%d' % -signal.SIGTERM, 'False'])


@support.not_on('no-fork')
def test_a_thread_may_fork_while_stop_signals_are_in_force():
    program = '\n'.join([
        'import warnings',
        'from portable_server.compat import process, threads',
        'warnings.simplefilter("ignore")     # 3.12 and later warn of threads and fork',
        'process.on_stop_signals(threads.Event().set)',
        'def fork():',
        '    print(process.wait(process.fork_and_run(lambda: None), 20))',
        'thread = threads.Thread(target=fork)',
        'thread.start(); thread.join()'])
    status, output, errors = run_python(program)
    assert (status, output.split(), errors) == (0, ['0'], '')
