"""What the mailbox has to do; run on each interpreter, next to boxes.py."""
from __future__ import absolute_import, division, print_function

import threading

import boxes
from exercise_kit import LIMIT, Task, check, equal, raises, together, true


def wake(box):
    """Wake everybody who waits, without any reason."""
    for value in list(vars(box).values()):
        if hasattr(value, 'notify_all'):
            with value:
                value.notify_all()


@check('in-order', 'items come out in the order in which they went in',
       advice='Put at one end of the deque, take from the other: append and popleft.')
def in_order():
    box = boxes.Mailbox(3)
    for item in 'abc':
        equal(Task('put() with room', box.put, item).result(), True, 'put() with room')
    equal([Task('get()', box.get).result() for _ in 'abc'], list('abc'), 'get() after put a, b, c')


@check('empty-waits', 'get waits for an item, and is woken by a put',
       advice='`while not self._items: self._not_empty.wait()`; put notifies.')
def empty_waits():
    box = boxes.Mailbox(1)
    getting = Task('get() of an empty mailbox', box.get)
    getting.has_to_wait()
    box.put('late')
    equal(getting.result(), 'late', 'get() that waited for a put')


@check('full-waits', 'put waits while `limit` items are in, and is woken by a get',
       advice='`while len(self._items) >= self._limit: self._not_full.wait()`; get notifies.')
def full_waits():
    box = boxes.Mailbox(2)
    for item in 'ab':
        Task('put() with room', box.put, item).result()
    putting = Task('put() into a mailbox of 2 that has 2', box.put, 'c')
    putting.has_to_wait()
    equal(box.get(), 'a', 'get()')
    equal(putting.result(), True, 'put() that waited for a get')
    equal([box.get(), box.get()], ['b', 'c'], 'get() twice')


@check('woken-for-nothing', 'a wake-up without an item is no item',
       advice='Look again after each wait: `while`, never `if`.')
def woken_for_nothing():
    box = boxes.Mailbox(1)
    getting = Task('get() that is woken without an item', box.get)
    getting.has_to_wait()
    wake(box)
    getting.has_to_wait()
    box.put('a')
    equal(getting.result(), 'a', 'get() that waited for a put')


@check('time-limit', 'with a timeout put and get give up',
       advice='wait(left) in the loop; when nothing is left, return False or None.')
def time_limit():
    box = boxes.Mailbox(1)
    equal(Task('get(timeout=0.1), empty', lambda: box.get(timeout=0.1)).result(), None,
          'get(timeout=0.1) of an empty mailbox')
    box.put('a', timeout=0.1)
    equal(Task('put(timeout=0.1), full', lambda: box.put('b', timeout=0.1)).result(), False,
          'put(timeout=0.1) into a full mailbox')
    equal(box.get(timeout=0.1), 'a', 'get(timeout=0.1) with an item in it')


@check('whole-time', 'the timeout counts from the call, however often one is woken',
       advice='Compute the deadline once, before the loop; wait for what is left of it.')
def whole_time():
    box = boxes.Mailbox(1)
    getting = Task('get(timeout=0.5), woken 20 times a second', lambda: box.get(timeout=0.5))
    pause = threading.Event()
    for _ in range(int(LIMIT * 20)):
        if getting.is_done():
            break
        wake(box)
        pause.wait(0.05)
    true(getting.is_done(), 'get(timeout=0.5), woken 20 times a second',
         'it waits still, after %d s' % LIMIT, 'None')
    equal(getting.result(), None, 'get(timeout=0.5), woken 20 times a second')


@check('close-wakes', 'close wakes all who wait',
       advice='notify_all on both conditions; the loops have to look whether it is closed.')
def close_wakes():
    empty, full = boxes.Mailbox(1), boxes.Mailbox(1)
    full.put('a')
    waiting = [Task('get() of a mailbox that is closed', empty.get) for _ in range(3)]
    waiting += [Task('put() into a mailbox that is closed', full.put, 'b') for _ in range(3)]
    for task in waiting:
        task.has_to_wait(0.05)
    empty.close()
    full.close()
    for task in waiting:
        closed(task)


def closed(task):
    """The task has to end with Closed."""
    true(task.ends(), task.did, 'it still waits', 'that it raises Closed')
    raises(boxes.Closed, task.value, task.did)


@check('rest-after-close', 'what is in a closed mailbox can be taken, then get raises Closed',
       advice='Raise Closed only when it is closed *and* empty.')
def rest_after_close():
    box = boxes.Mailbox(2)
    box.put('a')
    box.put('b')
    box.close()
    raises(boxes.Closed, lambda: box.put('c'), 'put() after close()')
    equal([box.get(), box.get()], ['a', 'b'], 'get() twice after put a, b and close()')
    closed(Task('get() of a closed and empty mailbox', box.get))


@check('each-once', 'with many threads each item is taken once, those of one sender in order',
       advice='Each method is one `with self._lock:`, from its first look to its last change.')
def each_once():
    box = boxes.Mailbox(2)

    def send(name):
        for number in range(100):
            box.put((name, number))
        box.put(None)
        return []

    def take():
        taken, item = [], box.get()
        while item is not None:
            taken.append(item)
            item = box.get()
        return taken

    names = ['ann', 'bob', 'cy']
    taken = together('3 threads that put and 3 that get',
                     [lambda name=name: send(name) for name in names] + [take] * 3)[3:]
    wanted = [(name, number) for name in names for number in range(100)]
    equal(sorted(item for part in taken for item in part), wanted,
          'all that was taken, sorted')
    for part in taken:
        for name in names:
            own = [item for item in part if item[0] == name]
            equal(own, sorted(own), 'what one thread took of one sender')
