"""What the shop has to do; run on each interpreter, next to shop.py.

A race that has to be waited for proves nothing. Here the stock is a mapping of the test's own: who
looks into it, or is about to change it, is stopped there until a second thread has come as far, or
a moment has passed. With a lock around the step the second thread cannot come, and the moment
passes; without one both have seen the same number. The journal stops them in the same way. What no
such place shows is forced by `between_lines`: one call runs between any two lines of another.
"""
from __future__ import absolute_import, division, print_function

import threading

import shop
from exercise_kit import LIMIT, Task, check, equal, together, true
from interleaving import between_lines

MOMENT = 0.3  # seconds that the first waits for the second
LONGER = 1.0  # the same, where that is waited for but once
BOTH = [(1, 'apple'), (2, 'apple')]


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


class Journal(list):
    """Who writes order 1 is stopped until 2 is written, who reads until `go_on`."""

    def __init__(self):
        list.__init__(self)
        self.reading, self.go_on, self.second = [threading.Event() for _ in range(3)]
        self.is_read = self.met = False

    def append(self, order):
        if order[0] == 1:
            self.second.wait(LONGER)
        self.met = self.met or self.is_read
        list.append(self, order)
        if order[0] == 2:
            self.second.set()

    def __iter__(self):
        for order in list.__iter__(self):
            self.is_read = True
            self.reading.set()
            self.go_on.wait(LIMIT)
            self.is_read = False
            yield order


def buy_apple(one):
    return one.buy('apple')


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


@check('copy', 'orders() gives a copy: who gets it may do with it what he likes',
       advice='return list(self._journal or []), made under the lock.')
def copy():
    one = shop.Shop({'apple': 2})
    one.buy('apple')
    one.orders().append('mine')
    equal(one.orders(), [(1, 'apple')], 'orders() after orders().append("mine")')
    before = one.orders()
    one.buy('apple')
    equal((before, one.orders()), ([(1, 'apple')], BOTH), 'orders() before and after order 2')


@check('opens', 'the journal is opened at the first order, not before',
       advice='Open it in `buy`, behind the look at the stock; who gets nothing makes no order.')
def opens():
    opened = []

    def open_journal():
        opened.append([])
        return opened[-1]

    one = shop.Shop({'apple': 2}, open_journal)
    equal((one.left('apple'), one.orders(), one.restock('apple', 1), one.buy('plum')),
          (2, [], 3, None), "left('apple'), orders(), restock('apple', 1), buy('plum') of none")
    equal(len(opened), 0, 'open_journal(), before the first order, how often')
    equal((one.buy('apple'), one.buy('apple'), len(opened)), (1, 2, 1),
          'two orders, and how often open_journal() was called')


@check('after-an-error', 'if the journal cannot be opened, the shop goes on',
       advice='`with self._lock:` gives it back whatever happens; acquire() needs try and finally.')
def after_an_error():
    def open_journal():
        raise IOError('the disk is full')

    one = shop.Shop({'apple': 5, 'plum': 5}, open_journal)
    true(Task('buy', one.buy, 'apple').ends(), "buy('apple') when open_journal() raises",
         'it does not end', 'an end')
    equal(Task("left('plum') after open_journal() raised", one.left, 'plum').result(), 5,
          "left('plum') after open_journal() raised")
    equal(Task("restock('plum', 2) after open_journal() raised", one.restock, 'plum', 2).result(),
          7, "restock('plum', 2) after open_journal() raised")


@check('last-one', 'the last one is sold once',
       advice='The look at the stock belongs under the lock, with the change.')
def last_one():
    one = shop.Shop(Stock({'apple': 1}))
    got = together("buy('apple') by two at once, of 1", [lambda: one.buy('apple')] * 2)
    equal(sorted(got, key=str), [1, None], "buy('apple') by two at once, of 1")

    def judge(_, one, two):
        equal(sorted([one, two], key=str), [1, None], "buy('apple') by two at once, of 1")

    between_lines(shop, lambda: shop.Shop({'apple': 1}), buy_apple, buy_apple, judge)


