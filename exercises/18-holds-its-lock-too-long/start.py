"""A cache that is right, and holds its lock for as long as the loading takes. See README.md."""
from __future__ import absolute_import, division, print_function

import threading


class Cache(object):
    """Remembers what `load(key)` gave, which may take seconds."""

    def __init__(self, load):
        self._load = load
        self._lock = threading.Lock()
        self._values = {}

    def get(self, key):
        """The value of the key. It is loaded once, however many ask for it at once.

        An error of `load` goes to all who wait for it; the next `get` tries again.
        """
        with self._lock:  # TODO: everybody waits here while one loads
            if key not in self._values:
                self._values[key] = self._load(key)
            return self._values[key]

    def forget(self, key):
        """Load it again next time. Does not wait for a loading that is under way."""
        with self._lock:
            self._values.pop(key, None)

    def keys(self):
        """The keys whose values are here, sorted."""
        with self._lock:
            return sorted(self._values)
