"""The names of `selectors` that every interpreter shares."""
from __future__ import absolute_import, division, print_function

from collections import namedtuple

EVENT_READ, EVENT_WRITE = 1, 2

SelectorKey = namedtuple('SelectorKey', 'fileobj fd events data')


def check_events(events):
    """Raise ValueError unless `events` is EVENT_READ, EVENT_WRITE or both."""
    if not events or events & ~(EVENT_READ | EVENT_WRITE):
        raise ValueError('Invalid events: %r' % (events,))


def check_not_closed(keys):
    """Raise ValueError where there are no keys (None): the selector was closed."""
    if keys is None:
        raise ValueError('the selector is closed')
