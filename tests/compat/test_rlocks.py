"""What RLock promises beyond a Lock (library/threading, "RLock objects")."""
from __future__ import absolute_import, division, print_function

import pytest

from portable_server.compat import threads
from tests import support
from tests.compat.kit import LIMIT, a_moment, another_gets, not_watched, results, waiting
from tests.support import run_in_thread

pytestmark = not_watched


@pytest.mark.parametrize('arguments', [(), (True,), (False,), (True, 1), (True, 0)])
def test_its_owner_gets_it_again_at_once(arguments):
    lock = threads.RLock()
    lock.acquire()
    assert lock.acquire(*arguments) is True


def test_its_owner_enters_it_again():
    lock = threads.RLock()
    with lock, lock:
        with lock:
            pass
        assert another_gets(lock) is False
    assert another_gets(lock) is True


def test_it_takes_as_many_releases_as_acquires():
    lock = threads.RLock()
    for acquire in (lock.acquire, lambda: lock.acquire(False), lambda: lock.acquire(timeout=1)):
        acquire()
    for level in (2, 1):
        assert lock.release() is None
        assert another_gets(lock) is False
    lock.release()
    assert another_gets(lock) is True


def test_a_refused_acquire_is_no_level():
    lock, mine, tried = threads.RLock(), threads.Event(), threads.Event()

    def owner():
        with lock:
            mine.set()
            assert tried.wait(LIMIT)

    call = support.start(owner)
    assert mine.wait(LIMIT)
    assert lock.acquire(False) is False
    assert lock.acquire(timeout=0.01) is False
    tried.set()
    call()
    with lock:
        pass
    assert another_gets(lock) is True


def test_another_waits_for_the_last_release():
    lock = threads.RLock()
    lock.acquire()
    lock.acquire()
    calls, order = waiting(lambda: lock.acquire() and order.append('another')), []
    lock.release()
    a_moment()
    order.append('last release')
    lock.release()
    results(calls)
    assert order == ['last release', 'another']


def test_only_its_owner_releases_it():
    lock = threads.RLock()
    lock.acquire()
    with pytest.raises(RuntimeError):
        run_in_thread(lock.release)
    assert another_gets(lock) is False
    lock.release()
    assert another_gets(lock) is True


def test_a_refused_release_leaves_the_levels():
    lock = threads.RLock()
    lock.acquire()
    lock.acquire()
    with pytest.raises(RuntimeError):
        run_in_thread(lock.release)
    lock.release()
    assert another_gets(lock) is False
    lock.release()
    assert another_gets(lock) is True


def test_one_release_too_many_is_a_runtime_error():
    lock = threads.RLock()
    for turn in range(2):
        lock.acquire()
        lock.acquire()
        lock.release()
        lock.release()
        with pytest.raises(RuntimeError):
            lock.release()
    assert another_gets(lock) is True


def test_who_had_it_before_is_not_its_owner():
    lock = threads.RLock()
    with lock:
        pass
    run_in_thread(lock.acquire)
    assert lock.acquire(False) is False
    with pytest.raises(RuntimeError):
        lock.release()
