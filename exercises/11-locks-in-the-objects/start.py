"""A chat room that leaves all locking to whoever uses it. Put the locks into the objects."""
from __future__ import absolute_import, division, print_function

import threading


class Member(threading.Thread):
    """A member is a thread: it delivers, one after the other, the lines that were posted to it."""

    def __init__(self, name, deliver):
        """`deliver(line)` is called in this thread for each line; it may take long."""
        threading.Thread.__init__(self, name=name)
        self.daemon = True
        self._deliver = deliver
        self._lines = []
        self._ending = False

    def post(self, line):
        """Leave a line to be delivered. Never waits for the delivery. After stop: thrown away."""
        self._deliver(line)  # TODO: not here; in `run`

    def stop(self):
        """No more lines are taken; the thread ends when those it has are delivered. Never waits."""
        self._ending = True

    def run(self):
        pass  # TODO: wait for lines, and deliver them with no lock held


class Room(object):
    """Who is here. TODO: every method is one step; nobody sees it half done."""

    def __init__(self):
        self._members = {}

    def join(self, member):
        """True, and the others are told; False if somebody of that name is here.

        The first line that the member gets is `* here: ` with the names of the others.
        """
        if member.name in self._members:
            return False
        self._tell('* %s is here' % member.name)
        member.post('* here: %s' % ', '.join(sorted(self._members)))
        self._members[member.name] = member
        return True

    def say(self, name, text):
        """Tell the others; False if nobody of that name is here."""
        if name not in self._members:
            return False
        self._tell('[%s] %s' % (name, text), but=name)
        return True

    def leave(self, name):
        """Tell the others; False if nobody of that name is here."""
        if self._members.pop(name, None) is None:
            return False
        self._tell('* %s is gone' % name)
        return True

    def names(self):
        """The names of those who are here, sorted, in a list of the caller's own."""
        return sorted(self._members)

    def _tell(self, line, but=None):
        for name, member in self._members.items():
            if name != but:
                member.post(line)
