"""What the shop has to do; run on each interpreter, next to shop.py.

A race that has to be waited for proves nothing. Here the stock is a mapping of the test's own: who
looks into it, or is about to change it, is stopped there until a second thread has come as far, or
a moment has passed. With a lock around the step the second thread cannot come, and the moment
passes; without one both have seen the same number.
"""
from __future__ import absolute_import, division, print_function

import threading

import shop
from exercise_kit import Task, check, equal, together
from interleaving import between_lines

MOMENT = 0.3  # seconds that the first waits for the second


class Meeting(object):
    """Who comes first waits a moment for another thread."""

    def __init__(self):
        self._second = threading.Event()
        self._came = []

    def come(self):
        self._came.append(threading.current_thread())
        if any(one is not self._came[0] for one in self._came):
            self._second.set()
        self._second.wait(MOMENT)


class Stock(dict):
    """A stock in which two threads look at once and change at once, if nothing keeps them apart."""

    def __init__(self, *positional):
        dict.__init__(self, *positional)
        self._looking, self._changing = Meeting(), Meeting()

    def get(self, key, default=None):
        value = dict.get(self, key, default)
        self._looking.come()
        return value

    def __getitem__(self, key):
        value = dict.__getitem__(self, key)
        self._looking.come()
        return value

    def __setitem__(self, key, value):
        self._changing.come()
        dict.__setitem__(self, key, value)


@check('sells', 'it sells what it has, and numbers the orders',
       advice='This works at the start; keep it.')
def sells():
    one = shop.Shop({'apple': 2})
    equal([one.buy('apple') for _ in range(3)], [1, 2, None], "buy('apple') three times, of 2")
    equal(one.buy('plum'), None, "buy('plum') of none")
    equal(one.restock('plum', 5), 5, "restock('plum', 5)")
    equal((one.buy('plum'), one.left('plum')), (3, 4), "buy('plum'), left('plum')")
    equal(one.orders(), [(1, 'apple'), (2, 'apple'), (3, 'plum')], 'orders()')


@check('answers', 'its lines are answered as before',
       advice='The function answer() stays as it is.')
def answers():
    one = shop.Shop({'apple': 1})
    for line, due in (('BUY apple', 'order 1'), ('BUY apple', 'sold out'), ('LEFT apple', '0'),
                      ('RESTOCK apple 7', '7'), ('RESTOCK apple x', 'ERR what?'), ('', 'ERR what?'),
                      ('QUIT', None)):
        equal(shop.answer(one, line), due, 'the line %r' % line)


@check('last-one', 'the last one is sold once',
       advice='The look at the stock belongs under the lock, with the change.')
def last_one():
    one = shop.Shop(Stock({'apple': 1}))
    got = together("buy('apple') by two at once, of 1", [lambda: one.buy('apple')] * 2)
    equal(sorted(got, key=str), [1, None], "buy('apple') by two at once, of 1")


@check('deliveries', 'no delivery and no sale is lost',
       advice='Sales and deliveries change the same number: the same lock for both.')
def deliveries():
    one = shop.Shop(Stock({'apple': 10}))
    together('buy and restock at once', [lambda: one.buy('apple'), lambda: one.restock('apple', 5)])
    equal(one.left('apple'), 14, "left('apple') of 10, after a sale and a delivery of 5 at once")


@check('numbers', 'orders have the numbers 1, 2, 3 ..., none twice',
       advice='Count, and read what you counted, under the lock.')
def numbers():
    def judge(_, one, two):
        equal(sorted([one, two]), [1, 2], 'the numbers of two orders at once')

    between_lines(shop, lambda: shop.Shop({'apple': 5}), lambda one: one.buy('apple'),
                  lambda one: one.buy('apple'), judge)


@check('journal', 'the journal is opened once, and has all orders in order',
       advice='Look whether it is open, open it and write to it in the same step as the sale.')
def journal():
    opened, second = [], threading.Event()

    def open_journal():
        opened.append([])
        if len(opened) > 1:
            second.set()
        second.wait(MOMENT)
        return opened[-1]

    one = shop.Shop({'apple': 9}, open_journal)
    together("buy('apple') by three at once", [lambda: one.buy('apple')] * 3)
    equal(len(opened), 1, 'open_journal(), called by three first orders at once, how often')
    equal(one.orders(), [(1, 'apple'), (2, 'apple'), (3, 'apple')], 'orders()')


@check('many', 'with many buyers at once the sum is right',
       advice='Every method takes the lock.')
def many():
    one = shop.Shop({'apple': 500})

    def buy():
        return [one.buy('apple') for _ in range(200)]

    parts = together('four buyers of 200, of 500', [buy] * 4)
    got = [number for part in parts for number in part]
    equal(sorted(number for number in got if number), list(range(1, 501)), 'all numbers, sorted')
    equal((one.left('apple'), len(one.orders())), (0, 500), 'what is left, and the orders')
    Task('left()', one.left, 'apple').result()
