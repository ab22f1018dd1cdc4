"""What the jar has to do; run on each interpreter, next to jar.py.

A race that has to be waited for proves nothing. Here the coins are numbers of the test's own: who
adds to them, takes from them or compares them is stopped there until a second thread has come as
far, or a moment has passed. With a lock around the step the second thread cannot come, and the
moment passes; without one both have seen the same number.
"""
from __future__ import absolute_import, division, print_function

import threading

import jar
from exercise_kit import Task, check, equal, together, true
from interleaving import between_lines
from loopback import Served

MOMENT = 1.0  # seconds that the first waits for the second


class Meeting(object):
    """Who comes first waits a moment for another thread; that is done once."""

    def __init__(self):
        self._over = threading.Event()
        self._came = set()

    def come(self):
        self._came.add(threading.current_thread())
        if len(self._came) > 1:
            self._over.set()
        self._over.wait(MOMENT)
        self._over.set()


class Coins(int):
    """A number at which two threads meet that compare it, or change it, if nothing stops them."""

    looking = changing = None

    def _look(self):
        if self.looking is not None:
            self.looking.come()
        return int(self)

    def _change(self):
        if self.changing is not None:
            self.changing.come()
        return int(self)

    def __add__(self, other):
        return self._change() + other

    __radd__ = __add__

    def __sub__(self, other):
        return self._change() - other

    def __lt__(self, other):
        return self._look() < other

    def __le__(self, other):
        return self._look() <= other

    def __gt__(self, other):
        return self._look() > other

    def __ge__(self, other):
        return self._look() >= other


def watched(count, looking=None):
    """A Jar of so many coins, at which two threads meet that change them."""
    coins = Coins(count)
    coins.looking, coins.changing = looking, Meeting()
    return jar.Jar(coins)


def ask(client, line, due):
    """The client sends a line and gets this answer."""
    client.send(line + b'\r\n')
    equal(client.line(repr(due)), due, '%s: the line %r' % (client.who, line))


@check('adds', 'what is put in can be seen and taken out',
       advice='A method that holds the lock must not call another one that takes it.')
def adds():
    one = jar.Jar()
    equal(Task('put(5)', one.put, 5).result(), 5, 'put(5) into an empty jar')
    equal(Task('put(3)', one.put, 3).result(), 8, 'put(3) into a jar of 5')
    equal(Task('take(6)', one.take, 6).result(), 2, 'take(6) from a jar of 8')
    equal(Task('look()', one.look).result(), (2, 3), 'look() after put(5), put(3), take(6)')


@check('refusal', 'who wants too much gets nothing, and the jar can be used on',
       advice='Use `with self._lock:`, which gives the lock back on every way out, return as well.')
def refusal():
    one = jar.Jar(2)
    equal(Task('take(3)', one.take, 3).result(), None, 'take(3) from a jar of 2')
    equal(Task('look() after that', one.look).result(), (2, 0), 'look() after take(3) of 2')
    equal(Task('take(2)', one.take, 2).result(), 0, 'take(2) from a jar of 2')


@check('two-clients', 'what one client changes the other one sees, at once',
       advice='serve() makes one Jar, and gives it to the thread of each client.')
def two_clients():
    served = Served(jar.serve)
    ann, bob = served.connect('ann'), served.connect('bob')
    ask(ann, b'put 5', b'5')
    ask(bob, b'look', b'5 after 1 changes')
    ask(bob, b'take 2', b'3')
    ask(ann, b'look', b'3 after 2 changes')
    ask(ann, b'take 4', b'not so many')
    ask(bob, b'put 1', b'4')
    ann.close()
    bob.close()


@check('lost-update', 'of two who put at once, none is lost',
       advice='Looking, adding and storing are one step: all of it in one `with self._lock:`.')
def lost_update():
    one = watched(10)
    together('put(1) and put(2) at once', [lambda: one.put(1), lambda: one.put(2)])
    equal(one.look(), (13, 2), 'look() of a jar of 10, after put(1) and put(2) at once')


@check('put-and-take', 'put and take at once come to the right sum',
       advice='All methods take the same lock, for they change the same number.')
def put_and_take():
    one = watched(10)
    together('put(1) and take(2) at once', [lambda: one.put(1), lambda: one.take(2)])
    equal(one.look(), (9, 2), 'look() of a jar of 10, after put(1) and take(2) at once')


@check('taken-once', 'the last coins are taken once',
       advice='The look at the coins belongs under the lock, together with the change.')
def last_coins():
    one = watched(3, looking=Meeting())
    got = together('take(2) by two at once, of 3', [lambda: one.take(2)] * 2)
    equal(sorted(got, key=str), [1, None], 'take(2) by two at once, of 3')
    equal(one.look(), (1, 1), 'look() after that')


@check('own-result', 'put and take return what there was after their own change',
       advice='Read what you return under the lock as well: return from inside the `with`.')
def own_result():
    def judge_puts(_, one, two):
        equal(sorted([one, two]), [1, 2], 'put(1) by two at once, into an empty jar')

    def judge_takes(_, one, two):
        equal(sorted([one, two]), [7, 8], 'take(1) by two at once, of 9')

    between_lines(jar, jar.Jar, lambda one: one.put(1), lambda one: one.put(1), judge_puts)
    between_lines(jar, lambda: jar.Jar(9), lambda one: one.take(1), lambda one: one.take(1),
                  judge_takes)


@check('one-moment', 'look gives coins and changes of one and the same moment',
       advice='Who only reads takes the lock too, or it sees a change that is half done.')
def one_moment():
    def seen(what):
        true(what in ((0, 0), (5, 1)), 'look() while another does put(5) into an empty jar',
             repr(what), '(0, 0) or (5, 1)')

    between_lines(jar, jar.Jar, lambda one: one.put(5), lambda one: one.look(),
                  lambda _, put, looked: seen(looked))
    between_lines(jar, jar.Jar, lambda one: one.look(), lambda one: one.put(5),
                  lambda _, looked, put: seen(looked))


@check('many', 'with many threads at once the sum is right',
       advice='Every method takes the lock.')
def many():
    one = jar.Jar(100)

    def change():
        for _ in range(200):
            one.put(3)
            one.take(2)

    together('put(3), take(2), 200 times, by four at once', [change] * 4)
    equal(one.look(), (900, 1600), 'look() of a jar of 100 after that')
