"""Three ways to build a chat room from threads and locks; ``--design`` chooses.

A design is a class with the methods of :class:`Design`.  Members (readers) and
everything else are the same for all.
"""
from __future__ import absolute_import, division, print_function

import importlib

DEFAULT = 'objects'
NAMES = ('objects', 'global-lock', 'mailboxes')


def find(name):
    """The class of a design by its name (one of NAMES)."""
    module = 'portable_server.chat.designs.' + name.replace('-', '_')
    return importlib.import_module(module).Design
