"""Bytes for the wire, text for people, and each interpreter's own `str`."""
from __future__ import absolute_import, division, print_function

import codecs

# A codec is a module, imported when it is first used. 2.7 remembers for ever that this failed,
# and a server that is out of descriptors cannot import: so it has them from the beginning.
for _name in ('ascii', 'utf-8'):
    codecs.lookup(_name)

text_type = type(u'')


def to_bytes(value, encoding='utf-8', errors='strict'):
    """bytes: `value` (bytes, bytearray or text) as bytes; text is encoded."""
    if isinstance(value, text_type):
        return value.encode(encoding, errors)
    return bytes(value)


def to_text(value, encoding='utf-8', errors='strict'):
    """text (unicode on 2.7): `value` (bytes, bytearray or text) as text."""
    if isinstance(value, text_type):
        return value
    return bytes(value).decode(encoding, errors)


def native(value, encoding='utf-8', errors='strict'):
    """str: `value` as the interpreter's own `str`, bytes on 2.7 and text on 3.

    For what the interpreter itself wants as `str`: names of threads, command
    line arguments, messages of exceptions.
    """
    if str is bytes:
        return to_bytes(value, encoding, errors)
    return to_text(value, encoding, errors)
