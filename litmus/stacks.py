"""What happened, as text that a report can carry: stacks of threads, tracebacks."""
from __future__ import absolute_import, division, print_function

import sys
import traceback

from portable_server.compat import threads


class _Lines(list):
    """A text stream that keeps what was written."""

    def write(self, text):
        self.append(text)

    def flush(self):
        """Nothing to do: the lines are here."""


def stacks_of_all():
    """The stacks (text) of all threads, for a run that hangs."""
    lines = _Lines()
    threads.dump_stacks(lines)
    return as_text(''.join(lines))


def raised_name():
    """The name (str) of the exception being handled, of Python's or of Java's."""
    return sys.exc_info()[0].__name__.rsplit('.', 1)[-1]


def raised_text():
    """The traceback (text) of the exception being handled."""
    return as_text(traceback.format_exc())


def as_text(found):
    """Text of what may be bytes on Python 2, for ``json``."""
    return found.decode('utf-8', 'replace') if isinstance(found, bytes) else found
