"""Classes with a known fault of threading, and classes without one.

Each fault is of a kind that public bug reports describe; the docstring of a class names one.
The code is our own.  `FAULTY` says for each class what a check has to answer, `RIGHT` lists the
others.
"""
from __future__ import absolute_import, division, print_function

NOT_LINEARIZABLE, DEADLOCK = 'not linearizable', 'deadlock'

#: file:class -> the answer
FAULTY = {
    'values.py:Hits': NOT_LINEARIZABLE,
    'values.py:Words': NOT_LINEARIZABLE,
    'values.py:Account': NOT_LINEARIZABLE,
    'values.py:TwoLocks': NOT_LINEARIZABLE,
    'values.py:Range': NOT_LINEARIZABLE,
    'values.py:SharedCount': NOT_LINEARIZABLE,
    'caches.py:Memo': NOT_LINEARIZABLE,
    'caches.py:LazyClient': NOT_LINEARIZABLE,
    'caches.py:Registry': NOT_LINEARIZABLE,
    'caches.py:Recent': NOT_LINEARIZABLE,
    'caches.py:Sessions': NOT_LINEARIZABLE,
    'caches.py:Doubled': NOT_LINEARIZABLE,
    'pools.py:Pool': NOT_LINEARIZABLE,
    'pools.py:Window': NOT_LINEARIZABLE,
    'pools.py:Tickets': NOT_LINEARIZABLE,
    'waiting.py:Slot': NOT_LINEARIZABLE,
    'waiting.py:Gate': DEADLOCK,
    'waiting.py:Bounded': DEADLOCK,
    'waiting.py:Transfer': DEADLOCK,
    'waiting.py:Notices': DEADLOCK,
}

RIGHT = ('right.py:Hits', 'right.py:Words', 'right.py:Account', 'right.py:Memo',
         'right.py:LazyClient', 'right.py:Recent', 'right.py:Pool', 'right.py:Slot',
         'right.py:Bounded', 'right.py:Transfer', 'right.py:Latch', 'right.py:Log',
         'right.py:Mailbox')
