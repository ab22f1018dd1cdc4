"""A cache whose lock is held for a moment only, however long the loading takes.

Under the lock stands the decision alone: is it here, is somebody loading it, or is it for me to load?
Loading and waiting happen without it. Who waits, waits for the one load (an Event), not for the lock.
"""
from __future__ import absolute_import, division, print_function

import threading


class Load(object):
    """One loading that is under way: the others wait for `done`."""

    def __init__(self):
        self.done = threading.Event()
        self.value = None
        self.error = None


class Cache(object):
    """Remembers what `load(key)` gave, which may take seconds."""

    def __init__(self, load):
        self._load = load
        self._lock = threading.Lock()
        self._values = {}
        self._loading = {}

    def get(self, key):
        """The value of the key. It is loaded once, however many ask for it at once.

        An error of `load` goes to all who wait for it; the next `get` tries again.
        """
        with self._lock:
            if key in self._values:
                return self._values[key]
            load = self._loading.get(key)
            mine = load is None
            if mine:
                load = self._loading[key] = Load()
        if mine:
            return self._fill(key, load)
        load.done.wait()
        if load.error is not None:
            raise load.error
        return load.value

    def forget(self, key):
        """Load it again next time. Does not wait for a loading that is under way.

        That one goes on for those who wait for it, and what it gives is not remembered: it may have
        begun before the value changed.
        """
        with self._lock:
            self._values.pop(key, None)
            self._loading.pop(key, None)

    def keys(self):
        """The keys whose values are here, sorted."""
        with self._lock:
            return sorted(self._values)

    def _fill(self, key, load):
        try:
            load.value = self._load(key)
        except BaseException as error:
            load.error = error
            raise
        finally:
            with self._lock:
                if self._loading.get(key) is load:  # else it was forgotten meanwhile
                    del self._loading[key]
                    if load.error is None:
                        self._values[key] = load.value
            load.done.set()
        return load.value
