"""What code that must not know of a checker of locks may tell it.

    with watching.allow('one writer', why='a message has to stay whole'):
        connection.sendall(message)

While no checker is there, this is a call that does nothing.
"""
from __future__ import absolute_import, division, print_function

_checker = None


class _Nothing(object):
    """A context manager that does nothing."""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass


_NOTHING = _Nothing()


def serve(checker):
    """Let `checker` (a module with `allow` and `name`; None: nobody) be told."""
    global _checker
    _checker = checker


def allow(name, why, *kinds):
    """Context manager: what is done in it breaks a rule on purpose (kinds: none is all)."""
    if _checker is None:
        return _NOTHING
    return _checker.allow(name, why, kinds) if kinds else _checker.allow(name, why)


def name(lock, title, rank=None):
    """Give the class of `lock` a name; returns `lock`.  See `portable_server.litmus.watch.name`."""
    return lock if _checker is None else _checker.name(lock, title, rank)
