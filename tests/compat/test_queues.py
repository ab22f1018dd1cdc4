"""What Queue, LifoQueue and PriorityQueue promise (library/queue)."""
from __future__ import absolute_import, division, print_function

import weakref

import pytest

from portable_server.compat import threads
from tests import support
from tests.compat.kit import LIMIT, SHORT, a_moment, lasts, new, results, waiting
from tests.support import timed

_ORDERS = {'Queue': [3, 1, 2], 'LifoQueue': [2, 1, 3], 'PriorityQueue': [1, 2, 3]}
every = pytest.mark.parametrize('kind', sorted(_ORDERS))


def _filled(kind, maxsize=0):
    queue = new(kind, maxsize)
    for item in (3, 1, 2):
        queue.put(item)
    return queue


def _all_of(queue):
    """list: the items in the order in which they come out."""
    items = []
    while not queue.empty():
        items.append(queue.get_nowait())
    return items


# Items and sizes.

@every
def test_the_order_of_items(kind):
    queue = _filled(kind)
    assert [queue.get() for item in range(3)] == _ORDERS[kind]
    assert queue.empty()


@every
def test_the_order_of_items_between_gets(kind):
    queue = _filled(kind)
    assert queue.get() == _ORDERS[kind][0]
    queue.put(0)
    assert _all_of(queue) == {'Queue': [1, 2, 0], 'LifoQueue': [0, 1, 3],
                              'PriorityQueue': [0, 2, 3]}[kind]


def test_a_priority_queue_takes_what_can_be_compared():
    queue = threads.PriorityQueue()
    for item in ((2, 'b'), (1, 'z'), (2, 'a')):
        queue.put(item)
    assert _all_of(queue) == [(1, 'z'), (2, 'a'), (2, 'b')]


@every
def test_size_empty_and_full(kind):
    queue = new(kind, 2)
    told = []
    for step in (lambda: None, lambda: queue.put(1), lambda: queue.put(2), queue.get, queue.get):
        step()
        told.append((queue.qsize(), queue.empty(), queue.full()))
    assert told == [(0, True, False), (1, False, False), (2, False, True), (1, False, False),
                    (0, True, False)]


@every
@pytest.mark.parametrize('arguments', [(), (0,), (-1,)])
def test_without_a_size_it_takes_any_number(kind, arguments):
    queue = new(kind, *arguments)
    for item in range(300):
        queue.put_nowait(item)
    assert queue.qsize() == 300
    assert queue.full() is False


# Where nothing is waited for.

@every
def test_an_empty_one_raises_empty(kind):
    queue = new(kind, maxsize=1)
    for get in (queue.get_nowait, lambda: queue.get(False), lambda: queue.get(block=False),
                lambda: queue.get(False, 5), lambda: queue.get(False, -1),
                lambda: queue.get(timeout=0)):
        with pytest.raises(threads.Empty):
            get()
    queue.put(1)
    assert queue.get_nowait() == 1


@every
def test_a_full_one_raises_full(kind):
    queue = new(kind, 1)
    queue.put(1)
    for put in (queue.put_nowait, lambda item: queue.put(item, False),
                lambda item: queue.put(item, block=False),
                lambda item: queue.put(item, False, 5), lambda item: queue.put(item, False, -1),
                lambda item: queue.put(item, timeout=0)):
        with pytest.raises(threads.Full):
            put(2)
    assert _all_of(queue) == [1]


@every
def test_put_and_get_that_need_not_wait(kind):
    queue = new(kind, 1)
    for put in (queue.put, queue.put_nowait, lambda item: queue.put(item, False),
                lambda item: queue.put(item, True, 1), lambda item: queue.put(item, timeout=None)):
        assert put(4) is None
        assert queue.get(True, 1) == 4


# Where it waits.

@every
@pytest.mark.parametrize('arguments', [(), (True,), (True, None), (True, LIMIT)])
def test_get_waits_for_an_item(kind, arguments):
    queue = new(kind)
    calls = waiting(lambda: timed(lambda: queue.get(*arguments)))
    queue.put(5)
    (item, elapsed), = results(calls)
    assert item == 5
    assert elapsed < LIMIT / 2


