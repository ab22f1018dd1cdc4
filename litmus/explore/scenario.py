"""A small concurrent test of an object: what is called before, in each thread, and after.

Everything in it is text, so that a token can carry it: `'withdraw(70)'` is evaluated as
`thing.withdraw(70)` with the names of the object's module.  The calls after the threads have
ended make visible what the threads' own results do not show, such as a lost update.

An execution gives a `History`: of each call its result, and when it began and returned.  Calls
of which one returned before the other began have an order that everybody could see.
"""
from __future__ import absolute_import, division, print_function

import collections

from portable_server.litmus.explore import points
from portable_server.litmus.explore.freezing import Numbers, frozen, public_state, raised
from portable_server.litmus.explore.run import Killed

#: new: the constructor's call; before: list of calls; threads: list of lists; after: list
Scenario = collections.namedtuple('Scenario', 'new before threads after')

#: the result of a call that did not return
PENDING = ('did not return',)


class Call(object):
    """A call of one thread: text, result (frozen), began and returned (int moments)."""

    __slots__ = ('thread', 'text', 'result', 'began', 'returned')

    def __init__(self, thread, text):
        self.thread, self.text = thread, text
        self.result, self.began, self.returned = PENDING, None, None


def from_json(value):
    """The Scenario that a token carries."""
    new, before, threads, after = value
    return Scenario(str(new), [str(text) for text in before],
                    [[str(text) for text in calls] for calls in threads],
                    [str(text) for text in after])


class Bench(object):
    """Evaluates the texts of scenarios, in the namespace of the class's module."""

    def __init__(self, names):
        self._names = names
        self._compiled = {}

    def new(self, text):
        """The object that a constructor's call makes."""
        return eval(self._code(text), self._names)

    def call(self, thing, text):
        """The frozen result of one call, an exception as well."""
        code = self._code('_thing_.' + text)
        try:
            return frozen(eval(code, self._names, {'_thing_': thing}))
        except Killed:
            raise
        except BaseException as error:  # noqa: B036 -- SystemExit is a result as well
            return raised(error)

    def _code(self, text):
        found = self._compiled.get(text)
        if found is None:
            found = self._compiled[text] = compile(text, '<race>', 'eval')
        return found


class History(object):
    """What an execution of a scenario gives."""

    def __init__(self, scenario):
        self.calls = [[Call(number, text) for text in texts]
                      for number, texts in enumerate(scenario.threads)]
        self.before, self.after = [], []
        self.failed = None          # the frozen exception of the constructor
        self.moment = 0
        self.extra_actors = 0

    def tick(self):
        self.moment += 1
        return self.moment

    def finish(self):
        """Number the identities, over everything in the order of the program."""
        numbers = Numbers()
        self.before = [numbers.apply(result) for result in self.before]
        for calls in self.calls:
            for call in calls:
                call.result = numbers.apply(call.result)
        self.after = [numbers.apply(result) for result in self.after]
        return self

    def all_calls(self):
        return [call for calls in self.calls for call in calls]

    def complete(self):
        """Whether every call returned."""
        return all(call.returned for call in self.all_calls())


class _Execution(object):
    """The first actor's program."""

    def __init__(self, bench, scenario, history):
        self._bench, self._scenario, self._history = bench, scenario, history
        self._thing = None
        self._left = 0
        self._main = []             # the first actor, while it waits for the threads

    def __call__(self):
        history, scenario = self._history, self._scenario
        try:
            self._thing = self._bench.new(scenario.new)
        except Exception as error:
            history.failed = raised(error)
            return
        for text in scenario.before:
            history.before.append(self._bench.call(self._thing, text))
        run = points.here()
        self._threads(run)
        run.block([], 'sleep', 0)       # background threads do what they still can
        for text in scenario.after:
            history.after.append(self._bench.call(self._thing, text))
        history.after.append(public_state(self._thing))
        history.extra_actors = len(run.actors) - 1 - len(scenario.threads)

    def _threads(self, run):
        self._left = len(self._history.calls)
        for number, calls in enumerate(self._history.calls):
            run.spawn(self._body(run, calls), 'thread %d' % (number + 1))
        if self._left:
            run.block(self._main, 'the threads')

    def _body(self, run, calls):
        def body():
            for call in calls:
                points.step(None)
                self.make(call)
            self._one_less(run)
        return body

    def _one_less(self, run):
        self._left -= 1
        if not self._left:
            for actor in list(self._main):
                run.wake(actor)

    def make(self, call):
        """One call of a thread."""
        call.began = self._history.tick()
        call.result = self._bench.call(self._thing, call.text)
        call.returned = self._history.tick()


class _Serial(_Execution):
    """The same with one call at a time, in a given order of the threads' numbers."""

    def __init__(self, bench, scenario, history, order):
        super(_Serial, self).__init__(bench, scenario, history)
        self._order = order

    def _threads(self, run):
        queues = [[] for _ in self._history.calls]
        for number, calls in enumerate(self._history.calls):
            run.spawn(self._in_turn(run, calls, queues[number]), 'thread %d' % (number + 1))
        run.block([], 'sleep', 0)       # until each stands in its queue
        for number in self._order:
            for actor in list(queues[number]):
                run.wake(actor)
            run.block(self._main, 'a call')

    def _in_turn(self, run, calls, queue):
        def body():
            for call in calls:
                run.block(queue, 'its turn')
                self.make(call)
                for actor in list(self._main):
                    run.wake(actor)
        return body


def execute(session, bench, scenario, strategy=None, recorder=None):
    """(Execution, History) of a scenario under a strategy. Raises Uncontrolled."""
    history = History(scenario)
    execution = session.execute(_Execution(bench, scenario, history), strategy, recorder, True)
    return execution, history.finish()


def serially(session, bench, scenario, order):
    """(Execution, History) with one call at a time; order: the numbers of the threads."""
    history = History(scenario)
    execution = session.execute(_Serial(bench, scenario, history, order), None, None, True)
    return execution, history.finish()
