"""Run the actors of a case in a prescribed order: a schedule that is forced, not hoped for.

The conductor lets one segment run at a time. An actor that comes to the start of a
segment gives the turn back and waits until the schedule names this very segment. No
sleeping: a wait ends because the turn came, or because ``patience`` seconds went by
without it, which means that a segment is blocked (by a lock, say) and the schedule is
impossible. Each run then ends by letting all actors go on freely, so that no thread
is left behind. Segments that the schedule does not name run when it is over.
"""
from __future__ import absolute_import, division, print_function

import collections

from portable_server.compat import platform, threads
from portable_server.litmus.case import IMPOSSIBLE, CaseError, actors_of
from portable_server.litmus.checking import as_outcome, check_forced
from portable_server.litmus.grades import HANG
from portable_server.litmus.stacks import raised_name, raised_text, stacks_of_all


class ScheduleError(CaseError):
    """The schedule names an actor or a segment that the case has not."""


#: What a schedule gave: the outcome (str), the traceback or the stacks (text) to explain it.
Given = collections.namedtuple('Given', 'outcome traceback stacks')


class _Conductor(object):
    """Hands the turn from segment to segment of a schedule."""

    def __init__(self, steps, patience):
        self._steps = steps             # what is still to do, the next one first
        self._patience = patience
        self._turn = threads.Condition()
        self._running = None            # the actor whose segment runs
        self.impossible = False
        self.mistake = None

    def at(self, segment):
        me = getattr(threads.current_thread(), 'actor_name', None)
        with self._turn:
            self._end_segment(me)
            self._check_due(me, segment)
            if not self._turn.wait_for(lambda: self._may_run(me, segment), self._patience):
                self._give_up()
            if not self._is_free():
                self._running = me

    def leave(self, me, raised):
        """The actor ``me`` has ended, by an exception where ``raised`` says so."""
        with self._turn:
            self._end_segment(me)
            missed = self._due_of(me)
            if missed and not raised and not self._is_free():
                self._be_mistaken('the actor %s ended before its step %s:%s' % (me, me, missed))
            self._steps = [step for step in self._steps if step[0] != me]
            self._turn.notify_all()

    def _is_free(self):
        return self.impossible or self.mistake is not None or not self._steps

    def _may_run(self, me, segment):
        return self._is_free() or (self._running is None and self._steps[0] == (me, segment))

    def _end_segment(self, me):
        if self._running == me and me is not None:
            self._running = None
            self._steps = self._steps[1:]
            self._turn.notify_all()

    def _due_of(self, me):
        """The segment that the schedule wants of ``me`` next; None where it wants none."""
        return next((segment for name, segment in self._steps if name == me), None)

    def _check_due(self, me, segment):
        due = self._due_of(me)
        if me is None:
            self._be_mistaken('at(%r) was called in a thread that is no actor' % segment)
        elif due not in (None, segment) and not self._is_free():
            self._be_mistaken('the actor %s is at %r where the schedule wants its segment %r'
                              % (me, segment, due))

    def _be_mistaken(self, text):
        self.mistake = self.mistake or text
        self._turn.notify_all()

    def _give_up(self):
        self.impossible = True
        self._turn.notify_all()


class _ForcedActor(threads.Thread):
    def __init__(self, one, name):
        super(_ForcedActor, self).__init__(name='actor-' + name)
        self.daemon = True
        self.one = one
        self.actor_name = name
        self.raised = None

    def run(self):
        try:
            getattr(type(self.one), self.actor_name)(self.one)
        except:  # noqa: E722 -- the exception is the outcome, Java's as well
            self.raised = (raised_name(), raised_text())
        finally:
            self.one.conductor.leave(self.actor_name, self.raised)


def parse_schedule(case_class):
    """The schedule as a list of (actor, segment). Raises ScheduleError."""
    steps = [tuple(step.split(':')) for step in case_class.schedule.split()]
    names = actors_of(case_class)
    for step in steps:
        if len(step) != 2 or not step[1]:
            raise ScheduleError('%s: a step of the schedule is actor:segment, not %r'
                                % (case_class.__name__, ':'.join(step)))
        if step[0] not in names:
            raise ScheduleError('%s: no actor for the step %r; the actors are %s'
                                % (case_class.__name__, ':'.join(step), ', '.join(names)))
    return steps


def due_outcome(case_class):
    """What a Forced case must give (str) on this interpreter."""
    due = case_class.outcome
    return str(due[platform.CLASS] if isinstance(due, dict) else due)


def follow(case_class):
    """Run a Forced case once; return what it gave, a Given. Raises CaseError, ScheduleError."""
    check_forced(case_class)
    one = case_class()
    one.conductor = conductor = _Conductor(parse_schedule(case_class), case_class.patience)
    crew = [_ForcedActor(one, name) for name in actors_of(case_class)]
    for thread in crew:
        thread.start()
    for thread in crew:
        thread.join(case_class.patience * 4)
    if conductor.mistake is not None:
        raise ScheduleError('%s: %s' % (case_class.__name__, conductor.mistake))
    if any(thread.is_alive() for thread in crew):
        return Given(HANG, '', stacks_of_all())
    return _given(one, [thread.raised for thread in crew if thread.raised])


def _given(one, raised):
    explained = '\n'.join(text for _, text in raised)
    if one.conductor.impossible:
        return Given(IMPOSSIBLE, explained, '')
    if raised:
        return Given('raises ' + ', '.join(sorted(set(name for name, _ in raised))), explained, '')
    return Given(as_outcome(one), '', '')


def force(case_class):
    """Run a Forced case once; return its outcome (str), ``'impossible'`` where blocked.

    Raises ScheduleError for a schedule that names what the case has not, or that does
    not fit what its actors do; CaseError for other mistakes.
    """
    return follow(case_class).outcome
