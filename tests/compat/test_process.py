"""Processes through `compat.process`."""
from __future__ import absolute_import, division, print_function

import os

import pytest

from portable_server.compat import process, threads
from portable_server.compat.errors import NotSupported
from tests import support
from tests.support.limits import scaled
from tests.support.processes import finish, run_python, start_python

_LIMIT = scaled(10.0)


@support.only_on('no-fork')
def test_without_fork_the_error_is_one_clear_line():
    with pytest.raises(NotSupported) as caught:
        process.fork()
    assert '\n' not in str(caught.value)
    assert 'fork' in str(caught.value)
    with pytest.raises(NotSupported):
        process.fork_and_run(lambda: None)


@support.not_on('no-fork')
def test_a_child_is_run_and_reaped():
    reader, writer = os.pipe()
    child = process.fork_and_run(lambda: os.write(writer, b'from the child'))
    assert process.wait(child) == 0
    assert os.read(reader, 100) == b'from the child'
    os.close(reader)
    os.close(writer)


@support.not_on('no-fork')
def test_a_child_that_fails_has_status_1_and_a_traceback():
    program = '\n'.join([
        'from portable_server.compat import process',
        'child = process.fork_and_run(lambda: 1 // 0)',
        'print(process.wait(child, 20))'])
    status, output, errors = run_python(program)
    assert (status, output.split()) == (0, ['1'])
    assert 'ZeroDivisionError' in errors


@support.not_on('no-fork')
def test_reap_takes_only_children_that_ended():
    reader, writer = os.pipe()
    waiting = process.fork_and_run(lambda: (os.close(writer), os.read(reader, 1)))
    ended = process.fork_and_run(lambda: None)
    assert process.wait(waiting, 0.01) is None
    while not process.reap([ended]):
        assert process.reap([waiting]) == {}
    os.close(writer)
    assert process.wait(waiting, _LIMIT) == 0
    os.close(reader)


@support.not_on('no-fork')
def test_a_child_ended_by_a_signal_has_its_number():
    reader, writer = os.pipe()
    child = process.fork_and_run(lambda: os.read(reader, 1))
    os.kill(child, 9)
    assert process.wait(child, _LIMIT) == -9
    os.close(reader)
    os.close(writer)


@support.not_on('no-fork')
def test_a_child_has_a_main_thread_of_its_own():
    def check():
        assert threads.active_count() == 1
        lock = threads.Lock()
        assert lock.acquire(timeout=1) and not lock.acquire(timeout=0.01)
        thread = threads.Thread(target=lock.release)
        thread.start()
        thread.join(_LIMIT)
        assert lock.acquire(False)

    child = support.run_in_thread(lambda: process.fork_and_run(check))
    assert process.wait(child, _LIMIT) == 0


@support.only_on('descriptors-opened-lazily')
def test_descriptors_change_without_us_there():
    assert process.open_descriptors() > 3


def test_descriptors_are_described():
    found = process.describe_descriptors()
    if found is None:       # a system without /proc
        assert process.open_descriptors() is None
    else:
        assert 2 in found
        assert process.open_descriptors() >= len(found) - 2


def test_exit_now_ends_a_process_whose_threads_go_on():
    program = '\n'.join([
        'from portable_server.compat import process, threads',
        'thread = threads.Thread(target=threads.Event().wait)',
        'thread.start()',
        'print("flushed")',
        'process.exit_now(7)'])
    status, output, errors = run_python(program)
    assert (status, output.split()) == (7, ['flushed'])


def test_the_end_of_stdin_is_noticed():
    program = '\n'.join([
        'from portable_server.compat import process, threads',
        'ended = threads.Event()',
        'process.on_stdin_eof(ended.set)',
        'print(ended.wait(40))'])
    child = start_python(program)
    child.stdin.write(b'ignored\n')
    status, output, errors = finish(child)      # which closes its stdin
    assert (status, output.split(), errors) == (0, ['True'], '')
