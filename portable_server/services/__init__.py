"""The services by the name that the command line uses.

A service's module is imported when it is asked for: an import costs a noticeable
part of a second on Jython.
"""
from __future__ import absolute_import, division, print_function

import importlib

#: (name, module, class, one line for the help)
SERVICES = [
    ('echo', 'portable_server.services.echo', 'Echo', 'what comes goes back (RFC 862)'),
    ('discard', 'portable_server.services.discard', 'Discard', 'what comes is thrown away (RFC 863)'),
    ('daytime', 'portable_server.services.daytime', 'Daytime', 'the date as one line of text (RFC 867)'),
    ('time', 'portable_server.services.time', 'Time', 'seconds since 1900 in 4 bytes (RFC 868)'),
    ('chargen', 'portable_server.services.chargen', 'Chargen', 'lines of characters without end (RFC 864)'),
    ('work', 'portable_server.services.work', 'Work', 'lines that cost processor time: to measure with'),
    ('chat', 'portable_server.services.chat', 'Chat', 'a chat room (Budget Chat, Protohackers problem 3)'),
]


def names():
    """The names of all services, in the order of the help."""
    return [entry[0] for entry in SERVICES]


def find(name):
    """The Service class of that name; raises LookupError if there is none."""
    for known, module, class_name, _ in SERVICES:
        if known == name:
            return getattr(importlib.import_module(module), class_name)
    raise LookupError("no service named '%s'" % name)
