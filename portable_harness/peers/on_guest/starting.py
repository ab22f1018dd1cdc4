"""What the portable peers share: the command line, the readiness line, the end."""
from __future__ import absolute_import, division, print_function

import argparse
import os
import sys
import threading

LIMIT = 65536  # bytes that a line may have; a longer one comes in pieces
BACKLOG = 4096


def arguments():
    """(host, port) of the command line."""
    parser = argparse.ArgumentParser()
    parser.add_argument('--host', default='127.0.0.1')
    parser.add_argument('--port', type=int, default=0)
    chosen = parser.parse_args()
    return chosen.host, chosen.port


def ready(address):
    """Print the line that whoever started us waits for; from now on we end with our input."""
    print('listening on %s:%d' % (address[0], address[1]))
    sys.stdout.flush()
    thread = threading.Thread(target=_end_with_input)
    thread.daemon = True
    thread.start()


def _end_with_input():
    while sys.stdin.readline():
        pass
    os._exit(0)
