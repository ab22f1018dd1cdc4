"""The queues of `compat.threads`."""
from __future__ import absolute_import, division, print_function

import weakref

import pytest

from portable_server.compat import threads
from tests import support

_LIMIT = 10.0
_KINDS = [(threads.Queue, [3, 1, 2]), (threads.LifoQueue, [2, 1, 3]),
          (threads.PriorityQueue, [1, 2, 3])]


@pytest.mark.parametrize('new, order', _KINDS)
def test_the_order_of_items(new, order):
    queue = new()
    for item in (3, 1, 2):
        queue.put(item)
    assert queue.qsize() == 3 and not queue.empty()
    assert [queue.get_nowait() for item in order] == order
    assert queue.empty()


@pytest.mark.parametrize('new, order', _KINDS)
def test_full_and_empty(new, order):
    queue = new(1)
    for get in (queue.get_nowait, lambda: queue.get(False), lambda: queue.get(timeout=0),
                lambda: queue.get(True, 0.01)):
        with pytest.raises(threads.Empty):
            get()
    queue.put(1)
    assert queue.full()
    for put in (queue.put_nowait, lambda item: queue.put(item, False),
                lambda item: queue.put(item, timeout=0.01)):
        with pytest.raises(threads.Full):
            put(2)
    assert queue.get() == 1


def test_a_time_out_is_waited_for():
    def get():
        with pytest.raises(threads.Empty):
            threads.Queue().get(timeout=0.1)

    assert 0.1 * 0.95 <= support.timed(get)[1] <= 0.1 * 10


def test_negative_time_outs_are_refused():
    queue = threads.Queue(1)
    with pytest.raises(ValueError):
        queue.get(timeout=-1)
    with pytest.raises(ValueError):
        queue.put(1, timeout=-1)


def test_without_a_limit_no_time_out_of_put_is_looked_at():
    queue = threads.Queue()
    queue.put(1, timeout=-1)
    assert queue.get_nowait() == 1


def test_blocked_threads_go_on():
    queue = threads.Queue(1)
    got = support.start(lambda: queue.get(timeout=_LIMIT))
    queue.put(1)
    assert got() == 1
    queue.put(2)
    put = support.start(lambda: queue.put(3, timeout=_LIMIT))
    assert queue.get(timeout=_LIMIT) == 2
    put()
    assert queue.get(timeout=_LIMIT) == 3


def test_join_waits_for_task_done():
    queue, done = threads.Queue(), []

    def work():
        for turn in range(20):
            done.append(queue.get(timeout=_LIMIT))
            queue.task_done()

    workers = [support.start(work) for number in range(2)]
    for item in range(40):
        queue.put(item)
    support.run_in_thread(queue.join)
    assert sorted(done) == list(range(40))
    for worker in workers:
        worker()
    with pytest.raises(ValueError):
        queue.task_done()


def test_many_producers_and_consumers_lose_nothing():
    queue, got = threads.Queue(3), []

    def produce():
        for item in range(100):
            queue.put(item, timeout=_LIMIT)

    def consume():
        for turn in range(100):
            got.append(queue.get(timeout=_LIMIT))

    support.run_all([produce, consume] * 3)
    assert sorted(got) == sorted(list(range(100)) * 3)


@support.not_on('weak-reference-lives-on')
def test_a_queue_that_nobody_has_is_gone_at_once():
    queue = threads.Queue()
    reference = weakref.ref(queue)
    del queue
    assert reference() is None
