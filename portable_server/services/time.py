"""Time (RFC 868): the seconds since 1900-01-01 00:00 UTC in 4 bytes, then the server closes.

Unsigned, network byte order. It wraps in 2036, as the RFC's 32 bits must.
"""
from __future__ import absolute_import, division, print_function

import struct
import time

from portable_server.services.base import Conversation, Service

#: Unix time 0 in seconds since 1900; the RFC itself gives this number.
UNIX_EPOCH = 2208988800


def time_since_1900(seconds):
    """The 4 bytes for a Unix time in seconds."""
    return struct.pack('!I', (int(seconds) + UNIX_EPOCH) % 2 ** 32)


class TimeConversation(Conversation):
    finished = True

    def open(self):
        return time_since_1900(time.time())


class Time(Service):
    name = 'time'

    def new(self):
        return TimeConversation()
