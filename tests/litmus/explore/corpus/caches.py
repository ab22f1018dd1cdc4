"""Faults: what is made once is made twice, or is seen before it is complete."""
from __future__ import absolute_import, division, print_function

import collections
import threading


class Memo(object):
    """Two pools for one key, of which one is lost. urllib3 pull request 204."""

    def __init__(self):
        self._made = {}

    def get(self, key):
        if key not in self._made:
            self._made[key] = object()
        return self._made[key]


class LazyClient(object):
    """A property that is computed once is computed twice. cached-property issue 6."""

    def __init__(self):
        self._client = None

    @property
    def client(self):
        if self._client is None:
            self._client = object()
        return self._client


class _Entry(object):
    pass


class Registry(object):
    """Published before it is complete. django-redis-cache issue 213."""

    def __init__(self):
        self._entries = {}

    def name_of(self, key):
        if key not in self._entries:
            entry = _Entry()
            self._entries[key] = entry
            entry.name = key.upper()
        return self._entries[key].name


class Recent(object):
    """Two threads evict the same entry. boltons issue 52."""

    def __init__(self, capacity=1):
        self._capacity = capacity
        self._entries = collections.OrderedDict()

    def put(self, key, value):
        self._entries[key] = value
        if len(self._entries) > self._capacity:
            oldest = next(iter(self._entries))
            del self._entries[oldest]

    def size(self):
        return len(self._entries)


class Sessions(object):
    """Iterated while another thread changes it. Supervisor pull request 1187."""

    def __init__(self):
        self._sessions = {}

    def open(self, name):
        self._sessions[name] = 0

    def tick(self):
        for name in self._sessions:
            self._sessions[name] += 1

    def ages(self):
        return dict(self._sessions)


class Doubled(object):
    """Double-checked locking that publishes first. KiroCrew issue 427."""

    _instance = None
    _lock = threading.Lock()

    @classmethod
    def names(cls):
        if cls._instance is None:
            with cls._lock:
                if cls._instance is None:
                    cls._instance = {}
                    cls._instance['ready'] = True
        return sorted(cls._instance)
