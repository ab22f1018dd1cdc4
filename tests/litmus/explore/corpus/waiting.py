"""Faults: waits that end too early, or never."""
from __future__ import absolute_import, division, print_function

import threading


class Slot(object):
    """`if` in place of `while`: another thread takes the item first. SEI CERT THI03-J."""

    def __init__(self):
        self._items = []
        self._changed = threading.Condition()

    def put(self, item):
        with self._changed:
            self._items.append(item)
            self._changed.notify()

    def take(self):
        with self._changed:
            if not self._items:
                self._changed.wait()
            return self._items.pop()


class Gate(object):
    """Lost wake-up: looked at without the lock, then waited. allwpilib pull request 9423."""

    def __init__(self):
        self._opened = False
        self._changed = threading.Condition()

    def open(self):
        self._opened = True
        with self._changed:
            self._changed.notify_all()

    def enter(self):
        if not self._opened:
            with self._changed:
                self._changed.wait()
        return True


class Bounded(object):
    """One notification wakes one of the same kind: a stolen wake-up. SEI CERT THI02-J."""

    race = ['Bounded()', 'put(1)', 'take()']

    def __init__(self):
        self._items = []
        self._changed = threading.Condition()

    def put(self, item):
        with self._changed:
            while self._items:
                self._changed.wait()
            self._items.append(item)
            self._changed.notify()

    def take(self):
        with self._changed:
            while not self._items:
                self._changed.wait()
            item = self._items.pop()
            self._changed.notify()
            return item


class Transfer(object):
    """Two locks in two orders. SEI CERT LCK07-J."""

    def __init__(self):
        self._left, self._right = threading.Lock(), threading.Lock()
        self._amounts = [5, 5]

    def to_right(self):
        with self._left:
            with self._right:
                self._amounts[0] -= 1
                self._amounts[1] += 1

    def to_left(self):
        with self._right:
            with self._left:
                self._amounts[1] -= 1
                self._amounts[0] += 1

    def amounts(self):
        with self._left:
            with self._right:
                return tuple(self._amounts)


class Notices(object):
    """A listener is called under the lock that it needs itself. CWE-833."""

    race = ['Notices()', 'publish(1)', 'publish_all([1, 2])', 'published()']

    def __init__(self):
        self._inner, self._outer = threading.Lock(), threading.Lock()
        self._sent = []

    def publish(self, notice):
        with self._outer:
            self._send(notice)

    def _send(self, notice):
        with self._inner:
            self._sent.append(notice)

    def publish_all(self, notices):
        with self._inner:
            batch = list(notices)
            with self._outer:
                self._sent.extend(batch)

    def published(self):
        return len(self._sent)