@check('deliveries', 'no delivery and no sale is lost',
       advice='Sales and deliveries change the same number: the same lock for both.')
def deliveries():
    one = shop.Shop(Stock({'apple': 10}))
    together('buy and restock at once', [lambda: one.buy('apple'), lambda: one.restock('apple', 5)])
    did = "left('apple') of 10, after a sale and a delivery of 5 at once"
    equal(one.left('apple'), 14, did)

    def judge(one, *_):
        equal(one.left('apple'), 14, did)

    def restock(one):
        return one.restock('apple', 5)

    between_lines(shop, lambda: shop.Shop({'apple': 10}), buy_apple, restock, judge)
    between_lines(shop, lambda: shop.Shop({'apple': 10}), restock, buy_apple, judge)


@check('restocks', 'restock tells how many there are right after its own delivery',
       advice='Return inside of the `with` block: behind it another may have changed the number.')
def restocks():
    def judge(_, one, two):
        true((one, two) in ((15, 18), (18, 13)), 'restock of 5 and of 3 at once, to 10',
             '%r and %r' % (one, two), '15 and 18, or 18 and 13')

    between_lines(shop, lambda: shop.Shop({'apple': 10}), lambda one: one.restock('apple', 5),
                  lambda one: one.restock('apple', 3), judge)


@check('numbers', 'orders have the numbers 1, 2, 3 ..., none twice',
       advice='Count, and read what you counted, under the lock.')
def numbers():
    def judge(_, one, two):
        equal(sorted([one, two]), [1, 2], 'the numbers of two orders at once')

    between_lines(shop, lambda: shop.Shop({'apple': 5}), buy_apple, buy_apple, judge)


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


@check('journal-order', 'of two orders at once the journal has 1 before 2',
       advice='Write to the journal in the same `with` block that gives the number, not behind it.')
def journal_order():
    did = "orders(), after buy('apple') by two at once"
    kept = Journal()
    kept.go_on.set()
    one = shop.Shop({'apple': 5}, lambda: kept)
    together("buy('apple') by two at once", [lambda: one.buy('apple')] * 2)
    equal(one.orders(), BOTH, did)

    def judge(one, *_):
        equal(one.orders(), BOTH, did)

    between_lines(shop, lambda: shop.Shop({'apple': 5}), buy_apple, buy_apple, judge)


@check('journal-alone', 'nobody writes to the journal while orders() reads it',
       advice='orders() makes its copy under the lock that `buy` holds while it writes.')
def journal_alone():
    kept = Journal()
    kept.second.set()
    one = shop.Shop({'apple': 5}, lambda: kept)
    one.buy('apple')

    def read():
        try:
            return one.orders()
        finally:
            kept.reading.set()  # also if it copies without a look at each order: [:]

    reader = Task('orders()', read)
    kept.reading.wait(LIMIT)
    buyer = Task("buy('apple') while orders() reads", one.buy, 'apple')
    buyer.wait(LONGER)
    true(not kept.met, 'orders(), stopped while it reads the journal',
         'an order was written to it meanwhile', 'that the order waits')
    kept.go_on.set()
    equal((reader.result()[:1], buyer.result(), one.orders()), (BOTH[:1], 2, BOTH),
          'orders() and buy at once, then orders()')


@check('many', 'with many buyers at once the sum is right',
       advice='What belongs together, the look and the change, is one step under the one lock.')
def many():
    one = shop.Shop({'apple': 500})

    def buy():
        return [one.buy('apple') for _ in range(200)]

    parts = together('four buyers of 200, of 500', [buy] * 4)
    got = [number for part in parts for number in part if number]
    equal((len(got), len(set(got)), min(got or [0]), max(got or [0])), (500, 500, 1, 500),
          'how many orders, how many different numbers, the lowest and the highest')
    equal((one.left('apple'), len(one.orders())), (0, 500), 'what is left, and the orders')
    wrong = [(place, order) for place, order in enumerate(one.orders(), 1)
             if order != (place, 'apple')]
    equal(wrong[:1], [], 'the first order of the journal that is not in its place')
