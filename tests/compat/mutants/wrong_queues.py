"""Queues that break one promise each: what all kinds promise, then the order of each."""
from __future__ import absolute_import, division, print_function

from portable_server.compat import clock, threads
from tests.compat.mutants.right import RIGHT, subclasses, wait_for_ever


class Any(object):
    """Comes before the right class of any kind."""


class SizeIsUnlimited(Any):
    def __init__(self, maxsize=0):
        super(SizeIsUnlimited, self).__init__()


class SizeIsOneMore(Any):
    def __init__(self, maxsize=0):
        super(SizeIsOneMore, self).__init__(maxsize and maxsize + 1)


class NegativeSizeIsOne(Any):
    def __init__(self, maxsize=0):
        super(NegativeSizeIsOne, self).__init__(1 if maxsize < 0 else maxsize)


class ZeroSizeIsOne(Any):
    def __init__(self, maxsize=0):
        super(ZeroSizeIsOne, self).__init__(maxsize or 1)


class PutDropsWhenFull(Any):
    def put(self, item, block=True, timeout=None):
        if not self.full():
            super(PutDropsWhenFull, self).put(item, block, timeout)


class PutReplacesWhenFull(Any):
    def put(self, item, block=True, timeout=None):
        if self.full():
            self.get()
        super(PutReplacesWhenFull, self).put(item, block, timeout)


class GetReturnsNoneWhenEmpty(Any):
    def get(self, block=True, timeout=None):
        try:
            return super(GetReturnsNoneWhenEmpty, self).get(block, timeout)
        except threads.Empty:
            return None


class GetLeavesTheItem(Any):
    def get(self, block=True, timeout=None):
        item = super(GetLeavesTheItem, self).get(block, timeout)
        self.put(item)
        return item


class PutNoWaitWaits(Any):
    def put(self, item, block=True, timeout=None):
        super(PutNoWaitWaits, self).put(item, True, timeout)


class GetNoWaitWaits(Any):
    def get(self, block=True, timeout=None):
        return super(GetNoWaitWaits, self).get(True, timeout)


class PutDoesNotWait(Any):
    def put(self, item, block=True, timeout=None):
        super(PutDoesNotWait, self).put(item, False)


class GetDoesNotWait(Any):
    def get(self, block=True, timeout=None):
        return super(GetDoesNotWait, self).get(False)


class TimeOutOfPutIsIgnored(Any):
    def put(self, item, block=True, timeout=None):
        super(TimeOutOfPutIsIgnored, self).put(item, block)


class TimeOutOfGetIsIgnored(Any):
    def get(self, block=True, timeout=None):
        return super(TimeOutOfGetIsIgnored, self).get(block)


class TimeOutOfPutIsZero(Any):
    def put(self, item, block=True, timeout=None):
        super(TimeOutOfPutIsZero, self).put(item, block, timeout and max(timeout, 0) and 0)


class TimeOutOfGetIsZero(Any):
    def get(self, block=True, timeout=None):
        return super(TimeOutOfGetIsZero, self).get(block, timeout and max(timeout, 0) and 0)


class TimeOutOfGetIsHalved(Any):
    def get(self, block=True, timeout=None):
        return super(TimeOutOfGetIsHalved, self).get(block, timeout and timeout / 2)


class NegativeTimeOutOfPutIsAccepted(Any):
    def put(self, item, block=True, timeout=None):
        super(NegativeTimeOutOfPutIsAccepted, self).put(item, block, timeout and max(timeout, 0))


class NegativeTimeOutOfGetIsAccepted(Any):
    def get(self, block=True, timeout=None):
        return super(NegativeTimeOutOfGetIsAccepted, self).get(block, timeout and max(timeout, 0))


class TimeOutCountsWithoutBlocking(Any):
    """It waits, or complains of a number, where it should look once."""

    def get(self, block=True, timeout=None):
        if not block and timeout:
            raise ValueError
        return super(TimeOutCountsWithoutBlocking, self).get(block, timeout)


class PutDoesNotWakeGet(Any):
    def get(self, block=True, timeout=None):
        if block and not self.qsize():
            wait_for_ever() if timeout is None else clock.sleep(max(0, timeout))
        return super(PutDoesNotWakeGet, self).get(block, timeout)


class GetDoesNotWakePut(Any):
    def put(self, item, block=True, timeout=None):
        if block and self.full():
            wait_for_ever() if timeout is None else clock.sleep(max(0, timeout))
        super(GetDoesNotWakePut, self).put(item, block, timeout)


class EmptyIsAlwaysFalse(Any):
    def empty(self):
        return False


class FullIsAlwaysFalse(Any):
    def full(self):
        return False


class SizeCountsAllThatWerePut(Any):
    put_so_far = 0

    def put(self, item, block=True, timeout=None):
        super(SizeCountsAllThatWerePut, self).put(item, block, timeout)
        self.put_so_far += 1

    def qsize(self):
        return self.put_so_far


class GetCountsAsDone(Any):
    def get(self, block=True, timeout=None):
        item = super(GetCountsAsDone, self).get(block, timeout)
        super(GetCountsAsDone, self).task_done()
        return item

    def task_done(self):
        pass


class TaskDoneTooOftenIsSilent(Any):
    def task_done(self):
        try:
            super(TaskDoneTooOftenIsSilent, self).task_done()
        except ValueError:
            pass


class TaskDoneCountsAllItems(Any):
    """The first one reports them all."""

    def task_done(self):
        super(TaskDoneCountsAllItems, self).task_done()
        try:
            while True:
                super(TaskDoneCountsAllItems, self).task_done()
        except ValueError:
            pass


class TaskDoneDoesNotWakeJoin(Any):
    def join(self):
        if self.unfinished_tasks:
            wait_for_ever()


class JoinDoesNotWait(Any):
    def join(self):
        pass


class JoinWaitsForAnItem(Any):
    """One that was never filled is not taken for done."""

    def join(self):
        if not self.unfinished_tasks:
            wait_for_ever()
        super(JoinWaitsForAnItem, self).join()


class LastComesFirst(RIGHT['LifoQueue']):
    pass


class FirstComesFirst(RIGHT['Queue']):
    pass


class SmallestComesFirst(RIGHT['PriorityQueue']):
    pass


class LargestComesFirst(RIGHT['PriorityQueue']):
    def put(self, item, block=True, timeout=None):
        RIGHT['PriorityQueue'].put(self, -item, block, timeout)

    def get(self, block=True, timeout=None):
        return -RIGHT['PriorityQueue'].get(self, block, timeout)


QUEUE = [type(wrong.__name__, (wrong, RIGHT['Queue']), {})
         for wrong in subclasses(globals(), Any)] + [LastComesFirst, SmallestComesFirst]
LIFO = [FirstComesFirst, SmallestComesFirst]
PRIORITY = [FirstComesFirst, LastComesFirst, LargestComesFirst]
