"""Do the rounds of a case share state? Then they cannot stand side by side in a batch.

A case whose state is in ``self`` may have hundreds of rounds at once. One whose state
is in a global, or in an attribute of a class, may not: every round would write to the
same place. A ``global`` statement in the class says so; the rest shows by trying: make
a round, look at it, run *another* round, look again. What looks different now was
changed by a round that it has nothing to do with.
"""
from __future__ import absolute_import, division, print_function

import inspect
import re

from portable_server.compat import threads
from portable_server.litmus.case import Case
from portable_server.litmus.stacks import raised_name

#: Seconds that an observer may take to look at a round that was not run.
_LIMIT = 2.0
_GLOBAL = re.compile(r'^\s+global\s', re.MULTILINE)


def declares_globals(case_class):
    """bool: whether the class, or one that it derives from, has a ``global`` statement."""
    bases = [base for base in case_class.__mro__ if issubclass(base, Case)]
    return any(_GLOBAL.search(_source(base)) for base in bases)


def _source(base):
    try:
        return inspect.getsource(base)
    except (EnvironmentError, TypeError, IndexError):   # typed in, or made by exec
        return ''


class Bystander(object):
    """A round that is never run, and what its observer says of it."""

    def __init__(self, case_class):
        self._one = case_class()
        self._before = self._look()

    def has_noticed(self):
        """bool: whether it looks different from when it was made."""
        return self._before is not None and self._look() != self._before

    def _look(self):
        """What the observer says; None if it waits, as it may in a round never run."""
        found = []
        thread = threads.Thread(target=self._observe, args=(found,), name='bystander')
        thread.daemon = True
        thread.start()
        thread.join(_LIMIT)
        return found[0] if found else None

    def _observe(self, found):
        try:
            found.append(str(self._one.observe()))
        except:  # noqa: E722 -- a round that was not run may well be too strange to look at
            found.append(raised_name())
