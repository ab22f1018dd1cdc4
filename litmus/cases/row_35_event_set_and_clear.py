"""Row 35: an Event that is set and cleared at once still wakes all who were waiting.

Each of them gets True, although the flag is False again when it runs. Before cpython
issue 13502 ``wait`` returned the flag itself, so that a woken thread could be told False;
CPython 2.7 and Jython still do, ``compat`` does not. But a thread that comes *after* the
``clear`` has missed it: an Event that is pulsed is no way to say "something happened".
Count what happened under a Condition instead.

Source: library/threading: Event.wait; cpython issue 13502.
"""
from __future__ import absolute_import, division, print_function

from portable_server.compat import clock, threads
from portable_server.litmus import Case, Forced, actor, expect

LIMIT = 60.0    # seconds, beyond the patience of a run: a lost wake-up is a HANG, not just late
SHORT = 0.02


class SetAndClear(Case):
    """Two wait, a third sets and clears until both are awake: is each told True?"""

    rows = (35,)
    expectations = (expect('True True', 'A', 'library/threading: Event.wait; issue 13502'),)
    batch = 5

    def __init__(self):
        self.event = threads.Event()
        self.answers = []

    @actor
    def first(self):
        self.answers.append(self.event.wait(LIMIT))

    @actor
    def second(self):
        self.answers.append(self.event.wait(LIMIT))

    @actor
    def pulser(self):
        deadline = clock.monotonic() + LIMIT
        while len(self.answers) < 2 and clock.monotonic() < deadline:
            self.event.set()
            self.event.clear()
            clock.sleep(0)      # else it may keep the others from their lock

    def observe(self):
        return ' '.join(map(repr, self.answers))


class SetOnly(SetAndClear):
    """The Event is set and stays set: who comes late is told True as well."""

    expectations = (expect('True True', 'A', 'library/threading: Event.set'),)

    @actor
    def pulser(self):
        self.event.set()


class MissedPulse(Case):
    """One pulse, a waiter that may come late: does it see it?"""

    rows = (35,)
    expectations = (expect('seen', 'A', 'it was waiting'),
                    expect('missed', 'I', 'library/threading: Event.clear'))
    batch = 5

    def __init__(self):
        self.event = threads.Event()
        self.seen = None

    @actor
    def waiter(self):
        self.seen = self.event.wait(SHORT)

    @actor
    def pulser(self):
        self.event.set()
        self.event.clear()

    def observe(self):
        return 'seen' if self.seen else 'missed'


class MissedPulseForced(MissedPulse, Forced):
    """The waiter comes after the pulse: missed, each time."""

    expectations = ()
    schedule = 'pulser:pulse waiter:wait'
    outcome = 'missed'

    @actor
    def waiter(self):
        self.at('wait')
        super(MissedPulseForced, self).waiter()

    @actor
    def pulser(self):
        self.at('pulse')
        super(MissedPulseForced, self).pulser()


class MissedPulseMended(Case):
    """What happened is counted under a Condition: nobody misses it."""

    rows = (35,)
    mends = 'MissedPulse'
    expectations = (expect('seen', 'A', 'library/threading: Condition.wait_for'),)
    batch = 20

    def __init__(self):
        self.condition = threads.Condition()
        self.happened = 0
        self.seen = None

    @actor
    def waiter(self):
        with self.condition:
            self.seen = self.condition.wait_for(lambda: self.happened, LIMIT)

    @actor
    def counter(self):
        with self.condition:
            self.happened += 1
            self.condition.notify_all()

    def observe(self):
        return 'seen' if self.seen else 'missed'