@every
@pytest.mark.parametrize('arguments', [(), (True,), (True, None), (True, LIMIT)])
def test_put_waits_for_room(kind, arguments):
    queue = new(kind, 1)
    queue.put(1)
    calls = waiting(lambda: timed(lambda: queue.put(2, *arguments)))
    assert queue.get(timeout=LIMIT) == 1
    (nothing, elapsed), = results(calls)
    assert nothing is None
    assert elapsed < LIMIT / 2
    assert _all_of(queue) == [2]


@every
def test_an_item_goes_to_one_of_those_who_wait(kind):
    queue, got = new(kind), []
    calls = waiting(*[lambda: got.append(queue.get(timeout=LIMIT))] * 3)
    for number in (1, 2, 3):
        queue.put(number)
        support.until(lambda: len(got) >= number)
        a_moment()
        assert got == list(range(1, number + 1))
    results(calls)


@every
def test_the_time_out_of_get_is_waited_for(kind):
    def get():
        with pytest.raises(threads.Empty):
            queue.get(True, SHORT)

    queue = new(kind)
    lasts(get)


@every
def test_the_time_out_of_put_is_waited_for(kind):
    def put():
        with pytest.raises(threads.Full):
            queue.put(2, timeout=SHORT)

    queue = new(kind, 1)
    queue.put(1)
    lasts(put)
    assert _all_of(queue) == [1]


@every
def test_negative_time_outs_are_refused(kind):
    queue = new(kind, 1)
    with pytest.raises(ValueError):
        queue.get(timeout=-1)
    with pytest.raises(ValueError):
        queue.put(1, timeout=-1)
    assert queue.empty()


# Tasks.

@every
def test_join_does_not_wait_when_nothing_was_put(kind):
    support.run_in_thread(new(kind).join)


@every
def test_join_waits_until_all_items_are_reported(kind):
    queue, joined = _filled(kind), []
    calls = waiting(lambda: joined.append(queue.join()), queue.join)
    for _ in range(3):
        queue.get()
    for _ in range(2):
        assert queue.task_done() is None
    a_moment()
    assert joined == []         # to get them all does not do, and one is still to report
    queue.task_done()
    assert results(calls) == [None, None]
    assert joined == [None]
    support.run_in_thread(queue.join)


@every
def test_join_waits_again_for_what_is_put_later(kind):
    queue = new(kind)
    for turn in range(2):
        queue.put(turn)
        calls = waiting(queue.join)
        queue.get()
        queue.task_done()
        results(calls)


@every
def test_more_reports_than_items_are_refused(kind):
    queue = new(kind)
    with pytest.raises(ValueError):
        queue.task_done()
    queue.put(1)
    queue.task_done()
    with pytest.raises(ValueError):
        queue.task_done()
    support.run_in_thread(queue.join)


# All together.

@every
def test_many_workers_report_all_items(kind):
    queue, done = new(kind), []

    def work():
        for turn in range(20):
            done.append(queue.get(timeout=LIMIT))
            queue.task_done()

    workers = [support.start(work) for number in range(2)]
    for item in range(40):
        queue.put(item)
    support.run_in_thread(queue.join)
    assert sorted(done) == list(range(40))
    results(workers)


@every
def test_many_producers_and_consumers_lose_nothing(kind):
    queue, got = new(kind, 3), []

    def produce():
        for item in range(100):
            queue.put(item, timeout=LIMIT)

    def consume():
        for turn in range(100):
            got.append(queue.get(timeout=LIMIT))

    support.run_all([produce, consume] * 3)
    assert sorted(got) == sorted(list(range(100)) * 3)


# What an unused queue leaves behind, and a limit that is none.

@support.not_on('weak-reference-lives-on')
def test_a_queue_that_nobody_has_is_gone_at_once():
    queue = threads.Queue()
    reference = weakref.ref(queue)
    del queue
    assert reference() is None


def test_without_a_limit_no_time_out_of_put_is_looked_at():
    queue = threads.Queue()
    queue.put(1, timeout=-1)
    assert queue.get_nowait() == 1
