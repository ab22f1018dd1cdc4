"""Budget Chat (Protohackers problem 3) without I/O: its texts and its rules.

Everything on the wire is bytes.  The protocol is ASCII text; what is not:
bytes of 128 and above are carried unchanged (UTF-8 passes through; the server
decodes nothing, so it cannot fail on it), and control characters but the tab become
``?``, because a chat line ends on other people's terminals and must not move their
cursor.  A carriage return before the newline is stripped.
"""
from __future__ import absolute_import, division, print_function

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
    return [prefix + line.translate(_PRINTABLE) + b'\n' for line in lines]
