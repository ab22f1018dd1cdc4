"""What the tests of a module are written with. They run in the harness, the module in a process of
its own on each interpreter; what they do with the module is done there (mirror.py).

    from exercise_kit import check, equal, Task
    import mailbox

    @check('fifo', 'what was put first is got first', advice='Take from the left: popleft.')
    def fifo():
        box = mailbox.Mailbox(2)
        box.put('a')
        box.put('b')
        equal(box.get(), 'a', 'get() after put("a"), put("b")')

A check returns when the module did what was due and raises otherwise.  Whatever waits belongs in
a `Task`, so that a module that blocks for ever fails in a sentence; the runner ends what hangs.
"""
from __future__ import absolute_import, division, print_function

import random
import threading
import time
import traceback

CHECKS = []
LIMIT = 10.0    # seconds that a task may take on a busy machine
_settings = {'seed': 1}


class Failed(Exception):
    """The module did not do what was due."""

    def __init__(self, did, came, due):
        Exception.__init__(self, '%s: came %s, due %s' % (did, came, due))
        self.did, self.came, self.due = did, came, due


def check(name, promise, advice):
    """Make a function without arguments a check."""
    def mark(function):
        CHECKS.append((name, promise, advice, function))
        return function
    return mark


def fail(did, came, due):
    """The module did not do what was due: what was done, what came of it, what should have."""
    raise Failed(did, came, due)


def equal(came, due, did):
    """`came`, which is what `did` (text) gave, has to be equal to `due`."""
    if came != due:
        raise Failed(did, repr(came), repr(due))


def true(condition, did, came, due):
    """The condition has to hold."""
    if not condition:
        raise Failed(did, came, due)


def raises(kind, function, did):
    """`function()` has to raise an exception of this kind."""
    try:
        value = function()
    except kind:
        return
    raise Failed(did, 'it returned %r' % (value,), 'an exception: %s' % kind.__name__)


def seeded():
    """A `random.Random` that repeats what the seed of this run draws."""
    return random.Random(_settings['seed'])


def use_seed(seed):
    """Called by the runner."""
    _settings['seed'] = seed


class Task(object):
    """A function that runs in a thread of its own from now on.

        task = Task('get() of an empty mailbox', box.get)
        task.has_to_wait()
        box.put('a')
        equal(task.result(), 'a', 'get() that waited for a put')
    """

    def __init__(self, did, function, *arguments):
        self.did = did
        self._value, self._error = None, None
        self._done = threading.Event()
        self._call = (function, arguments)
        self._thread = threading.Thread(target=self._run)
        self._thread.daemon = True
        self._thread.start()

    def _run(self):
        function, arguments = self._call
        try:
            self._value = function(*arguments)
        except BaseException as error:  # SystemExit is no end of a call either
            self._error = (error, traceback.format_exc())
        finally:
            self._done.set()

    def is_done(self):
        """Whether it has returned or raised."""
        return self._done.is_set()

    def wait(self, moment):
        """Give it a moment; whether it is done."""
        self._done.wait(moment)
        return self._done.is_set()

    def ends(self):
        """Whether it returns or raises in good time."""
        return self.wait(LIMIT)

    def value(self):
        """What the function returned or raised, of a task that is done; its very exception."""
        if self._error is not None:
            raise self._error[0]
        return self._value

    def result(self, limit=LIMIT):
        """What the function returned; its exception is raised here."""
        self._done.wait(limit)
        if not self._done.is_set():
            raise Failed(self.did, 'it still waits after %g s' % limit, 'that it returns')
        if self._error is not None:
            if isinstance(self._error[0], Failed):
                raise self._error[0]
            raise Failed(self.did, self._error[1].strip().splitlines()[-1], 'no exception')
        return self._value

    def has_to_wait(self, moment=0.2):
        """It must not be done yet: looked at for a moment, so that no right module is accused."""
        self._done.wait(moment)
        if self._done.is_set():
            self.result()
            raise Failed(self.did, 'it returned %r' % (self._value,), 'that it waits')


def together(did, functions, limit=LIMIT):
    """Run functions side by side, let go at the same moment; the list of what they return."""
    functions = list(functions)
    gate = threading.Event()

    def behind_the_gate(function):
        gate.wait(LIMIT)
        return function()

    tasks = [Task(did, behind_the_gate, function) for function in functions]
    gate.set()
    deadline = time.time() + limit
    return [task.result(max(0.1, deadline - time.time())) for task in tasks]
