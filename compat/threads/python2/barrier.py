"""Barrier: as many threads as agreed meet, then all go on.

Each round is a *meeting*, an object of its own that counts who came and knows how it ended.  The
last to come ends it and puts an empty one in its place, so the next round can begin at once while
the threads of this one are still waking up: they look at their own meeting only.
"""
from __future__ import absolute_import, division, print_function

from portable_server.compat.threads.python2.lock import Lock
from portable_server.compat.threads.python2.waiting import Row


class BrokenBarrierError(RuntimeError):
    """The barrier was reset or aborted, or a thread's time-out passed."""


class _Meeting(object):
    """places: those that nobody has yet, the next one last; end: how it ended, None: not yet."""

    __slots__ = ('places', 'end')

    MET, BROKEN = 'met', 'broken'

    def __init__(self, parties):
        self.places = list(range(parties))[::-1]
        self.end = None


class Barrier(object):
    """`threading.Barrier` of Python 3.8.

    parties: int, how many threads must meet; action: called by one of them, the last to come,
    before they go on; timeout: seconds that `wait` waits when it is given none.
    Raises ValueError for less than one party.  Source: library/threading, "Barrier objects".
    """

    def __init__(self, parties, action=None, timeout=None):
        if parties < 1:
            raise ValueError('a barrier needs a party, not %r' % (parties,))
        self._parties, self._action, self._timeout = parties, action, timeout
        self._lock = Lock()
        self._waiters = Row(self._lock)
        self._meeting = _Meeting(parties)

    def wait(self, timeout=None):
        """int: 0 to parties - 1, another for each thread, once all have come.

        Raises BrokenBarrierError after `timeout` seconds, on reset and on abort, and what the
        action raised in the thread that called it.
        """
        with self._lock:
            meeting = self._meeting
            if meeting.end is None:
                place = meeting.places.pop()
                if meeting.places:
                    self._attend(meeting, place, self._timeout if timeout is None else timeout)
                else:
                    self._hold()
            if meeting.end == _Meeting.BROKEN:
                raise BrokenBarrierError
            return place

    def _hold(self):
        try:
            if self._action is not None:
                self._action()
        except:     # noqa: E722 - whatever it was, nobody may wait on
            self._finish(_Meeting.BROKEN)
            raise
        self._finish(_Meeting.MET)
        self._meeting = _Meeting(self._parties)

    def _attend(self, meeting, place, timeout):
        try:
            ended = self._waiters.park_until(lambda: meeting.end, timeout)
        except:     # noqa: E722 - one who is called away does not count
            meeting.places.append(place)
            raise
        if not ended:
            self._finish(_Meeting.BROKEN)

    def _finish(self, end):
        self._meeting.end = end
        self._waiters.open_all()

    def reset(self):
        """Back to empty; threads that wait get BrokenBarrierError."""
        with self._lock:
            self._finish(_Meeting.BROKEN)
            self._meeting = _Meeting(self._parties)

    def abort(self):
        """Break the barrier until `reset`; who waits or comes gets BrokenBarrierError."""
        with self._lock:
            self._finish(_Meeting.BROKEN)

    @property
    def parties(self):
        """int: how many threads must meet."""
        return self._parties

    @property
    def n_waiting(self):
        """int: how many threads wait at the moment."""
        meeting = self._meeting
        return self._parties - len(meeting.places) if meeting.end is None else 0

    @property
    def broken(self):
        """bool: whether the barrier is broken."""
        return self._meeting.end == _Meeting.BROKEN
