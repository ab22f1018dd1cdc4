"""The chat server: Budget Chat, with locks that hold.

Read in this order::

    protocol    the texts and the rules, without I/O
    limits      every limit, with its default
    room        the monitor: one total order, no sockets      <- the hard idea
    fanout      who gets what of a batch of the order
    outbox      what one member has still to be sent, bounded
    member      a member is a Thread that reads
    writer      one thread writes to all
    designs/    three ways to build a chat room from threads and locks
    server      what they share: counters, deadlines, drain, status
"""
from __future__ import absolute_import, division, print_function
