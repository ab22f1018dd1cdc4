"""A test file for the plugin's own tests, which copy it and run pytest on the copy.

What becomes of each test is in its name: `passes_...`, `fails_...`; or `..._in_teardown`.
"""
from __future__ import absolute_import, division, print_function

import threading
import time

import pytest

MADE_BY_THE_IMPORT = threading.Lock()


def sleep_with(lock):
    with lock:
        time.sleep(0.001)


def nest(outer, inner):
    with outer:
        with inner:
            pass


def in_a_thread(function, *arguments):
    thread = threading.Thread(target=function, args=arguments)
    thread.start()
    thread.join(30)


@pytest.fixture
def sleeping_at_the_end():
    yield
    sleep_with(threading.Lock())


def test_passes():
    with threading.Lock():
        pass
    time.sleep(0.001)


def test_fails_by_the_lock_of_the_module():
    sleep_with(MADE_BY_THE_IMPORT)


def test_fails_by_the_lock_of_the_module_again():
    sleep_with(MADE_BY_THE_IMPORT)


def test_fails_by_another_thread():
    in_a_thread(sleep_with, threading.Lock())


def test_fails_by_order():
    one, two = threading.Lock(), threading.RLock()
    nest(one, two)
    nest(two, one)


def test_fails_in_teardown(sleeping_at_the_end):
    pass


def test_fails_of_itself():
    sleep_with(threading.Lock())
    assert not 'the failure of the test itself'


@pytest.mark.skip(reason='is never run')
def test_is_skipped():
    sleep_with(MADE_BY_THE_IMPORT)


@pytest.mark.lock_watch_allow('naps', why='to see it allowed')
def test_passes_with_an_allowance():
    sleep_with(MADE_BY_THE_IMPORT)
    in_a_thread(sleep_with, threading.Lock())


@pytest.mark.lock_watch_allow('naps', why='to see it allowed', kinds=('lock-order',))
def test_fails_with_an_allowance_of_another_kind():
    sleep_with(MADE_BY_THE_IMPORT)


@pytest.mark.lock_watch_allow('naps', why='to see it allowed', lock='another.py:*')
def test_fails_with_an_allowance_for_another_lock():
    sleep_with(MADE_BY_THE_IMPORT)


@pytest.mark.lock_watch_expect('blocked-while-holding', lock='*test_sample.py:*')
def test_passes_with_what_it_expects():
    sleep_with(threading.Lock())


@pytest.mark.lock_watch_expect('blocked-while-holding')
def test_passes_with_what_it_expects_at_its_end(sleeping_at_the_end):
    pass


@pytest.mark.lock_watch_expect('blocked-while-holding')
def test_fails_without_what_it_expects():
    pass


@pytest.mark.lock_watch_expect('lock-order')
def test_fails_with_another_than_it_expects():
    sleep_with(threading.Lock())


@pytest.mark.lock_watch_off(why='to see it left alone')
def test_passes_without_the_watch():
    sleep_with(MADE_BY_THE_IMPORT)
    sleep_with(threading.Lock())


@pytest.mark.lock_watch_expect('blocked-while-holding')
def test_passes_with_the_fixture(lock_watch):
    assert lock_watch.reports == []
    sleep_with(threading.Lock())
    assert [report.kind for report in lock_watch.reports] == ['blocked-while-holding']
    assert 'time.sleep' in lock_watch.text()


def test_fails_with_the_fixture(lock_watch):
    sleep_with(threading.Lock())
