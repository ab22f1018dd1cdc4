"""One thread for all deadlines."""
from __future__ import absolute_import, division, print_function

import pytest

from portable_server.compat import threads
from portable_server.chat.deadlines import SWEEP, Deadlines

from .running import PATIENCE


@pytest.fixture
def deadlines():
    thread = Deadlines()
    thread.start()
    yield thread
    thread.stop()
    thread.join(PATIENCE)
    assert not thread.is_alive()


def test_in_the_order_of_their_time(deadlines):
    done, all_done = [], threads.Event()
    deadlines.after(0.10, lambda: (done.append(2), all_done.set()))
    deadlines.after(0.05, lambda: done.append(1))
    assert all_done.wait(PATIENCE)
    assert done == [1, 2]


def test_cancelled_in_time_or_too_late(deadlines):
    fired = threads.Event()
    late = deadlines.after(0, fired.set)
    assert fired.wait(PATIENCE)
    assert not deadlines.cancel(late)
    assert deadlines.cancel(deadlines.after(PATIENCE, fired.set))


def test_an_action_that_fails_does_not_end_the_thread(deadlines):
    fired = threads.Event()
    deadlines.after(0, lambda: 1 // 0)
    deadlines.after(0.01, fired.set)
    assert fired.wait(PATIENCE)


def test_cancelled_ones_do_not_pile_up(deadlines):
    for _ in range(5 * SWEEP):
        deadlines.cancel(deadlines.after(1000, None))
    assert len(deadlines._heap) <= SWEEP + 1
