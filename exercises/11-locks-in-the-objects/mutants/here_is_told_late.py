"""Posts the line with the others after the lock: what is said meanwhile comes before it."""
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
        self._changed = threading.Condition()

    def post(self, line):
        """Leave a line to be delivered. Never waits for the delivery. After stop: thrown away."""
        with self._changed:
            if not self._ending:
                self._lines.append(line)
                self._changed.notify()

    def stop(self):
        """No more lines are taken; the thread ends when those it has are delivered. Never waits."""
        with self._changed:
            self._ending = True
            self._changed.notify()

    def run(self):
        while True:
            with self._changed:
                while not self._lines and not self._ending:
                    self._changed.wait()
                lines, self._lines = self._lines, []
            if not lines:
                return
            for line in lines:
                self._deliver(line)


class Room(object):
    """Who is here. Every method is one step: nobody sees it half done."""

    def __init__(self):
        self._lock = threading.Lock()
        self._members = {}

    def join(self, member):
        """True, and the others are told; False if somebody of that name is here.

        The first line that the member gets is `* here: ` with the names of the others.
        """
        with self._lock:
            if member.name in self._members:
                return False
            self._tell('* %s is here' % member.name)
            here = sorted(self._members)
            self._members[member.name] = member
        member.post('* here: %s' % ', '.join(here))
        return True

    def say(self, name, text):
        """Tell the others; False if nobody of that name is here."""
        with self._lock:
            if name not in self._members:
                return False
            self._tell('[%s] %s' % (name, text), but=name)
            return True

    def leave(self, name):
        """Tell the others; False if nobody of that name is here."""
        with self._lock:
            if self._members.pop(name, None) is None:
                return False
            self._tell('* %s is gone' % name)
            return True

    def names(self):
        """The names of those who are here, sorted, in a list of the caller's own."""
        with self._lock:
            return sorted(self._members)

    def _tell(self, line, but=None):
        # The lock is held: all members get all lines in one order.
        for name, member in self._members.items():
            if name != but:
                member.post(line)
