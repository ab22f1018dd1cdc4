"""What Condition does with the lock that it is given, whatever lock that is."""
from __future__ import absolute_import, division, print_function

import threading

import pytest

from portable_server.compat import threads
from tests import support
from tests.compat.kit import LIMIT, SHORT, not_watched

pytestmark = not_watched


@pytest.mark.parametrize('levels, make', [
    (3, threads.RLock), (3, threading.RLock), (3, threads.Condition), (1, threads.Lock),
    (1, threading.Lock), (1, lambda: threads.Condition(threads.Lock()))])
def test_wait_gives_up_all_levels_of_whatever_lock_it_is(levels, make):
    lock = make()
    condition = threads.Condition(lock)

    def notify():
        lock.acquire()
        condition.notify()
        lock.release()

    for _ in range(levels):
        lock.acquire()
    result = support.start(notify)
    assert condition.wait(LIMIT)
    for _ in range(levels):
        lock.release()
    result()
    with pytest.raises(RuntimeError):
        condition.notify()


class _TakenAtOnce(object):
    """A lock that another thread takes while the first `release` still runs.

    It says `_is_owned` whoever holds it, as Jython's own Lock does.
    """

    def __init__(self):
        self._lock = threading.Lock()
        self.acquire = self._lock.acquire
        self.locked = getattr(self._lock, 'locked', None)   # from 3.14 a Condition asks for it
        self.releases = 0

    def release(self):
        self._lock.release()
        if not self.releases:
            support.run_in_thread(self._lock.acquire)
        self.releases += 1

    def _is_owned(self):
        return self._lock.locked()


def test_wait_frees_only_what_the_thread_itself_holds():
    lock = _TakenAtOnce()
    condition = threads.Condition(lock)

    def wait():
        condition.acquire()
        condition.wait(SHORT)
        condition.release()

    result = support.start(wait)
    support.until(lambda: lock.releases)
    assert lock.releases == 1 and not lock.acquire(False)
    lock.release()      # the other thread's
    result()
    assert lock.releases == 3 and lock.acquire(False)
