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

Rounds of one batch exist side by side. Where they share state (globals, attributes of
a class) that would mix them up: ``portable_server.litmus.sharing`` finds out, and they then run one at
a time.
"""
from __future__ import absolute_import, division, print_function

import collections

from portable_server.compat import clock, platform, threads
from portable_server.litmus.case import actors_of
from portable_server.litmus.checking import as_outcome, check
from portable_server.litmus.sharing import Bystander, declares_globals
from portable_server.litmus.stacks import raised_name, raised_text, stacks_of_all
from portable_server.litmus.varying import (FREE, TOGETHER, USUAL_INTERVAL, Variation, cpus_for,
                                            variations)

#: Seconds that one batch may take before the run is called hung.
PATIENCE = 30.0
#: Seconds that a batch should take at the most: long rounds make short batches.
_BATCH_SECONDS = 0.25
#: Seconds between two calls of ``progress``.
_PROGRESS_SECONDS = 0.2
#: Seconds for each actor of a hung batch to end after all.
_LEFT_BEHIND_SECONDS = 0.1
#: First rounds that look for shared state.
_TRIES = 3
#: Turns that an actor spins at the most for the others to wake up.
_SPIN_LIMIT = 20000


class Hang(Exception):
    """The actors of a batch did not all end within the patience.

    ``result`` is the Stressed of the batches before it, ``stacks`` the text of all
    threads' stacks at that moment.
    """

    def __init__(self, message, result, stacks):
        super(Hang, self).__init__(message)
        self.result = result
        self.stacks = stacks


class Stressed(object):
    """The result of a stress run, or of its part so far.

    ``outcomes`` (dict: outcome -> count), ``rounds``, ``seconds``, ``rounds_per_second``,
    ``tracebacks`` (dict: an outcome that was an exception -> its first traceback) and
    ``one_at_a_time`` (bool: the rounds share state, so that there were no batches).
    """

    def __init__(self, outcomes, seconds, tracebacks=None, one_at_a_time=False):
        self.outcomes = outcomes
        self.rounds = sum(outcomes.values())
        self.seconds = seconds
        self.rounds_per_second = self.rounds / seconds if seconds > 0 else 0.0
        self.tracebacks = tracebacks or {}
        self.one_at_a_time = one_at_a_time


class _Actor(threads.Thread):
    """Runs one actor's method on every round of each batch."""

    def __init__(self, crew, number, name):
        super(_Actor, self).__init__(name='actor-' + name)
        self.daemon = True
        self.crew = crew
        self.number = number
        self.method = getattr(crew.case_class, name)
        self.placement = None

    def run(self):
        try:
            while True:
                self.crew.meet()
                self.take_place(self.crew.placement)
                self.crew.spin_until_all_awake()
                self.walk(self.crew.rounds)
                self.crew.meet()
        except threads.BrokenBarrierError:
            return

    def take_place(self, placement):
        if placement != self.placement and len(self.crew.cpus) > 1:
            threads.set_affinity(cpus_for(self.number, placement, self.crew.cpus))
        self.placement = placement

    def walk(self, rounds):
        method = self.method
        for one in rounds:
            try:
                method(one)
            except:  # noqa: E722 -- the exception is the outcome, Java's as well
                self.crew.keep_raised(one)


