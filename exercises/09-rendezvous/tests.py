"""What the rendezvous has to do; run on each interpreter, next to rendezvous.py.

Nothing here waits for luck. `threading.Condition` is one of the test's own: it can wake up for
nothing, and it can wake up late, when others have met meanwhile. Any condition may.
"""
from __future__ import absolute_import, division, print_function

import sys
import threading
import time
import types

from exercise_kit import LIMIT, Task, check, equal, fail, raises, together, true


MADE = []  # all conditions of the module
WAITS = []  # the timeout of each of their waits
entered = threading.Event()  # one of these waits has begun


class Condition(object):
    """A condition that wakes up for nothing, and late while `late` is there."""

    late = None  # an Event: who wakes up waits for it before it has the lock again
    restless = False  # whether a wait wakes up by itself, for nothing, twenty times a second

    def __init__(self, *arguments):
        self._real = threading.Condition(*arguments)
        MADE.append(self)

    def __enter__(self):
        return self._real.__enter__()

    def __exit__(self, *arguments):
        return self._real.__exit__(*arguments)

    def __getattr__(self, name):
        return getattr(self._real, name)

    def wait(self, timeout=None):
        WAITS.append(timeout)
        entered.set()
        if Condition.restless:
            timeout = 0.05 if timeout is None else min(timeout, 0.05)
        result = self._real.wait(timeout)
        late = Condition.late
        if late is not None:
            self._real.release()
            late.wait(LIMIT)
            self._real.acquire()
        return result

    def wait_for(self, holds, timeout=None):
        if timeout is not None:
            WAITS.append(timeout)
            entered.set()
            return self._real.wait_for(holds, timeout)
        while not holds():
            self.wait()
        return True


def imported():
    """The module; for it alone `threading` has the Condition above."""
    ours = types.ModuleType('threading')
    vars(ours).update(vars(threading), Condition=Condition)
    sys.modules['threading'] = ours
    try:
        import rendezvous
    finally:
        sys.modules['threading'] = threading
    return rendezvous


rendezvous = imported()


def wake_all():
    """Wake everybody who waits, without any reason."""
    for one in MADE[:]:
        with one:
            one.notify_all()


def place():
    del MADE[:], WAITS[:]
    return rendezvous.Rendezvous()


def meeting(here, name, timeout=None):
    did = "meet('%s')" % name if timeout is None else "meet('%s', %s)" % (name, timeout)
    return Task(did, here.meet, name, timeout)


def waiting(here, name, timeout=None):
    """One who has come first and waits."""
    entered.clear()
    task = meeting(here, name, timeout)
    deadline = time.time() + LIMIT
    while not entered.is_set() and not task.wait(0.01) and time.time() < deadline:
        pass  # on a busy machine: until it is there
    task.has_to_wait()
    return task


def met(*pairs):
    """Each task has to have met this name."""
    for task, name in pairs:
        equal(task.result(), name, task.did)


@check('two-meet', 'who comes first waits; then each gets the name of the other',
       advice='The first waits on the Condition; the second writes its name down and notifies.')
def two_meet():
    here = place()
    ann = waiting(here, 'ann')
    met((meeting(here, 'bob'), 'ann'), (ann, 'bob'))


@check('pairs', 'the third waits for a fourth',
       advice='When two have met nobody waits any more: take the first out of the waiting place.')
def pairs():
    here = place()
    ann = waiting(here, 'ann')
    met((meeting(here, 'bob'), 'ann'), (ann, 'bob'))
    cy = waiting(here, 'cy')
    met((meeting(here, 'dan'), 'cy'), (cy, 'dan'))


@check('woken-for-nothing', 'a wake-up without a partner is no meeting',
       advice='Look again after each wait: `while`, never `if`.')
def woken_for_nothing():
    here = place()
    ann = waiting(here, 'ann')
    wake_all()
    ann.has_to_wait()
    met((meeting(here, 'bob'), 'ann'), (ann, 'bob'))


@check('late', 'who wakes up late still gets its own partner, though others have met meanwhile',
       advice='Write the name on something that belongs to the one who waits, not to all.')
def late():
    here = place()
    ann = waiting(here, 'ann')
    Condition.late = threading.Event()
    try:
        met((meeting(here, 'bob'), 'ann'))
        cy = waiting(here, 'cy')  # while ann is still waking up
        met((meeting(here, 'dan'), 'cy'))
    finally:
        Condition.late.set()
        Condition.late = None
    met((ann, 'bob'), (cy, 'dan'))


