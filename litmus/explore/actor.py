"""An actor: a thread of the program under test, as a `Run` sees it."""
from __future__ import absolute_import, division, print_function


class Actor(object):
    """A thread of the program.

    number: int, in the order of their starts; state: 'ready', 'waiting', 'ended'; steps: its
    own steps up to its last turn; waits_for: what it waits for; error: its exception.
    """

    def __init__(self, number, name, body, daemon=False):
        self.number, self.name, self.body, self.daemon = number, name, body, daemon
        self.worker = self.ident = None
        self.state = 'ready'
        self.steps = 0
        self.waits_for = None
        self.deadline = None
        self.queue = None           # the list of waiters that it stands in
        self.timed_out = False
        self.error = None
        self.joiners = []
        self.kills = 0
        self.thread = None          # the program's own Thread object