class _Crew(object):
    """The actors' threads of a case and their meetings."""

    def __init__(self, case_class, patience):
        self.case_class = case_class
        self.rounds = None
        self.placement = None
        self.cpus = threads.get_affinity()
        self.tracebacks = {}
        self._raised = collections.deque()
        self._patience = patience
        names = actors_of(case_class)
        self._size = len(names)
        self._hung = False
        self._awake = []
        self._parallel = not platform.gil_enabled()
        self._barrier = threads.Barrier(len(names) + 1)
        self._threads = [_Actor(self, number, name) for number, name in enumerate(names)]
        for thread in self._threads:
            thread.start()

    def meet(self, patience=None):
        """Actors wait as long as it takes; the main thread's patience limits all."""
        self._barrier.wait(patience)

    def spin_until_all_awake(self):
        self._awake.append(None)
        if not self._parallel or self.placement == TOGETHER:
            return
        for _ in range(_SPIN_LIMIT):
            if len(self._awake) >= self._size:
                return

    def keep_raised(self, one):
        name = raised_name()
        self._raised.append((id(one), name))
        if name not in self.tracebacks:
            self.tracebacks[name] = raised_text()

    def run_batch(self, rounds, placement):
        """Run the actors over ``rounds``; return the outcomes, None when they hang."""
        self.rounds = rounds
        self.placement = placement
        self._awake = []
        self._raised.clear()
        try:
            self.meet(self._patience)
            self.meet(self._patience)
        except threads.BrokenBarrierError:
            self._hung = True
            return None
        if not self._raised:    # the usual batch: nothing to look up for each round
            return [as_outcome(one) for one in rounds]
        raised = collections.defaultdict(set)
        for key, name in self._raised:
            raised[key].add(name)
        return [_outcome(one, raised.get(id(one))) for one in rounds]

    def dismiss(self):
        """End the threads that wait for the next batch, whatever came before."""
        self._barrier.abort()
        for thread in self._threads:
            thread.join(_LEFT_BEHIND_SECONDS if self._hung else self._patience)


def _outcome(one, raised):
    """An actor's exception is the outcome; else what the observer says."""
    return _raises(raised) if raised else as_outcome(one)


def _raises(names):
    return 'raises ' + ', '.join(sorted(names))


class _Run(object):
    """One stress run: its counts so far and what the next batch will be."""

    def __init__(self, case_class, seed, patience):
        self.case_class = case_class
        self.outcomes = collections.Counter()
        self.one_at_a_time = case_class.batch == 1 or declares_globals(case_class)
        self.round_seconds = 0.0
        self.started = clock.monotonic()
        self.variations = variations(case_class.batch, seed)
        self.crew = _Crew(case_class, patience)

    def elapsed(self):
        return clock.monotonic() - self.started

    def result(self):
        tracebacks = dict((_raises([name]), text)
                          for name, text in list(self.crew.tracebacks.items()))
        return Stressed(dict(self.outcomes), self.elapsed(), tracebacks, self.one_at_a_time)

    def try_out(self):
        """The first rounds alone: do others notice them? How long does one take?"""
        for _ in range(_TRIES):
            bystander = None if self.one_at_a_time else Bystander(self.case_class)
            self.run(Variation(1, USUAL_INTERVAL, FREE))
            if bystander is None:
                return
            self.one_at_a_time = bystander.has_noticed()

    def run_next(self):
        variation = next(self.variations)
        threads.set_switch_interval(variation.interval)
        self.run(variation._replace(length=self.allowed(variation.length)))

    def allowed(self, length):
        """As many rounds of ``length`` as side by side and in the time are possible."""
        if self.one_at_a_time:
            return 1
        return max(1, min(length, int(_BATCH_SECONDS / max(self.round_seconds, 1e-9))))

    def run(self, variation):
        before = self.elapsed()
        rounds = [self.case_class() for _ in range(variation.length)]
        found = self.crew.run_batch(rounds, variation.placement)
        if found is None:
            stacks = stacks_of_all()
            raise Hang('%s: the actors did not end' % self.case_class.__name__,
                       self.result(), stacks)
        self.outcomes.update(found)
        self.round_seconds = (self.elapsed() - before) / len(rounds)


def stress(case_class, seconds, seed=0, progress=None, patience=PATIENCE):
    """Race ``case_class`` for about ``seconds``, at least one batch; return a Stressed.

    ``progress``, where given, is called a few times a second with the Stressed so far.
    ``seed`` repeats what is varied (``portable_server.litmus.varying``); the threads' own order no seed
    repeats. Raises Hang when the actors of a batch do not end within ``patience``
    seconds (their threads are then left behind), CaseError for a mistake in the case.
    """
    check(case_class)
    run = _Run(case_class, seed, patience)
    told = 0.0
    try:
        run.try_out()
        while True:
            run.run_next()
            elapsed = run.elapsed()
            if progress is not None and elapsed >= told + _PROGRESS_SECONDS:
                told = elapsed
                progress(run.result())
            if elapsed >= seconds:
                return run.result()
    finally:
        threads.set_switch_interval(USUAL_INTERVAL)
        run.crew.dismiss()
