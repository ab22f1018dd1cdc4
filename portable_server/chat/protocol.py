"""Budget Chat (Protohackers problem 3) without I/O: its texts and its rules.

Everything on the wire is bytes.  The protocol is ASCII text; what is not:
bytes of 128 and above are carried unchanged (UTF-8 passes through; the server
decodes nothing, so it cannot fail on it), and control characters but the tab become
``?``, because a chat line ends on other people's terminals and must not move their
cursor.  So do the controls of ISO 8859 (128 to 159; 155 begins a command to a
terminal), as such a byte alone and in their UTF-8 form.  A carriage return before
the newline is stripped.
"""
from __future__ import absolute_import, division, print_function

import re

GREETING = b'Hello. Please send your name.\n'
CLOSING = b'* server is closing\n'
NAME_IN_USE = b'! name is in use\n'
ROOM_FULL = b'! room is full\n'
SERVER_FULL = b'! too many connections\n'
TOO_LATE = b'! no name within the time limit\n'
TOO_SLOW = b'! cut off: you read too slowly\n'

ROSTER_ENTRY = 16       # about as many bytes as a name costs in a list of names

_LETTERS = frozenset(bytearray(
    b'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'))
_CONTROLS = frozenset(list(range(32)) + [127]) - frozenset(bytearray(b'\t'))
_PRINTABLE = bytes(bytearray(ord('?') if i in _CONTROLS else i for i in range(256)))
_HIGH = re.compile(b'[\x80-\xff]')
#: A character of UTF-8 (RFC 3629) that is no control, or else what stands for a control.
_CHARACTER_OR_CONTROL = re.compile(
    b'(\xc2[\xa0-\xbf]|[\xc3-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3})'
    b'|\xc2?[\x80-\x9f]')


def is_name(name, length):
    """Is ``name`` (bytes) 1 to ``length`` ASCII letters and digits?"""
    return 0 < len(name) <= length and _LETTERS.issuperset(bytearray(name))


def bad_name(length):
    """The line for a name that is_name refuses."""
    return ('! a name has 1 to %d letters and digits (ASCII)\n' % length).encode('ascii')


def line_too_long(length):
    """The line for a client whose line is longer than ``length`` bytes."""
    return ('! line too long: the limit is %d\n' % length).encode('ascii')


def entered(name):
    return b'* ' + name + b' has entered the room\n'


def left(name):
    return b'* ' + name + b' has left the room\n'


def roster(names):
    """What a new member is told; ``names`` are those of the others."""
    return b'* The room contains: ' + b', '.join(names) + b'\n'


def said(name, lines):
    """What the others get for ``lines`` (bytes without newline) that ``name`` said."""
    prefix = b'[' + name + b'] '
    return [prefix + _printable(line) + b'\n' for line in lines]


def _printable(line):
    line = line.translate(_PRINTABLE)
    if _HIGH.search(line):
        line = _CHARACTER_OR_CONTROL.sub(lambda match: match.group(1) or b'?', line)
    return line
