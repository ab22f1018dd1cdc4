"""One execution of a program under a controlled scheduler: exactly one actor runs.

An actor is a thread of the program under test.  It runs until it comes to a scheduling point
where the strategy prefers another actor, until it has to wait, or until it ends; then it gives
the baton to the next one, itself, without a scheduler's thread in between.  What is not running
stands still, so everything that the run knows needs no lock.

Waiting is a matter of the run, not of the operating system: an actor that waits is simply not
`runnable`, and whoever changes what it waits for makes it so again.  Therefore:

    deadlock    nobody is runnable, nobody waits with a time-out: known at once, not after a wait
    time        a virtual clock, which jumps to the next time-out once nobody is runnable
    livelock    more steps than the limit

Afterwards no actor is left behind: each that has not ended is run once more and gets `Killed`
at the place where it stands, and again at each point that it still reaches.

A decision is a pair of the actor that runs with the number of its own steps, and the actor that
goes on then.  An actor's own steps do not depend on how the others' steps are cut, so a decision
keeps its meaning when earlier ones are dropped (`minimising`).  Without a decision the running
actor goes on; where it cannot, the next in the order of their numbers does.
"""
from __future__ import absolute_import, division, print_function

from portable_server.compat import baton, threads
from portable_server.litmus.explore import points
from portable_server.litmus.explore.actor import Actor

DONE, DEADLOCK, LIVELOCK, UNCONTROLLED = 'done', 'deadlock', 'livelock', 'uncontrolled'

#: steps in a row after which an actor has to let the others go on: spinning ends nothing
SPIN = 300
#: how often an actor may swallow `Killed` before it is left behind
_KILLS = 500

_get_ident = threads.get_ident      # before an exploration replaces it


class Killed(BaseException):
    """Ends an actor of an execution that is over."""


class WouldBlock(RuntimeError):
    """Something would wait for ever: there is no other actor that could end the wait."""


