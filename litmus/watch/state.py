"""Which session is on: the innermost of those that were begun and not ended."""
from __future__ import absolute_import, division, print_function

#: sessions, the outermost first; None stands for a stretch in which the watch rests
sessions = []


def current():
    """The Session that watches now; None if there is none."""
    try:
        return sessions[-1]
    except IndexError:
        return None
