"""The leak check and the watchdog bite: each is shown what it must find."""
from __future__ import absolute_import, division, print_function

import socket

import pytest

from portable_server.compat import process, threads
from tests import support
from tests.support import leaks, watchdog


def test_a_thread_left_behind_is_found_with_its_stack(monkeypatch):
    monkeypatch.setattr(leaks, '_GRACE', 0.05)
    before, leave = leaks.snapshot(), threads.Event()
    thread = threads.Thread(target=leave.wait, args=(30,), name='forgotten')
    thread.start()
    found = leaks.leaked(before)
    leave.set()
    thread.join(10)
    assert 'thread still alive' in found and 'forgotten' in found
    assert leaks.leaked(before) == ''


def test_a_thread_that_is_about_to_end_is_waited_for():
    before = leaks.snapshot()
    threads.Timer(0.1, int).start()
    assert leaks.leaked(before) == ''


@support.not_on('descriptors-opened-lazily')
def test_a_socket_left_open_is_found():
    if process.open_descriptors() is None:
        pytest.skip('this system does not list descriptors')
    before = leaks.snapshot()
    forgotten = socket.socket()
    found = leaks.leaked(before)
    forgotten.close()
    assert 'descriptor still open' in found and 'socket:' in found
    assert leaks.leaked(before) == ''


class _Stream(object):
    def __init__(self):
        self.text = ''

    def write(self, text):
        self.text += text

    def flush(self):
        pass


@pytest.mark.leaves_behind('a second watchdog, whose thread never ends')
def test_the_watchdog_names_the_test_and_ends_the_process(monkeypatch):
    ended = threads.Queue()
    monkeypatch.setattr(process, 'exit_now', ended.put)
    dog = watchdog.Watchdog()
    dog._stream = stream = _Stream()
    dog.watch('tests/x.py::test_quick', 30)
    dog.rest()
    dog.watch('tests/x.py::test_slow', 0.01)
    assert ended.get(timeout=10) == support.HANG_STATUS
    dog.rest()
    assert 'WATCHDOG: tests/x.py::test_slow exceeded' in stream.text
    assert 'test_quick' not in stream.text
    assert 'test_the_watchdog_names_the_test' in stream.text    # a stack


def test_results_and_errors_come_back_from_threads():
    assert support.run_in_thread(lambda: 7) == 7
    assert support.run_all([lambda: 1, lambda: 2]) == [1, 2]
    with pytest.raises(ZeroDivisionError):
        support.run_in_thread(lambda: 1 // 0)
