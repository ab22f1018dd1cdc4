"""Correct programs, modelled on those that one meets: none may give a report."""
from __future__ import absolute_import, division, print_function

import collections

from portable_server.litmus.controls.control import control
from portable_server.litmus.controls.kit import PATIENCE

ITEMS = 20


def crew(kit, *functions):
    """Run the functions at once, a thread each, to their end."""
    kit.finish(*[kit.start(function) for function in functions])


@control()
def producer_and_consumer(kit):
    """By a Queue with a limit, which locks for itself; None says that there is no more."""
    queue, got = kit.threads.Queue(2), []

    def produce():
        for item in range(ITEMS):
            queue.put(item)
        queue.put(None)

    def consume():
        for item in iter(queue.get, None):
            got.append(item)

    crew(kit, produce, consume)
    kit.check(got == list(range(ITEMS)), 'all arrived in order')


@control()
def pool_of_workers(kit):
    """Work comes by a Queue, is done without a lock, and its result is kept under one."""
    work, results, lock = kit.threads.Queue(), {}, kit.lock('results')

    def worker():
        for number in iter(work.get, None):
            square = number * number
            with lock:
                results[number] = square
            work.task_done()

    workers = [kit.start(worker) for _ in range(3)]
    for number in range(ITEMS):
        work.put(number)
    work.join()
    for _ in workers:
        work.put(None)
    kit.finish(*workers)
    kit.check(len(results) == ITEMS, 'all was done')


@control()
def listeners_called_from_a_copy(kit):
    """Copy under the lock, call without it: a listener may take the lock itself."""
    lock, listeners, heard = kit.lock('listeners'), [], []

    def hear(text):
        with lock:
            heard.append(text)

    def publish(text):
        with lock:
            now = list(listeners)
        for listener in now:
            listener(text)

    with lock:
        listeners.extend([hear, hear])
    crew(kit, lambda: publish('x'), lambda: publish('y'))
    kit.check(len(heard) == 4, 'each heard each')


@control()
def cache_with_a_limit(kit):
    """functools.lru_cache by hand: look, compute without the lock, store."""
    lock, kept = kit.lock('cache'), collections.OrderedDict()

    def square(number):
        with lock:
            if number in kept:
                return kept[number]
        value = number * number
        with lock:
            kept[number] = value
            while len(kept) > 3:
                kept.popitem(last=False)
        return value

    crew(kit, *[lambda: [square(number) for number in range(5)]] * 3)
    kit.check(len(kept) == 3, 'it has its limit')


@control()
def initialise_once(kit):
    """Check, lock, check again."""
    lock, made = kit.lock('once'), []

    def get():
        if not made:
            with lock:
                if not made:
                    made.append(object())
        return made[0]

    crew(kit, get, get, get)
    kit.check(len(made) == 1, 'one was made')


@control()
def pool_of_connections(kit):
    """First the semaphore, which may wait, then the lock, which does not."""
    slots, lock, free = kit.threads.Semaphore(2), kit.lock('pool'), ['x', 'y']

    def use():
        with slots:
            with lock:
                one = free.pop()
            with lock:
                free.append(one)

    crew(kit, *[use] * 5)
    kit.check(sorted(free) == ['x', 'y'], 'both are back')


@control()
def transfer_between_accounts(kit):
    """Two locks of one class in the order of the accounts' numbers."""
    class Account(object):
        def __init__(self, number):
            self.number = number
            self.balance = 100
            self.lock = kit.lock('account', rank=number)

    def transfer(source, target):
        first, second = sorted([source, target], key=lambda one: one.number)
        with first.lock:
            with second.lock:
                source.balance -= 1
                target.balance += 1

    one, two = Account(1), Account(2)
    crew(kit, *[lambda: transfer(one, two), lambda: transfer(two, one)] * 3)
    kit.check((one.balance, two.balance) == (100, 100), 'no money was lost')


@control(apis=('compat',))
def phases_by_a_barrier(kit):
    """The library's own, with nobody's lock held."""
    gate, lock, total = kit.threads.Barrier(3), kit.lock('total'), []

    def work():
        for phase in range(3):
            with lock:
                total.append(phase)
            gate.wait(PATIENCE)

    crew(kit, work, work, work)
    kit.check(total == sorted(total), 'no phase before the one before')


@control()
def object_with_two_levels(kit):
    """A server's lock before each session's, everywhere."""
    server, sessions = kit.lock('server'), {}

    class Session(object):
        def __init__(self):
            self.lock = kit.lock('session')
            self.seen = 0

        def touch(self):
            with self.lock:
                self.seen += 1

    def work():
        with server:
            session = sessions.setdefault('x', Session())
            session.touch()
        session.touch()

    crew(kit, work, work, work)
    kit.check(sessions['x'].seen == 6, 'all were counted')


@control()
def stop_flag(kit):
    """A worker that polls an Event between its pieces of work."""
    stop, lock, count = kit.threads.Event(), kit.lock('count'), [0]

    def work():
        while not stop.wait(0.0001):
            with lock:
                count[0] += 1
                if count[0] == 3:
                    stop.set()

    crew(kit, work)
    kit.check(count[0] == 3, 'it stopped itself')


@control()
def lock_per_key(kit):
    """A lock for each key, made under the lock of the table and taken without it."""
    table_lock, locks, seen = kit.lock('table'), {}, []

    def work(key):
        with table_lock:
            mine = locks.setdefault(key, kit.lock('key'))
        with mine:
            seen.append(key)

    crew(kit, *[lambda key=key: work(key) for key in 'xyxy'])
    kit.check(sorted(seen) == list('xxyy'), 'all had their turn')


@control()
def echo_server(kit):
    """A thread for the client; its count is kept under a lock, its socket is used without."""
    listener, lock, served = kit.listener(), kit.lock('served'), [0]

    def serve():
        peer, _ = listener.accept()
        peer.sendall(peer.recv(10))
        with lock:
            served[0] += 1
        peer.close()

    server = kit.start(serve)
    ours = kit.socket()
    ours.connect(listener.getsockname())
    ours.sendall(b'hello')
    kit.check(ours.recv(10) == b'hello', 'it comes back')
    kit.finish(server)
    kit.check(served[0] == 1, 'it was counted')
