"""Three ways to build a chat room from threads and locks; ``--design`` chooses.

Members (readers), protocol, limits and counters are the same for all.  What a reader
calls is what differs, the methods of a class ``Design(server)``:

``start()``                  before the first member
``join(name, member)``       a Seat, or raises Refused
``say(seat, lines)``         False: no longer seated
``leave(seat, farewell)``    False: had left before
``await_written(seat)``      until nothing more will be written to one that has left
``close(notice, seconds)``   the end, for everybody; bounded
``report()``                 figures for the status port
"""
from __future__ import absolute_import, division, print_function

import importlib

DEFAULT = 'objects'
NAMES = ('objects', 'global-lock', 'mailboxes')


def find(name):
    """The class of a design by its name (one of NAMES)."""
    module = 'portable_server.chat.designs.' + name.replace('-', '_')
    return importlib.import_module(module).Design
