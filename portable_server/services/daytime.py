"""Daytime (RFC 867): one line with the date and time, then the server closes.

The RFC sets no syntax and recommends one line of ASCII; this is its first popular
form, "Weekday, Month Day, Year Time-Zone", in UTC and English whatever the locale.
"""
from __future__ import absolute_import, division, print_function

import time

from portable_server.services.base import Conversation, Service

DAYS = ('Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday')
MONTHS = ('January', 'February', 'March', 'April', 'May', 'June', 'July', 'August',
          'September', 'October', 'November', 'December')


def daytime(seconds):
    """The daytime line for a Unix time in seconds, as bytes with its CRLF."""
    now = time.gmtime(seconds)
    text = '%s, %s %d, %d %02d:%02d:%02d-UTC\r\n' % (
        DAYS[now.tm_wday], MONTHS[now.tm_mon - 1], now.tm_mday, now.tm_year,
        now.tm_hour, now.tm_min, now.tm_sec)
    return text.encode('ascii')


class DaytimeConversation(Conversation):
    finished = True

    def open(self):
        return daytime(time.time())


class Daytime(Service):
    name = 'daytime'

    def new(self):
        return DaytimeConversation()
