"""Wrong arguments raise on every interpreter what they raise on CPython 3."""
from __future__ import absolute_import, division, print_function

import pytest

from portable_server.compat import threads
from portable_server.compat.text import native
from tests.support.processes import run_python

NAN, TOO_LONG = float('nan'), threads.TIMEOUT_MAX * 2
NO_TIME = (ValueError, OverflowError)      # PyPy has the second


def ended_thread():
    thread = threads.Thread(target=len, args=((),))
    thread.start()
    thread.join()
    return thread


def held(condition):
    condition.acquire()
    return condition


CALLS = [
    ('Lock.acquire(timeout="x")', TypeError, lambda: threads.Lock().acquire(timeout='x')),
    ('Lock.acquire(timeout=None)', TypeError, lambda: threads.Lock().acquire(timeout=None)),
    ('Lock.acquire(timeout=-2)', ValueError, lambda: threads.Lock().acquire(timeout=-2)),
    ('Lock.acquire(timeout=NAN)', NO_TIME, lambda: threads.Lock().acquire(timeout=NAN)),
    ('Lock.acquire(False, 1)', ValueError, lambda: threads.Lock().acquire(False, 1)),
    ('Lock.acquire(timeout=TOO_LONG)', OverflowError,
     lambda: threads.Lock().acquire(timeout=TOO_LONG)),
    ('Lock.release()', RuntimeError, lambda: threads.Lock().release()),
    ('RLock.release()', RuntimeError, lambda: threads.RLock().release()),
    ('RLock.acquire(timeout="x")', TypeError, lambda: threads.RLock().acquire(timeout='x')),
    ('RLock.acquire(timeout=NAN)', NO_TIME, lambda: threads.RLock().acquire(timeout=NAN)),
    ('Condition.wait() unheld', RuntimeError, lambda: threads.Condition().wait(0)),
    ('Condition.wait("x")', TypeError, lambda: held(threads.Condition()).wait('x')),
    ('Condition.wait(TOO_LONG)', OverflowError, lambda: held(threads.Condition()).wait(TOO_LONG)),
    ('Condition.notify() unheld', RuntimeError, lambda: threads.Condition().notify()),
    ('Condition(5)', AttributeError, lambda: threads.Condition(5)),
    ('Event.wait("x")', TypeError, lambda: threads.Event().wait('x')),
    ('Semaphore(-1)', ValueError, lambda: threads.Semaphore(-1)),
    ('Semaphore("x")', TypeError, lambda: threads.Semaphore('x')),
    ('Semaphore.acquire(False, 1)', ValueError, lambda: threads.Semaphore(0).acquire(False, 1)),
    ('Semaphore.acquire(timeout="x")', TypeError,
     lambda: threads.Semaphore(0).acquire(timeout='x')),
    ('BoundedSemaphore.release()', ValueError, lambda: threads.BoundedSemaphore(1).release()),
    ('Queue.get(timeout=-1)', ValueError, lambda: threads.Queue().get(timeout=-1)),
    ('Queue.get(timeout="x")', TypeError, lambda: threads.Queue().get(timeout='x')),
    ('Queue.task_done()', ValueError, lambda: threads.Queue().task_done()),
    ('Thread(group=5)', AssertionError, lambda: threads.Thread(group=5)),
    ('Thread.start() again', RuntimeError, lambda: ended_thread().start()),
    ('Thread.join() too soon', RuntimeError, lambda: threads.Thread().join()),
    ('Thread.join() itself', RuntimeError, lambda: threads.current_thread().join()),
    ('start_new_thread(5, ())', TypeError, lambda: threads.start_new_thread(5, ())),
    ('start_new_thread(len, [])', TypeError, lambda: threads.start_new_thread(len, [])),
    ('start_new_thread(len, (), 5)', TypeError, lambda: threads.start_new_thread(len, (), 5)),
    ('stack_size(-1)', ValueError, lambda: threads.stack_size(-1)),
    ('stack_size("x")', TypeError, lambda: threads.stack_size('x')),
    ('Timer.start("x")', TypeError, lambda: threads.Timer()),
]


@pytest.mark.parametrize('error, call', [call[1:] for call in CALLS], ids=[call[0] for call in CALLS])
def test_a_wrong_argument(error, call):
    with pytest.raises(error):
        call()


@pytest.mark.parametrize('timeout, error', [('x', TypeError), (NAN, NO_TIME),
                                            (TOO_LONG, OverflowError)],
                         ids=['text', 'NaN', 'too long'])
def test_a_wrong_time_out_of_join(timeout, error):
    go = threads.Event()
    thread = threads.Thread(target=go.wait, args=(20,))
    thread.start()
    try:
        with pytest.raises(error):
            thread.join(timeout)
    finally:
        go.set()
        thread.join()


@pytest.mark.parametrize('name', [u'f\xe4den', u'\u4e2d', u'plain'])
def test_a_name_that_is_text(name):
    thread = threads.Thread(target=len, name=name)
    assert native(thread.name) == native(name)
    repr(thread)


def test_a_thread_named_by_text_that_fails_is_reported():
    """Though standard error takes bytes on some."""
    status, _, errors = run_python(
        'from portable_server.compat import threads\n'
        "thread = threads.Thread(target=lambda: 1 // 0, name=u'f\\xe4den')\n"
        'thread.start()\n'
        'thread.join()\n')
    assert status == 0
    assert 'Exception in thread f' in errors and 'ZeroDivisionError' in errors
