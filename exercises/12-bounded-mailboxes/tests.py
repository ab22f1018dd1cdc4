"""What the mailbox has to do; run on each interpreter, next to boxes.py."""
from __future__ import absolute_import, division, print_function

import sys
import threading
import time
import types

import interleaving
from exercise_kit import LIMIT, Task, check, equal, raises, together, true

POLLING = 60    # seconds: who waits for less and then looks again does not wait to be woken
MADE = []       # the conditions of this mailbox, wherever it keeps them
WAITS = []      # the time limit of each of their waits


class Condition(object):
    """A `threading.Condition` of which the checks know, and the waits in it."""

    def __init__(self, *arguments):
        self._real = threading.Condition(*arguments)
        MADE.append(self)

    def __enter__(self):
        return self._real.__enter__()

    def __exit__(self, *arguments):
        return self._real.__exit__(*arguments)

    def __getattr__(self, name):
        return getattr(self._real, name)

    def wait(self, timeout=None):
        WAITS.append(timeout)
        return self._real.wait(timeout)

    def wait_for(self, holds, timeout=None):
        WAITS.append(timeout)
        return self._real.wait_for(holds, timeout)


def imported():
    """The module; for it alone `threading` has the Condition above."""
    ours = types.ModuleType('threading')
    vars(ours).update(vars(threading), Condition=Condition)
    sys.modules['threading'] = ours
    try:
        import boxes
    finally:
        sys.modules['threading'] = threading
    return boxes


boxes = imported()


class Looked(Task):
    """It is looked at, without a wait: that may come while the module holds its lock."""

    def wait(self, moment):
        end = time.time() + moment
        while not self.is_done() and time.time() < end:
            pass
        return self.is_done()


interleaving.Task = Looked


def mailbox(limit):
    """A new mailbox; the conditions of others are forgotten."""
    del MADE[:], WAITS[:]
    return boxes.Mailbox(limit)


def wake():
    """Wake everybody who waits in the mailbox, without any reason."""
    for condition in MADE[:]:
        with condition:
            condition.notify_all()


def waiting(did, function, *arguments):
    """A task that has to wait, and waits in a condition."""
    before = len(WAITS)
    task = Task(did, function, *arguments)
    task.has_to_wait()
    true(len(WAITS) > before, did, 'it waits, but not in a threading.Condition of its own',
         'a thread that waits in a threading.Condition until it is woken')
    return task


@check('in-order', 'items come out in the order in which they went in',
       advice='Put at one end of the deque, take from the other: append and popleft.')
def in_order():
    box = mailbox(3)
    for items in (list('abc'), [0, '', False]):
        for item in items:
            equal(Task('put() with room', box.put, item).result(), True, 'put() with room')
        equal([Task('get()', box.get).result() for _ in items], items,
              'get() three times after put() of %s, %s, %s' % tuple(map(repr, items)))


@check('empty-waits', 'get waits for an item, and is woken by a put',
       advice='`while not self._items: self._not_empty.wait()`; put notifies.')
def empty_waits():
    box = mailbox(1)
    getting = waiting('get() of an empty mailbox', box.get)
    box.put('late')
    equal(getting.result(), 'late', 'get() that waited for a put')


@check('full-waits', 'put waits while `limit` items are in, and is woken by a get',
       advice='`while len(self._items) >= self._limit: self._not_full.wait()`; get notifies.')
def full_waits():
    box = mailbox(2)
    for item in 'ab':
        Task('put() with room', box.put, item).result()
    putting = waiting('put() into a mailbox of 2 that has 2', box.put, 'c')
    equal(box.get(), 'a', 'get()')
    equal(putting.result(), True, 'put() that waited for a get')
    equal([box.get(), box.get()], ['b', 'c'], 'get() twice')


@check('woken-for-nothing', 'a wake-up without an item is no item',
       advice='Look again after each wait: `while`, never `if`.')
def woken_for_nothing():
    box = mailbox(1)
    getting = waiting('get() that is woken without an item', box.get)
    wake()
    getting.has_to_wait()
    box.put('a')
    equal(getting.result(), 'a', 'get() that waited for a put')
    box.put('b')
    putting = waiting('put() that is woken without room', box.put, 'c')
    wake()
    putting.has_to_wait()
    equal([box.get(), putting.result(), box.get()], ['b', True, 'c'], 'get(), put(), get()')


@check('sleeps', 'a thread that waits sleeps until it is woken; with a timeout it can be woken too',
       advice='wait() without a limit, or for all that is left of it; put and get notify.')
def sleeps():
    box = mailbox(1)
    getting = waiting('get() of an empty mailbox', box.get)
    for timeout in WAITS[:]:
        true(timeout is None or timeout > POLLING, 'get() of an empty mailbox',
             'it wakes by itself after %s s to look' % timeout, 'it sleeps until it is woken')
    box.put('a')
    equal(getting.result(), 'a', 'get() that waited for a put')
    getting = waiting('get(timeout=60) of an empty mailbox', lambda: box.get(timeout=60))
    box.put('b')
    equal(getting.result(), 'b', 'get(timeout=60) that waited for a put')
    box.put('c')
    putting = waiting('put(timeout=60) into a full mailbox', lambda: box.put('d', timeout=60))
    box.get()
    equal(putting.result(), True, 'put(timeout=60) that waited for a get')


