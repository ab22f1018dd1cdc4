"""The stacks of all threads, for CPython and PyPy."""
from __future__ import absolute_import, division, print_function

import sys
import threading
import traceback


def dump_stacks(stream):
    """Write each thread's name and stack to the text stream `stream`.

    For a program that hangs: it takes no lock that a hanging thread could hold.
    """
    names = dict((thread.ident, thread.name)
                 for thread in list(threading._active.values()))
    for ident, frame in sys._current_frames().items():
        stream.write('Thread %s (%s), newest call last:\n'
                     % (names.get(ident, 'unknown'), ident))
        stream.write(''.join(traceback.format_stack(frame)))
    stream.flush()
