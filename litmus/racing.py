"""Race a case many thousand times and count its outcomes.

Starting a thread costs far more than a round, and so does a barrier. So the actors'
threads live for the whole run and meet only between *batches*: each batch is a list
of fresh rounds, every actor walks the whole list, and nothing but the actors' own
code runs while they do. Threads that left the meeting at nearly the same time walk
the list neck and neck, or one is stopped in the middle of a round by the scheduler
or the GIL and the others overtake it: either way they collide somewhere.

A barrier wakes its threads one after the other, some 50 microseconds apart, which is
longer than a short batch. Where threads run in parallel each actor therefore spins
after the barrier until all are awake. Under a GIL spinning would only keep the others
from waking.

What helps to collide is varied from batch to batch: the length of the batch and,
where the interpreter has one, the switch interval of the GIL.
"""
from __future__ import absolute_import, division, print_function

import collections
import random

from compat import clock, platform, threads
from litmus.case import actors_of

#: Seconds that one batch may take before the run is called hung.
BATCH_LIMIT = 30.0
#: Turns that an actor spins at the most for the others to wake up.
_SPIN_LIMIT = 20000
_BATCH_FACTORS = (0.05, 0.25, 1.0, 2.0)
_SWITCH_INTERVALS = (1e-6, 1e-5, 5e-3)


class Hang(Exception):
    """The actors of a batch did not all end within BATCH_LIMIT seconds."""


class Stressed(object):
    """The result of a stress run: ``outcomes`` (dict of str to count), ``rounds``, ``seconds``."""

    def __init__(self, outcomes, rounds, seconds):
        self.outcomes = outcomes
        self.rounds = rounds
        self.seconds = seconds


class _Actor(threads.Thread):
    """Runs one actor's method on every round of each batch."""

    def __init__(self, crew, name):
        super(_Actor, self).__init__(name='actor-' + name)
        self.daemon = True
        self.crew = crew
        self.actor_name = name

    def run(self):
        try:
            while True:
                self.crew.meet()
                if self.crew.rounds is None:
                    return
                self.crew.spin_until_all_awake()
                self.walk(self.crew.rounds)
                self.crew.meet()
        except threads.BrokenBarrierError:
            return

    def walk(self, rounds):
        method = getattr(self.crew.case_class, self.actor_name)
        for one in rounds:
            try:
                method(one)
            except Exception as error:  # the exception is the outcome
                self.crew.raised.append((id(one), type(error).__name__))


class _Crew(object):
    """The actors' threads of a case and their meetings."""

    def __init__(self, case_class):
        self.case_class = case_class
        self.rounds = None
        self.raised = collections.deque()
        names = actors_of(case_class)
        self._size = len(names)
        self._awake = []
        self._parallel = not platform.gil_enabled()
        self._barrier = threads.Barrier(len(names) + 1)
        self._threads = [_Actor(self, name) for name in names]
        for thread in self._threads:
            thread.start()

    def meet(self):
        self._barrier.wait(BATCH_LIMIT)

    def spin_until_all_awake(self):
        self._awake.append(None)
        if not self._parallel:
            return
        for _ in range(_SPIN_LIMIT):
            if len(self._awake) >= self._size:
                return

    def run_batch(self, rounds):
        """Run the actors over ``rounds``; return the outcomes. Raises Hang."""
        self.rounds = rounds
        self._awake = []
        self.raised.clear()
        try:
            self.meet()
            self.meet()
        except threads.BrokenBarrierError:
            raise Hang(self.case_class.__name__)
        raised = collections.defaultdict(set)
        for key, name in self.raised:
            raised[key].add(name)
        return [_outcome(one, raised.get(id(one))) for one in rounds]

    def dismiss(self):
        self.rounds = None
        self.meet()
        for thread in self._threads:
            thread.join(BATCH_LIMIT)


def _outcome(one, raised):
    """An actor's exception is the outcome; else what the observer says."""
    if raised:
        return 'raises ' + ', '.join(sorted(raised))
    return str(one.observe())


def stress(case_class, seconds, seed=0, progress=None):
    """Race ``case_class`` for about ``seconds``; return a Stressed.

    ``progress``, where given, is called with the rounds done so far after each batch.
    Raises Hang when the actors do not end; their threads are then left behind.
    """
    choose = random.Random(seed)
    outcomes = collections.Counter()
    crew = _Crew(case_class)
    started = clock.monotonic()
    try:
        while True:
            threads.set_switch_interval(choose.choice(_SWITCH_INTERVALS))
            length = max(1, int(case_class.batch * choose.choice(_BATCH_FACTORS)))
            outcomes.update(crew.run_batch([case_class() for _ in range(length)]))
            elapsed = clock.monotonic() - started
            if progress is not None:
                progress(sum(outcomes.values()))
            if elapsed >= seconds:
                break
    finally:
        threads.set_switch_interval(_SWITCH_INTERVALS[-1])
    crew.dismiss()
    return Stressed(dict(outcomes), sum(outcomes.values()), elapsed)
