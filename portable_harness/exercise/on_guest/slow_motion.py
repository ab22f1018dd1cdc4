"""Run a student's program in slow motion: slow_motion.py SECONDS PROGRAM ARGUMENTS.

Every line of the program takes SECONDS, in each of its threads. Threads that do the same thing at
the same time then keep step: all of them have looked before the first of them acts. So a step that
is in two pieces, with no lock around both, fails each time and not once in a thousand times. A
correct program is only slower.

Jython calls trace functions under a lock of its own, which would let only one thread on; there the
program runs at its usual speed.
"""
from __future__ import absolute_import, division, print_function

import os
import runpy
import sys
import threading
import time


def tracer(path, seconds):
    """A trace function that sleeps before each line of the file `path`."""
    def trace(frame, event, _):
        if frame.f_code.co_filename != path:
            return None
        if event == 'line':
            time.sleep(seconds)
        return trace
    return trace


def main(seconds, program, arguments):
    sys.argv[:] = [program] + arguments
    sys.path[0] = os.path.dirname(os.path.abspath(program))
    if not sys.platform.startswith('java'):
        trace = tracer(program, seconds)
        threading.settrace(trace)
        sys.settrace(trace)
    runpy.run_path(program, run_name='__main__')


if __name__ == '__main__':
    main(float(sys.argv[1]), sys.argv[2], sys.argv[3:])
