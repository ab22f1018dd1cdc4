"""A member that does not read, bob, and what is said until the room is rid of him."""
from __future__ import absolute_import, division, print_function

import pytest

from portable_server.compat import errors

from .running import FULL_KERNEL

LINES = 32
BLOCK = (b'x' * 999 + b'\n') * LINES
LINE = b'[speaker] ' + b'x' * 999
BOB_HAS_LEFT = b'* bob has left the room'


def speak_until(client, stop, limit=FULL_KERNEL):
    """Speak until ``limit`` bytes are sent or it fails; blocks while nobody takes them."""
    try:
        for _ in range(limit // len(BLOCK)):
            client.send(BLOCK)
    except errors.SocketError:
        pass
    stop.set()


def speak_until_bob_has_left(speaker, reader):
    """Speak, and have the reader get each block before the next: only bob is slow."""
    for _ in range(FULL_KERNEL // len(BLOCK)):
        speaker.send(BLOCK)
        lines = [line for line in reader.lines(LINES) if line != BOB_HAS_LEFT]
        if len(lines) < LINES:
            lines += [reader.line()]
            assert lines == [LINE] * LINES
            return
        assert lines == [LINE] * LINES
    pytest.fail('bob was not cut off')
