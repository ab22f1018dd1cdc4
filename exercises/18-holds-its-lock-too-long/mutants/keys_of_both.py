"""keys has what is still being loaded, too."""
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
        """Load it again next time. Does not wait for a loading that is under way."""
        with self._lock:
            self._values.pop(key, None)

    def keys(self):
        """The keys whose values are here, sorted."""
        with self._lock:
            return sorted(set(self._values) | set(self._loading))

    def _fill(self, key, load):
        try:
            load.value = self._load(key)
        except BaseException as error:
            load.error = error
            raise
        finally:
            with self._lock:
                del self._loading[key]
                if load.error is None:
                    self._values[key] = load.value
            load.done.set()
        return load.value
