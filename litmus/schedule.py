"""Run the actors of a case in a prescribed order: a schedule that is forced, not hoped for.

The conductor lets one segment run at a time. An actor that comes to the start of a
segment gives the turn back and waits until the schedule names this very segment. No
sleeping: a wait ends because the turn came, or because ``patience`` seconds went by
without it, which means that a segment is blocked (by a lock, say) and the schedule is
impossible. Each run then ends by letting all actors go on freely, so that no thread
is left behind.
"""
from __future__ import absolute_import, division, print_function

from compat import threads
from litmus.case import IMPOSSIBLE, actors_of


class ScheduleError(ValueError):
    """The schedule names an actor or a segment that the case has not."""


class _Conductor(object):
    """Hands the turn from segment to segment of a schedule."""

    def __init__(self, steps, patience):
        self._steps = steps
        self._patience = patience
        self._turn = threads.Condition()
        self._next = 0
        self._running = {}
        self.impossible = False

    def at(self, segment):
        me = threads.current_thread().actor_name
        with self._turn:
            self._end_segment(me)
            ready = self._turn.wait_for(lambda: self._may_run(me, segment), self._patience)
            if not ready:
                self._give_up()
            self._running[me] = segment

    def leave(self, me):
        with self._turn:
            self._end_segment(me)

    def _may_run(self, me, segment):
        free = self.impossible or self._next >= len(self._steps)
        return free or (not self._running and self._steps[self._next] == (me, segment))

    def _end_segment(self, me):
        if self._running.pop(me, None) is not None:
            self._next += 1
            self._turn.notify_all()

    def _give_up(self):
        self.impossible = True
        self._turn.notify_all()

    def followed(self):
        return not self.impossible and self._next == len(self._steps)


class _ForcedActor(threads.Thread):
    def __init__(self, one, name):
        super(_ForcedActor, self).__init__(name='actor-' + name)
        self.daemon = True
        self.one = one
        self.actor_name = name
        self.raised = None

    def run(self):
        try:
            getattr(self.one, self.actor_name)()
        except Exception as error:  # the exception is the outcome
            self.raised = type(error).__name__
        finally:
            self.one.conductor.leave(self.actor_name)


def parse_schedule(case_class):
    """The schedule as a list of (actor, segment). Raises ScheduleError."""
    steps = [tuple(step.split(':')) for step in case_class.schedule.split()]
    names = set(actors_of(case_class))
    for step in steps:
        if len(step) != 2 or step[0] not in names:
            raise ScheduleError('%s: no actor for the step %r'
                                % (case_class.__name__, ':'.join(step)))
    return steps


def force(case_class):
    """Run a Forced case once; return its outcome (str), ``'impossible'`` where blocked.

    Raises ScheduleError for a schedule that names what the case has not, or that ends
    before the actors do.
    """
    one = case_class()
    one.conductor = _Conductor(parse_schedule(case_class), one.patience)
    crew = [_ForcedActor(one, name) for name in actors_of(case_class)]
    for thread in crew:
        thread.start()
    for thread in crew:
        thread.join(one.patience * 4)
    if any(thread.is_alive() for thread in crew):
        return 'HANG'
    if one.conductor.impossible:
        return IMPOSSIBLE
    if not one.conductor.followed():
        raise ScheduleError('%s: the actors ended before the schedule did' % case_class.__name__)
    raised = sorted(thread.raised for thread in crew if thread.raised)
    return 'raises ' + ', '.join(raised) if raised else str(one.observe())
