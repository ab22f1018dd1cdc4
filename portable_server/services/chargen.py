"""Character generator (RFC 864): lines of characters, until the client closes.

The RFC's popular pattern: 72 of the 95 printing ASCII characters, each line
starting one character further than the line before. What the client sends is not
looked at.
"""
from __future__ import absolute_import, division, print_function

from portable_server.services.base import Conversation, Service

LINE_LENGTH = 72
CHARACTERS = bytes(bytearray(range(0x20, 0x7f)))


def _pattern():
    twice = CHARACTERS + CHARACTERS
    return b''.join(twice[start:start + LINE_LENGTH] + b'\r\n' for start in range(len(CHARACTERS)))


#: All 95 lines: after the last the first follows, so the whole pattern repeats as it is.
PATTERN = _pattern()


class ChargenConversation(Conversation):
    def produce(self):
        return PATTERN


class Chargen(Service):
    name = 'chargen'

    def new(self):
        return ChargenConversation()