class Run(object):
    """An execution: `spawn` its first actor, then `go`."""

    def __init__(self, crew, strategy, limit, recorder=None):
        self.crew, self.strategy, self.limit, self.recorder = crew, strategy, limit, recorder
        self.actors = []
        self.runnable = []
        self.current = None
        self.ident = None           # of the thread that runs the current actor
        self.step = 0               # read and counted by `points`
        self.ask_at = 0
        self.since = 0              # the step at which the current actor's turn began
        self.now = 0.0              # seconds of virtual time
        self.outcome = None
        self.stopping = False
        self.turns = 0
        self.looks = 0              # at a clock
        self.left_behind = 0
        self.stuck = []                 # (actor, what it waits for) of a deadlock
        self.over_with_first = False    # whether the end of the first actor ends everything
        self.entering = None            # the site of the latest `with` statement
        self.place = None               # where a recorded step is, see `recording.Places`
        self._wait, self._give = baton.make()

    # For the controller.

    def spawn(self, body, name=None, daemon=False):
        """A new Actor that is ready to run `body()`."""
        number = len(self.actors)
        actor = Actor(number, name or 'actor %d' % number, body, daemon)
        self.actors.append(actor)
        self.runnable.append(actor)
        if not self.stopping:
            self.ask_at = min(self.ask_at, self.step + 1)
        return actor

    def go(self):
        """Run all actors until they have ended or cannot go on; the outcome (str)."""
        self.strategy.begin(self)
        points.active = points.run = self
        try:
            self._hand_to(self.strategy.first(self.runnable))
            self._await_the_end()
            if self.outcome != UNCONTROLLED:
                self._kill_the_rest()
        finally:
            points.active = points.run = None
        return self.outcome

    def _await_the_end(self):
        try:
            self._wait()
        except KeyboardInterrupt:       # the actors end first, in order
            self.limit = self.ask_at = 0
            self._wait()
            self._kill_the_rest()
            raise

    def give_up(self):
        """For a watchdog: whoever runs does not come back; it is left where it is."""
        self.outcome, self.stopping, self.ask_at = UNCONTROLLED, True, 0
        self._give()

    def _kill_the_rest(self):
        self.stopping, self.ask_at = True, 0
        for actor in list(self.actors):     # a dying actor may start others
            if actor.state == 'ended' or actor.worker is None:
                continue
            self.current = actor
            actor.worker.give()
            self._wait()

    # For the actor that runs.

    def own_steps(self):
        """int: the steps that the running actor has made."""
        return self.current.steps + self.step - self.since

    def ask(self, site, value=None):
        """A step at which the run wanted to be asked."""
        if self.stopping:
            self._kill()
        if self.step >= self.limit:
            self._finish(LIVELOCK)
        current = self.current
        if self.recorder is not None:
            self.recorder.at(self, site, value)
        following = current
        if len(self.runnable) > 1:
            if self.step - self.since >= SPIN:
                following = self.strategy.tired(self, self.after(current))
            else:
                following = self.strategy.choose(self)
        if following is not current:
            self.switch(following)
            if self.recorder is not None:
                self.recorder.resumed(current)
        self.plan()

    def plan(self):
        """Decide when to be asked again."""
        if self.stopping:
            self.ask_at = 0
        elif self.recorder is not None:
            self.ask_at = self.step + 1
        else:
            self.ask_at = min(self.strategy.next_step(self), self.limit,
                              max(self.since + SPIN, self.step + 1))

    def after(self, actor):
        """The runnable actor that comes next after `actor` in the order of numbers."""
        later = [other for other in self.runnable if other.number > actor.number]
        return min(later or self.runnable, key=_number)

    def switch(self, following):
        """Give the baton to `following` and wait until it comes back."""
        me = self.current
        self._hand_to(following)
        me.worker.wait()
        self.ident = me.ident
        if self.stopping:
            self._kill()

    def _hand_to(self, following):
        if self.current is not None:
            self.current.steps += self.step - self.since
        self.current, self.since = following, self.step
        self.turns += 1
        self.plan()
        if following.worker is None:
            following.worker = self.crew.take()
            following.worker.job = lambda: self._life(following)
        following.worker.give()

    def _life(self, actor):
        """What a worker does for an actor."""
        self.ident = actor.ident = _get_ident()
        try:
            if not self.stopping:
                actor.body()
        except Killed:
            pass
        except BaseException as error:  # noqa: B036 -- the outcome of this actor, SystemExit too
            actor.error = error
        self._end(actor)

    def _end(self, actor):
        actor.state = 'ended'
        self.crew.back(actor.worker)
        if self.stopping:
            self._give()
            return
        self.runnable.remove(actor)
        if self.over_with_first and actor.number == 0:
            self.outcome = DONE
            self._give()
            return
        for joiner in list(actor.joiners):
            self.wake(joiner)
        following = self._who_follows(actor)
        if following is None:
            self._give()
        else:
            self._hand_to(following)

    def _who_follows(self, actor):
        """Who goes on where `actor` cannot; None where the execution is over."""
        if not self.runnable:
            self._let_time_pass()
        if not self.runnable:
            self.stuck = [(one, one.waits_for) for one in self._waiting()]
            self.outcome = DEADLOCK if self.stuck else DONE
            if self.recorder is not None and self.stuck:
                self.recorder.stuck(actor)
            return None
        self.step += 1          # a decision of its own
        actor.steps += self.step - self.since
        self.since = self.step
        if self.recorder is not None:
            self.recorder.forced(self, actor)
        if len(self.runnable) == 1:
            return self.runnable[0]
        return self.strategy.forced(self, actor, self.after(actor))

    def _waiting(self):
        """The actors that nobody can help any more; daemons may wait for ever."""
        return [one for one in self.actors if one.state == 'waiting' and not one.daemon]

    def _let_time_pass(self):
        """Nobody can go on: the next time-out happens now."""
        timed = [one for one in self.actors if one.state == 'waiting' and one.deadline is not None]
        if not timed or not any(not one.daemon and one.state != 'ended' for one in self.actors):
            return
        earliest = min(timed, key=lambda one: (one.deadline, one.number))
        self.now = max(self.now, earliest.deadline)
        earliest.timed_out = True
        self.wake(earliest)

    def block(self, waiters, waits_for, timeout=None):
        """Wait until somebody wakes this actor; False where `timeout` seconds passed first.

        waiters: a list in which it then stands; waits_for: an object that a report describes.
        """
        if points.run is None:
            raise WouldBlock('this would wait for ever')
        if self.stopping:
            self._kill()
        actor = self.current
        actor.state, actor.waits_for, actor.timed_out = 'waiting', waits_for, False
        actor.deadline = None if timeout is None else self.now + max(timeout, 0)
        actor.queue = waiters
        waiters.append(actor)
        self.runnable.remove(actor)
        following = self._who_follows(actor)
        if following is None:
            self._give()
            actor.worker.wait()
            self.ident = actor.ident
            self._kill()
        if following is not actor:
            self.switch(following)
        self.plan()
        return not actor.timed_out

    def wake(self, actor):
        """Let a waiting actor go on."""
        if actor.state != 'waiting':
            return
        actor.state, actor.waits_for, actor.deadline = 'ready', None, None
        if actor.queue is not None and actor in actor.queue:
            actor.queue.remove(actor)
        actor.queue = None
        self.runnable.append(actor)
        if not self.stopping:
            self.ask_at = min(self.ask_at, self.step + 1)   # it may be more important

    def _finish(self, outcome):
        """The execution is over although this actor could go on."""
        self.outcome = outcome
        me = self.current
        self._give()
        me.worker.wait()
        self.ident = me.ident
        self._kill()

    def _kill(self):
        actor = self.current
        actor.kills += 1
        if actor.kills > _KILLS:        # it catches everything: it stays where it is, for ever
            self.left_behind += 1
            actor.state = 'ended'
            self._give()
            actor.worker.wait()
        raise Killed()


def _number(actor):
    return actor.number
