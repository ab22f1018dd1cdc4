"""Drives a conversation (see services/base.py) over something that blocks.

This is the connection handler of every model but `serial`, which writes it out,
and `selector`, which never blocks. TCP promises neither that one write is one read
nor that a write takes all, so both directions are loops: `send_all` loops inside,
and `receive_some` may give any part of what was sent.
"""
from __future__ import absolute_import, division, print_function

#: Most bytes taken at once. More was slower on CPython: the result is a new object each time.
RECEIVE_SIZE = 65536

#: Where a conversation begins; what fills the space at hand gets four times as much. CPython
#: makes the object before it waits: thousands of waiting threads would keep large ones.
FIRST_RECEIVE_SIZE = 512


def converse(conversation, receive_some, send_all):
    """Run a conversation to its end.

    `receive_some(most)` returns bytes, b'' at the end of the stream;
    `send_all(data)` returns when all is on its way. Their errors pass through.
    """
    answer = conversation.open()
    if answer:
        send_all(answer)
    if not conversation.finished:
        _pour(conversation, send_all)
    answer_to = conversation.receive
    size = FIRST_RECEIVE_SIZE
    while not conversation.finished:
        data = receive_some(size)
        if len(data) == size:
            size = min(4 * size, RECEIVE_SIZE)
        answer = answer_to(data) if data else conversation.end()
        if answer:
            send_all(answer)
        if not data:
            return


def _pour(conversation, send_all):
    # Nothing is read meanwhile, as in BSD's inetd: the kernel's buffer bounds what comes.
    produce = conversation.produce
    piece = produce()
    while piece:
        send_all(piece)
        piece = None if conversation.finished else produce()


def drive(conversation, connection):
    """Run a conversation over a Connection; see that the peer gets the last bytes."""
    converse(conversation, connection.socket.recv, connection.socket.sendall)
    if conversation.finished:
        connection.finish()