@check('nobody-came', 'with a timeout it gives up, and nobody meets who has gone',
       advice='When the time is over and nobody has come, take yourself out of the waiting place.')
def nobody_came():
    here = place()
    met((meeting(here, 'ann', 0.1), None))
    bob = waiting(here, 'bob')
    met((meeting(here, 'cy'), 'bob'), (bob, 'cy'))


@check('no-time', 'with a timeout of 0 it does not wait, but it meets one who is there',
       advice='0 is a timeout as well: `if timeout is None`, not `if timeout`.')
def no_time():
    here = place()
    met((meeting(here, 'ann', 0), None))
    bob = waiting(here, 'bob')
    met((meeting(here, 'cy', 0), 'bob'), (bob, 'cy'))


@check('in-time', 'a partner that came in time counts, also for one who wakes up too late',
       advice='Behind the loop look first whether somebody has come, then at the clock.')
def in_time():
    here = place()
    ann = waiting(here, 'ann', 2.0)
    Condition.late = threading.Event()
    try:
        bob = meeting(here, 'bob')
        met((bob, 'ann'))
        ann.wait(2.2)  # until her time is over
    finally:
        Condition.late.set()
        Condition.late = None
    met((ann, 'bob'))


@check('whole-time', 'the timeout counts from the call, however often one is woken',
       advice='Compute the deadline once, before the loop; wait for what is left of it.')
def whole_time():
    here = place()
    Condition.restless = True
    try:
        ann = meeting(here, 'ann', 1.5)
        true(ann.ends(), "meet('ann', 1.5), woken 20 times a second",
             'it waits still, after %d s' % LIMIT, 'None')
    finally:
        Condition.restless = False
    met((ann, None))


@check('namesakes', 'two of the same name meet, too',
       advice='A name is no key: keep an object for each who waits.')
def namesakes():
    here = place()
    ann = waiting(here, 'ann')
    met((meeting(here, 'ann'), 'ann'), (ann, 'ann'))


@check('empty-name', 'a name may be empty, and one of that name meets as all do',
       advice="'' is a name: ask `partner is None`, not `not partner`.")
def empty_name():
    here = place()
    ann = waiting(here, 'ann')
    met((meeting(here, ''), 'ann'), (ann, ''))
    nameless = waiting(here, '')
    met((meeting(here, 'bob'), ''), (nameless, 'bob'))


@check('told-not-asking', 'without a timeout it waits until it is told, and asks no more meanwhile',
       advice='wait() without a timeout sleeps until somebody notifies.')
def told_not_asking():
    here = place()
    ann = waiting(here, 'ann')
    met((meeting(here, 'bob'), 'ann'), (ann, 'bob'))
    short = [one for one in WAITS if one is not None and one < LIMIT]
    true(not short, "meet('ann') without a timeout", 'wait(%s)' % ''.join(map(str, short[:1])),
         'wait() of the condition without a timeout')


@check('close-wakes', 'close wakes who waits, and nobody meets any more',
       advice='close notifies all; the loop has to look whether it is closed.')
def close_wakes():
    here = place()
    ann = waiting(here, 'ann')
    here.close()
    closed(ann)
    for name in ('bob', 'cy', 'dan'):  # one after the other: it stays closed
        closed(meeting(here, name))


def closed(task):
    """It has to raise Closed."""
    if not task.ends():
        fail(task.did, 'it still waits', 'that it raises Closed')
    raises(rendezvous.Closed, task.value, task.did + ' of a closed rendezvous')


@check('many', 'with many at once everybody meets one who has met him',
       advice='All of meet is one `with self._condition:`; only wait gives the lock back.')
def many():
    here = place()
    whom = {}

    def meet(who):
        try:
            for number in range(25):
                name = '%s%d' % (who, number)
                whom[name] = here.meet(name, LIMIT)
        except rendezvous.Closed:
            pass  # another has met 25, and nobody is to wait for ever
        here.close()

    did = 'four threads that meet 25 times each'
    together(did, [lambda who=who: meet(who) for who in ('ann', 'bob', 'cy', 'dan')])
    for name, other in sorted(whom.items()):
        true(other is not None, did, '%s has met nobody (None)' % name, 'somebody, or Closed')
        true(whom.get(other) == name, did, '%s has met %s, but %s has met %s' % (
            name, other, other, whom.get(other) or 'nobody'), 'that each has met the other')
    true(len(whom) >= 50, did, '%d have met somebody' % len(whom),
         '50 at least, when one of them has met 25')
