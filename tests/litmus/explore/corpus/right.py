"""Classes without a fault: no check may report one."""
from __future__ import absolute_import, division, print_function

import collections
import threading


class Hits(object):
    """Counted under a lock."""

    def __init__(self):
        self._hits = 0
        self._lock = threading.Lock()

    def add(self):
        with self._lock:
            self._hits += 1

    def total(self):
        with self._lock:
            return self._hits


class Words(object):
    """Items counted under a lock; a copy is handed out."""

    def __init__(self):
        self._counts = {}
        self._lock = threading.RLock()

    def count(self, word):
        with self._lock:
            self._counts[word] = self._counts.get(word, 0) + 1

    def counts(self):
        with self._lock:
            return dict(self._counts)


class Account(object):
    """Looks and acts in one hold."""

    def __init__(self, balance=10):
        self._balance = balance
        self._lock = threading.Lock()

    def withdraw(self, amount):
        with self._lock:
            if self._balance < amount:
                return False
            self._balance -= amount
            return True

    def balance(self):
        with self._lock:
            return self._balance


class Memo(object):
    """`setdefault` has one winner."""

    def __init__(self):
        self._made = {}

    def get(self, key):
        return self._made.setdefault(key, object())


class LazyClient(object):
    """Double-checked locking that publishes last."""

    def __init__(self):
        self._client = None
        self._lock = threading.Lock()

    @property
    def client(self):
        if self._client is None:
            with self._lock:
                if self._client is None:
                    self._client = object()
        return self._client


class Recent(object):
    """Evicts under its lock."""

    def __init__(self, capacity=1):
        self._capacity = capacity
        self._entries = collections.OrderedDict()
        self._lock = threading.Lock()

    def put(self, key, value):
        with self._lock:
            self._entries[key] = value
            while len(self._entries) > self._capacity:
                del self._entries[next(iter(self._entries))]

    def get(self, key):
        with self._lock:
            return self._entries.get(key)


class Pool(object):
    """Takes first and looks at what came of it."""

    race = ['Pool([7])', 'take()', 'give(8)']

    def __init__(self, connections):
        self._free = list(connections)

    def take(self):
        try:
            return self._free.pop()
        except IndexError:
            return None

    def give(self, connection):
        self._free.append(connection)


class Slot(object):
    """Waits in a loop."""

    def __init__(self):
        self._items = []
        self._changed = threading.Condition()

    def put(self, item):
        with self._changed:
            self._items.append(item)
            self._changed.notify()

    def take(self):
        with self._changed:
            while not self._items:
                self._changed.wait()
            return self._items.pop(0)


class Bounded(object):
    """Two conditions over one lock."""

    race = ['Bounded()', 'put(1)', 'put(2)', 'take()']

    def __init__(self):
        lock = threading.Lock()
        self._items = []
        self._not_full, self._not_empty = threading.Condition(lock), threading.Condition(lock)

    def put(self, item):
        with self._not_full:
            while self._items:
                self._not_full.wait()
            self._items.append(item)
            self._not_empty.notify()

    def take(self):
        with self._not_empty:
            while not self._items:
                self._not_empty.wait()
            item = self._items.pop()
            self._not_full.notify()
            return item


class Transfer(object):
    """Both directions take the locks in one order."""

    def __init__(self):
        self._left, self._right = threading.Lock(), threading.Lock()
        self._amounts = [5, 5]

    def _move(self, distance):
        with self._left:
            with self._right:
                self._amounts[0] -= distance
                self._amounts[1] += distance

    def to_right(self):
        self._move(1)

    def to_left(self):
        self._move(-1)

    def amounts(self):
        with self._left:
            with self._right:
                return tuple(self._amounts)


class Latch(object):
    """Opens once; who waits until then goes on."""

    def __init__(self):
        self._opened = threading.Event()

    def open(self):
        self._opened.set()

    def is_open(self):
        return self._opened.is_set()

    def enter(self):
        self._opened.wait()
        return 'entered'


class Log(object):
    """Single operations of a list need no lock: the Python FAQ."""

    def __init__(self):
        self._lines = []

    def write(self, line):
        self._lines.append(line)

    def lines(self):
        return list(self._lines)


class Mailbox(object):
    """A semaphore counts what a deque holds."""

    def __init__(self):
        self._letters = collections.deque()
        self._count = threading.Semaphore(0)

    def send(self, letter):
        self._letters.append(letter)
        self._count.release()

    def receive(self):
        self._count.acquire()
        return self._letters.popleft()
