"""Strategies: who goes on at a scheduling point.

    Fixed       given decisions, otherwise nobody is interrupted: a replay
    RandomWalk  at each point somebody else goes on with a fixed probability
    Pct         random priorities, and d - 1 points at which the running actor's falls below all

PCT ("a randomized scheduler with probabilistic guarantees", Burckhardt and others, ASPLOS 2010)
finds what needs d orderings with a probability of at least 1 / (n * k ** (d - 1)) in each
execution of n actors and k steps.  Here its points are drawn among the actors' own steps, from
what earlier executions of the same program took.

A strategy answers three questions: `first` and `forced`, who begins and who goes on where the
running actor cannot; `choose`, who goes on where it could.  `next_step` says how far nothing
else is wanted, so that most points cost nothing.  A decision is `(actor, own step, following)`.
"""
from __future__ import absolute_import, division, print_function

import random

FAR = 1 << 62


class Strategy(object):
    """Nobody is interrupted; the basis of the others."""

    name = 'none'

    def begin(self, run):
        """An execution begins; `decisions` collects what was decided against the rule."""
        self.decisions = []

    def first(self, runnable):
        return runnable[0]

    def next_step(self, run):
        return FAR

    def choose(self, run):
        return run.current

    def forced(self, run, actor, usual):
        return usual

    def tired(self, run, usual):
        """Who goes on after too many steps in a row."""
        return usual

    def note(self, run, actor, following, usual):
        """Keep the decision that lets `following` go on, unless it is the rule."""
        if following is not usual:
            own = actor.steps + run.step - run.since
            self.decisions.append((actor.number, own, following.number))
        return following


class Repeating(Strategy):
    """Goes by decisions that were made before."""

    def _wanted(self, run, actor):
        """The number of the actor that is to follow `actor` here; None where nothing is decided."""
        raise NotImplementedError(self.name)

    def _decided(self, run, actor, usual):
        wanted = self._wanted(run, actor)
        for other in run.runnable:
            if other.number == wanted:
                return self.note(run, actor, other, usual)
        return usual

    def choose(self, run):
        return self._decided(run, run.current, run.current)

    def forced(self, run, actor, usual):
        return self._decided(run, actor, usual)

    def tired(self, run, usual):
        return self._decided(run, run.current, usual)


class Fixed(Repeating):
    """Repeat decisions."""

    name = 'fixed'

    def __init__(self, decisions):
        self._given = {}
        for actor, own, following in decisions:
            self._given.setdefault(actor, {})[own] = following
        self._coming = dict((actor, sorted(steps)) for actor, steps in self._given.items())

    def next_step(self, run):
        own = run.own_steps()
        for step in self._coming.get(run.current.number, ()):
            if step > own:
                return run.step + step - own
        return FAR

    def _wanted(self, run, actor):
        own = actor.steps + run.step - run.since
        return self._given.get(actor.number, {}).get(own)


class RandomWalk(Strategy):
    """At each point, with `probability`, another actor goes on."""

    name = 'random'

    def __init__(self, seed, probability=0.2):
        self._random = random.Random(seed)
        self._probability = probability

    def next_step(self, run):
        return run.step + 1 + min(int(self._random.expovariate(self._probability)), 1000)

    def choose(self, run):
        others = [one for one in run.runnable if one is not run.current]
        return self.note(run, run.current, self._random.choice(others), run.current)

    def forced(self, run, actor, usual):
        return self.note(run, actor, self._random.choice(run.runnable), usual)


class Pct(Strategy):
    """Probabilistic concurrency testing with `depth` - 1 changes of priority.

    lengths: dict, actor number -> steps that it takes about.
    """

    name = 'pct'

    def __init__(self, seed, depth, lengths):
        self._random = random.Random(seed)
        self._priorities = {}
        self._lowest = 0.0
        self._changes = self._draw(depth - 1, lengths)

    def _draw(self, number, lengths):
        places = sorted((actor, steps) for actor, steps in lengths.items() if steps > 0)
        total = sum(steps for _, steps in places)
        changes = {}
        for _ in range(number if total else 0):
            at = self._random.randrange(total)
            for actor, steps in places:
                if at < steps:
                    changes.setdefault(actor, set()).add(at + 1)
                    break
                at -= steps
        return changes

    def _priority(self, actor):
        found = self._priorities.get(actor.number)
        if found is None:
            found = self._priorities[actor.number] = 1 + self._random.random()
        return found

    def _highest(self, run):
        return max(run.runnable, key=self._priority)

    def next_step(self, run):
        own = run.own_steps()
        later = [step for step in self._changes.get(run.current.number, ()) if step > own]
        return run.step + min(later) - own if later else FAR

    def choose(self, run):
        current = run.current
        if run.own_steps() in self._changes.get(current.number, ()):
            self._lower(current)
        return self.note(run, current, self._highest(run), current)

    def _lower(self, actor):
        self._lowest -= 1.0
        self._priorities[actor.number] = self._lowest

    def forced(self, run, actor, usual):
        return self.note(run, actor, self._highest(run), usual)

    def tired(self, run, usual):
        self._lower(run.current)
        return self.note(run, run.current, self._highest(run), usual)
