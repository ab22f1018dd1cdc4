"""Is a concurrent history explained by a serial order of its calls?

The specification comes from the object itself ("Line-Up", Burckhardt and others, PLDI 2010): a
history is right if some serial order of the same calls, which keeps the order within each
thread and the order in real time, gives the same results.  So an order is executed, one call at
a time, when a history first needs it, and its results are kept.

Calls that block.  A history in which calls did not return is right if each of them also blocks
in a serial execution, after the calls that did return.  A `get` from an empty queue that waits
for ever is no fault; one that waits although a `put` returned is.
"""
from __future__ import absolute_import, division, print_function

import collections

from portable_server.litmus.explore import scenario as _scenario
from portable_server.litmus.explore.run import DONE, LIVELOCK

#: kind: 'ok', 'deadlock', 'livelock', 'not linearizable', 'nondeterministic'; serial: the
#: results that serial orders gave, a list of (order, results)
Verdict = collections.namedtuple('Verdict', 'kind serial')

OK, STUCK, NOT_LINEARIZABLE = 'ok', 'deadlock', 'not linearizable'
SPINS, NONDETERMINISTIC = 'livelock', 'nondeterministic'


def results_of(history):
    """The results of a history, without moments: a key."""
    return (history.failed, tuple(history.before),
            tuple(tuple(call.result for call in calls) for calls in history.calls),
            tuple(history.after))


def orders(calls_by_thread):
    """Each serial order of calls, as a tuple of thread numbers, that respects real time."""
    found = []
    _extend([list(calls) for calls in calls_by_thread], (), found)
    return found


def _extend(left, so_far, found):
    if not any(left):
        found.append(so_far)
        return
    for number, calls in enumerate(left):
        if calls and not _is_late(calls[0], left):
            rest = list(left)
            rest[number] = calls[1:]
            _extend(rest, so_far + (number,), found)


def _is_late(call, left):
    """Whether a call that is not in the order yet returned before this one began."""
    return any(other.returned and call.began and other.returned < call.began
               for calls in left for other in calls[:1])


class Specification(object):
    """What serial executions of one scenario give."""

    def __init__(self, session, bench, scenario):
        self._session, self._bench, self._scenario = session, bench, scenario
        self._known = {}            # order -> (outcome, results, history)
        self._verdicts = {}
        self._has_workers = False
        self.executions = 0         # serial ones, so far

    def serial(self, order):
        """(outcome, History) of an order."""
        if order not in self._known:
            execution, history = _scenario.serially(self._session, self._bench, self._scenario,
                                                    order)
            self.executions += 1
            self._has_workers = self._has_workers or history.extra_actors > 0
            self._known[order] = execution.outcome, history
        return self._known[order]

    def _first(self):
        """The order of the threads' numbers."""
        return tuple(number for number, calls in enumerate(self._scenario.threads)
                     for _ in calls)

    def can_begin(self):
        """Whether the constructor and the calls before the threads come back."""
        history = self.serial(self._first())[1]
        return history.failed is None and len(history.before) == len(self._scenario.before)

    def is_deterministic(self):
        """Whether the first serial order gives the same twice."""
        first = results_of(self.serial(self._first())[1])
        del self._known[self._first()]
        return results_of(self.serial(self._first())[1]) == first

    def judge(self, outcome, history):
        """The Verdict on one concurrent execution."""
        calls = history.all_calls()
        key = (outcome, results_of(history),
               tuple(_is_before(one, other) for one in calls for other in calls))
        if key not in self._verdicts:
            self._verdicts[key] = self._judge(outcome, history)
        return self._verdicts[key]

    def _judge(self, outcome, history):
        if outcome == LIVELOCK:
            return Verdict(SPINS, self._possible(history))
        if history.complete():
            return self._judge_complete(outcome, history)
        return self._judge_stuck(history)

    def _judge_complete(self, outcome, history):
        """All calls of the threads returned; a call afterwards may wait for ever, in both."""
        for order in orders(history.calls):
            serial_outcome, serial = self.serial(order)
            if serial_outcome == outcome and self._agree(serial, history):
                return Verdict(OK, [])
        return Verdict(NOT_LINEARIZABLE, self._possible(history))

    def _agree(self, serial, history):
        if self._has_workers:       # when a worker of the object's own gets on is not ours to say
            return serial.after == history.after
        return results_of(serial) == results_of(history)

    def _judge_stuck(self, history):
        """Each call that did not return must block after those that did."""
        returned = [[call for call in calls if call.returned] for calls in history.calls]
        pending = [call for call in history.all_calls() if call.began and not call.returned]
        for call in pending:
            if not any(self._blocks(order + (call.thread,), history)
                       for order in orders(returned)):
                return Verdict(STUCK, self._possible(history))
        return Verdict(OK if pending else STUCK, [])

    def _blocks(self, order, history):
        outcome, serial = self.serial(order)
        if outcome == DONE:
            return False
        return all(mine.result == theirs.result
                   for calls, others in zip(serial.calls, history.calls)
                   for mine, theirs in zip(calls, others) if theirs.returned)

    def _possible(self, history):
        """Every serial order with its outcome, for a report."""
        all_calls = [[_Unordered() for _ in calls] for calls in history.calls]
        return [(order,) + self.serial(order) for order in orders(all_calls)]


class _Unordered(object):
    """Stands for a call without moments."""

    began = returned = None


def _is_before(one, other):
    return bool(one.returned and other.began and one.returned < other.began)