@check('time-limit', 'with a timeout put and get give up',
       advice='wait(left) in the loop; when nothing is left, return False or None.')
def time_limit():
    box = mailbox(1)
    equal(Task('get(timeout=0.1), empty', lambda: box.get(timeout=0.1)).result(), None,
          'get(timeout=0.1) of an empty mailbox')
    box.put('a', timeout=0.1)
    equal(Task('put(timeout=0.1), full', lambda: box.put('b', timeout=0.1)).result(), False,
          'put(timeout=0.1) into a full mailbox')
    equal(box.get(timeout=0.1), 'a', 'get(timeout=0.1) with an item in it')


@check('no-time', 'a timeout of 0 does what can be done at once, and waits for nothing',
       advice='0 is false in an `if`: ask `timeout is None`. Look first, then at the time.')
def no_time():
    box = mailbox(1)
    for did, call, due in (
            ('get(timeout=0) of an empty mailbox', lambda: box.get(timeout=0), None),
            ('put(timeout=0) with room', lambda: box.put('a', timeout=0), True),
            ('put(timeout=0) into a full mailbox', lambda: box.put('b', timeout=0), False),
            ('get(timeout=0) with an item in it', lambda: box.get(timeout=0), 'a')):
        equal(Task(did, call).result(), due, did)


@check('whole-time', 'the timeout counts from the call, however often one is woken',
       advice='Compute the deadline once, before the loop; wait for what is left of it.')
def whole_time():
    box = mailbox(1)
    getting = Task('get(timeout=0.5), woken 20 times a second', lambda: box.get(timeout=0.5))
    pause = threading.Event()
    for _ in range(int(LIMIT * 20)):
        if getting.is_done():
            break
        wake()
        pause.wait(0.05)
    true(getting.is_done(), 'get(timeout=0.5), woken 20 times a second',
         'it waits still, after %d s' % LIMIT, 'None')
    equal(getting.result(), None, 'get(timeout=0.5), woken 20 times a second')


@check('close-wakes', 'close wakes all who wait',
       advice='notify_all on both conditions; the loops have to look whether it is closed.')
def close_wakes():
    empty, full = mailbox(1), mailbox(1)
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
    box = mailbox(2)
    box.put('a')
    box.put('b')
    box.close()
    equal([box.get(), box.get()], ['a', 'b'], 'get() twice after put a, b and close()')
    closed(Task('get() of a closed and empty mailbox', box.get))
    closed(Task('get(timeout=0) of a closed and empty mailbox', lambda: box.get(timeout=0)))


@check('put-after-close', 'after close put raises Closed, with room or without',
       advice='Look whether it is closed after the loop, whatever ended the loop.')
def put_after_close():
    for items in ('', 'a', 'ab'):
        box = mailbox(2)
        for item in items:
            box.put(item)
        box.close()
        did = 'after close(), with %d of 2 items in it' % len(items)
        closed(Task('put() ' + did, box.put, 'c'))
        closed(Task('put(timeout=0) ' + did, lambda box=box: box.put('c', timeout=0)))
        equal([box.get() for _ in items], list(items), 'get() ' + did)
    box.close()
    closed(Task('put() after a second close()', box.put, 'c'))


@check('each-once', 'with many threads each item is taken once, those of one sender in order',
       advice='Each method is one `with self._lock:`, from its first look to its last change.')
def each_once():
    box = mailbox(2)

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
    taking = [Task('one of 3 threads that get', take) for _ in names]
    for task in taking:
        task.has_to_wait(0.05)
    together('3 threads that put', [lambda name=name: send(name) for name in names], LIMIT * 2)
    taken = [task.result() for task in taking]
    wanted = [(name, number) for name in names for number in range(100)]
    equal(sorted(item for part in taken for item in part), wanted,
          'all that was taken, sorted')
    for part in taken:
        for name in names:
            own = [item for item in part if item[0] == name]
            equal(own, sorted(own), 'what one thread took of one sender')


@check('two-at-once', 'of two threads that want the last item, or the last room, one gets it',
       advice='From the first look to the last change it is one step, under the lock.')
def two_at_once():
    def one_item():
        box = mailbox(2)
        box.put('a')
        return box

    def get(box):
        return box.get(timeout=0)

    def put(box):
        return box.put('b', timeout=0)

    def one_got_it(_, first, second):
        true((first, second) in [('a', None), (None, 'a')], 'two get(timeout=0) at once, one item',
             '%r and %r' % (first, second), "'a' for one of them, None for the other")

    def one_is_in(_, first, second):
        equal(sorted([first, second]), [False, True], 'two put(timeout=0) at once, room for one')

    interleaving.between_lines(boxes, one_item, get, get, one_got_it)
    interleaving.between_lines(boxes, one_item, put, put, one_is_in)
