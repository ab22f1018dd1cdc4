"""Run a student's program under the lock watch: watched.py RECORD HOLD_LIMIT PROGRAM ARGUMENTS.

Each report is a JSON object in a line of RECORD, the path of a pipe, from a forked child as well;
what the program prints cannot disturb it.
"""
from __future__ import absolute_import, division, print_function

import json
import os
import runpy
import sys

from portable_server.litmus import watch


def listener(record):
    """A function of a report that writes it to the pipe `record`."""
    def take(report):
        line = json.dumps({'kind': report.kind, 'lock': report.lock, 'text': str(report)}) + '\n'
        descriptor = os.open(record, os.O_WRONLY)
        try:
            os.write(descriptor, line.encode('utf-8'))
        finally:
            os.close(descriptor)
    return take


def main(record, hold_limit, program, arguments):
    sys.argv[:] = [program] + arguments
    sys.path[0] = os.path.dirname(os.path.abspath(program))
    session = watch.install(mode='report', hold_limit=float(hold_limit))
    session.listeners.append(listener(record))
    runpy.run_path(program, run_name='__main__')


if __name__ == '__main__':
    main(sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4:])
