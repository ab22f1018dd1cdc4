"""Locks that are broken on purpose: the controls must see each of them.

A control that passes with a broken lock as well as with a sound one checks nothing. Each
class here wraps a lock of the watch and takes away one thing; a test says which controls
and which rows of the catalogue must turn red (row 46).
"""
from __future__ import absolute_import, division, print_function

from portable_server.litmus import watch
from portable_server.litmus.controls.kit import Kit


class Wrapped(object):
    """A lock with another one inside, and all as it should be: the control of these controls."""

    def __init__(self, lock):
        self.lock = lock
        #: The same lock without the watch.
        self.plain = getattr(lock, 'inner', lock)

    def acquire(self, *arguments):
        """As the lock's."""
        return self.lock.acquire(*arguments)

    def release(self):
        """As the lock's."""
        self.lock.release()

    def locked(self):
        """As the lock's."""
        return self.plain.locked()

    def __enter__(self):
        return self.acquire()

    def __exit__(self, kind, value, traceback):
        self.release()


class NeverExcludes(Wrapped):
    """Lets everybody in, and the watch is told nothing."""

    def acquire(self, *arguments):
        return True

    def release(self):
        pass

    def locked(self):
        return False


class LetsTheSecondIn(Wrapped):
    """Tries, and goes on without it when somebody else is in; the watch is told of the try."""

    def acquire(self, *arguments):
        self.lock.acquire(False)
        return True

    def release(self):
        try:
            self.lock.release()
        except RuntimeError:
            pass


class WithoutHooks(Wrapped):
    """Excludes as it should, and the watch is told nothing."""

    def acquire(self, *arguments):
        return self.plain.acquire(*arguments)

    def release(self):
        self.plain.release()


class HidesTheRelease(Wrapped):
    """The watch is told when it is taken and never when it is given back."""

    def release(self):
        self.plain.release()


class OnlyTries(Wrapped):
    """Spins, where a lock waits: then it has no place in any order."""

    def acquire(self, blocking=True, timeout=-1):
        while not self.lock.acquire(False):
            if not blocking or timeout >= 0:
                return False
        return True


class KeptAfterAnException(Wrapped):
    """``with`` gives it back only when the block ends well."""

    def __exit__(self, kind, value, traceback):
        if kind is None:
            self.release()


class ClaimsToBeFree(Wrapped):
    """Says yes to every try, whoever holds it."""

    def acquire(self, blocking=True, timeout=-1):
        return self.lock.acquire(blocking, timeout) if blocking else True

    def release(self):
        if self.plain.locked():
            self.lock.release()


BROKEN = (NeverExcludes, LetsTheSecondIn, WithoutHooks, HidesTheRelease, OnlyTries,
          KeptAfterAnException, ClaimsToBeFree)


def kit_with(tampered):
    """A class of Kit whose locks are ``tampered`` (a class of this module)."""
    class BrokenKit(Kit):
        """Hands out broken locks."""

        @property
        def new_lock(self):
            make = Kit.new_lock.fget(self)
            return lambda: tampered(make())

        def lock(self, name, rank=None):
            return tampered(watch.name(Kit.new_lock.fget(self)(), name, rank))

    return BrokenKit
