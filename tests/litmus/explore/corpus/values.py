"""Faults: a value that is read, changed and written in more than one step."""
from __future__ import absolute_import, division, print_function

import threading


class Hits(object):
    """Lost update. The Python FAQ, "What kinds of global value mutation are thread-safe?"."""

    def __init__(self):
        self._hits = 0

    def add(self):
        self._hits += 1

    def total(self):
        return self._hits


class Words(object):
    """Lost update of an item. The Python FAQ, the same answer: `D[x] = D[x] + 1`."""

    def __init__(self):
        self._counts = {}

    def count(self, word):
        self._counts[word] = self._counts.get(word, 0) + 1

    def counts(self):
        return dict(self._counts)


class Account(object):
    """Check, then act under another hold of the lock. SEI CERT VNA03-J."""

    def __init__(self, balance=10):
        self._balance = balance
        self._lock = threading.Lock()

    def withdraw(self, amount):
        with self._lock:
            if self._balance < amount:
                return False
        with self._lock:
            self._balance -= amount
        return True

    def balance(self):
        with self._lock:
            return self._balance


class TwoLocks(object):
    """Two locks for one field. CWE-820, missing synchronization."""

    def __init__(self):
        self._up, self._down = threading.Lock(), threading.Lock()
        self._level = 0

    def increase(self):
        with self._up:
            self._level = self._level + 1

    def decrease(self):
        with self._down:
            self._level = self._level - 1

    def level(self):
        return self._level


class Range(object):
    """An invariant over two fields is visible half way. SEI CERT VNA02-J."""

    def __init__(self):
        self._low, self._high = 0, 0

    def move(self, distance):
        self._low += 0
        self._low = self._low + distance
        self._high = self._low + 10

    def limits(self):
        return self._low, self._high


class SharedCount(object):
    """An instance's lock guards what belongs to the class. SEI CERT LCK06-J."""

    made = 0

    def __init__(self):
        self._lock = threading.Lock()

    def make(self):
        other = SharedCount()
        with other._lock:
            number = SharedCount.made
            SharedCount.made = number + 1
        return number
