"""`queue`: what is put is got once, in order, and never more of it than fits."""
from __future__ import absolute_import, division, print_function

from portable_server.compat import platform
from portable_server.litmus.others import first_of

PROMISE = ('Any number of producers and consumers: each item put is got exactly once, a FIFO '
           'queue keeps the order, maxsize is kept, join() returns when all was done')
SOURCE = 'The Python Library Reference, module queue (Queue in Python 2), "Queue Objects"'
OPEN = ('queue', 'Queue')
PRODUCERS = CONSUMERS = 3
EACH = 12


def load():
    return first_of('queue', 'Queue')


def version(library):
    return '.'.join(map(str, platform.VERSION))


def stress(library, one):
    make = one.random.choice((library.Queue, library.LifoQueue, library.PriorityQueue))
    queue = make(one.random.choice((0, 1, 3)))
    got = [[] for _ in range(CONSUMERS)]
    producers = [_producer(queue, name) for name in range(PRODUCERS)]
    consumers = [_consumer(queue, mine, one) for mine in got]
    one.together(*one.shuffled(producers + consumers))
    queue.join()        # nothing is left to do, so this cannot wait
    _check(one, make, queue, got, library)


def _producer(queue, name):
    def produce():
        for number in range(EACH):
            queue.put((number, name))
    return produce


def _consumer(queue, mine, one):
    def consume():
        for _ in range(EACH * PRODUCERS // CONSUMERS):
            mine.append(queue.get())
            size = queue.qsize()
            one.promise(queue.maxsize == 0 or size <= queue.maxsize,
                        '%d items in a queue for %d' % (size, queue.maxsize))
            queue.task_done()
    return consume


def _check(one, make, queue, got, library):
    all_of_them = sorted(item for mine in got for item in mine)
    due = sorted((number, name) for number in range(EACH) for name in range(PRODUCERS))
    one.promise(all_of_them == due, 'put %r, got %r' % (due, all_of_them))
    one.promise(queue.empty() and queue.unfinished_tasks == 0, 'something was left to do')
    if make is library.Queue:
        for mine in got:
            for name in range(PRODUCERS):
                numbers = [number for number, producer in mine if producer == name]
                one.promise(numbers == sorted(numbers), 'a FIFO gave %r' % (numbers,))
