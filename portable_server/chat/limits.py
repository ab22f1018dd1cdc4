"""Every limit of the chat server, with its default: what bounds its memory and time.

``backlog_*`` follow from the queue: what has been said and not yet been offered to
anybody may be a quarter of what one member may lag behind, so a member that reads is
never cut off because the *server* was late.
"""
from __future__ import absolute_import, division, print_function

SMALLEST_NAME = 16      # docs/protocols.md: at least this must be allowed
SMALLEST_LINE = 1000    # likewise


class Limits(object):
    """The limits of one chat server.

    ``members``        people in the room at once
    ``connections``    connections at once, joined or not
    ``name_length``    characters in a name
    ``line_length``    bytes in a line, without its newline
    ``queue_lines``    lines that one member may lag behind
    ``queue_bytes``    bytes that one member may lag behind
    ``handshake``      seconds to say a name
    ``farewell``       seconds to deliver the last lines to a client that is leaving
    """

    DEFAULTS = {
        'members': 17000,
        'connections': 18000,    # below --max-connections, or nobody would be told
        'name_length': 32,
        'line_length': 4096,
        'queue_lines': 32768,
        'queue_bytes': 2 * 1024 * 1024,
        'handshake': 60.0,
        'farewell': 2.0,
    }

    def __init__(self, **changed):
        unknown = set(changed) - set(self.DEFAULTS)
        if unknown:
            raise TypeError('no such limit: %s' % ', '.join(sorted(unknown)))
        for name, default in self.DEFAULTS.items():
            setattr(self, name, changed.get(name, default))
        self.backlog_lines = max(1, self.queue_lines // 4)
        self.backlog_bytes = max(1, self.queue_bytes // 4)

    def check(self):
        """Raise ValueError, one line with a remedy, for limits that contradict each other."""
        largest = self.line_length + self.name_length + len(b'[] \n')
        if self.queue_bytes < largest:
            raise ValueError('--queue-bytes %d: one line may take %d; give at least that, or a '
                             'smaller --line-length' % (self.queue_bytes, largest))
