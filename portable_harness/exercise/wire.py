"""Messages between the checks of a module and the process that has the module.

A message is a header (two numbers of four bytes: how long the text is, and the data behind it),
a JSON object as text, and data: long bytes, whose lengths are in the object's `blobs`. In it:

- `conversation`: whose thread it is for, see `link.py`; 0: for none.
- a request has `q` (a word), `args`, `named`; a reply has `a` (a value) or `x` (an exception).
- `report`: of the lock watch.

None, booleans and integers are as in JSON. Other values are an object with one key of one letter:
f float, t text, n Python 2's str, b bytes, u tuple, d dict, s set, y slice, l list; `m` is an
object that the receiver knows, by the number that it gave; o an object, c a class and e an
exception of the module; h one of the checks. A list of the module goes by its number too, because
a check wants to know whether it is a copy.

The sender of what is read here is the student's code, which may send anything. So nothing but
these values can come out of it, nothing is unbounded, and all that is wrong is `Nonsense`.
"""

from __future__ import annotations

import json
import struct
from typing import IO, Any

from portable_harness.base.reading import decoded

HEADER = struct.Struct(">II")
LONGEST_TEXT, LONGEST_DATA = 8 << 20, 64 << 20  # bytes
LARGE = 1000  # bytes that go as a blob
Message = dict[str, Any]


class Nonsense(Exception):
    """What came is no message."""


def packed(message: Message, blobs: list[bytes]) -> bytes:
    """A message as it is sent."""
    text = json.dumps({**message, "blobs": [len(blob) for blob in blobs]}).encode("ascii")
    return HEADER.pack(len(text), sum(map(len, blobs))) + text + b"".join(blobs)


def read(stream: IO[bytes]) -> Message | None:
    """The next message, None at the end; `blobs` of it are bytes. :raises Nonsense: see above"""
    head = stream.read(HEADER.size)
    if not head:
        return None
    if len(head) < HEADER.size:
        raise Nonsense("half a header")
    size, more = HEADER.unpack(head)
    if size > LONGEST_TEXT or more > LONGEST_DATA:
        raise Nonsense("a message of many megabytes")
    text, data = stream.read(size), stream.read(more)
    if len(text) < size or len(data) < more:
        return None  # it was ended while it wrote
    try:
        message = decoded(text)
        sizes = message["blobs"]
        if not isinstance(message["conversation"], int) or sum(sizes) != more or min([0, *sizes]):
            raise Nonsense("a wrong header")
    except (ValueError, TypeError, KeyError) as error:
        raise Nonsense(f"{type(error).__name__}: {error}") from None
    message["blobs"] = _split(data, sizes)
    return dict(message)


def _split(data: bytes, sizes: list[int]) -> list[bytes]:
    pieces, begin = [], 0
    for size in sizes:
        pieces.append(data[begin : begin + size])
        begin += size
    return pieces
