"""What the game has to do; run on each interpreter, next to game.py.

Nothing here waits for luck. The secret is a number of the test's own: who compares with it is
stopped there until another thread has compared too, or a moment has passed. With a lock around the
step the other cannot come, and the moment passes; without one both have seen the same round.
"""
from __future__ import absolute_import, division, print_function

import itertools
import threading

import game
from exercise_kit import Task, check, equal, seeded, together, true
from interleaving import between_lines

MOMENT = 0.3  # seconds that the first waits for the second


class Secret(int):
    """A number: two threads that compare with it meet, if nothing keeps them apart."""

    def meet(self, result):
        self.came.append(threading.current_thread())
        if any(one is not self.came[0] for one in self.came):
            self.second.set()
        self.second.wait(MOMENT)
        return result

    def __eq__(self, other):
        return self.meet(int(self) == int(other))

    def __ne__(self, other):
        return self.meet(int(self) != int(other))

    def __lt__(self, other):
        return self.meet(int(self) < int(other))

    def __gt__(self, other):
        return self.meet(int(self) > int(other))

    def __le__(self, other):
        return self.meet(int(self) <= int(other))

    def __ge__(self, other):
        return self.meet(int(self) >= int(other))

    def __sub__(self, other):
        return self.meet(int(self) - int(other))

    def __rsub__(self, other):
        return self.meet(int(other) - int(self))

    def __hash__(self):
        return hash(int(self))


def secret(number):
    made = Secret(number)
    made.came, made.second = [], threading.Event()
    return made


def secrets(*numbers):
    """A `choose` that gives these, then 1000; and the list of what it gave."""
    given, left = [], iter(numbers)

    def choose():
        given.append(next(left, 1000))
        return given[-1]
    return choose, given


def replayed(history, given, did):
    """The history has to be what one player after the other would have seen."""
    number = 0
    for place, (turn, player, guess, reply) in enumerate(history):
        now = int(given[number])
        due = 'won' if guess == now else ('greater' if guess < now else 'smaller')
        equal((turn, player, guess, reply), (number + 1, player, guess, due),
              '%s: guess %d of the history, the secret being %d' % (did, place + 1, now))
        number += reply == 'won'
    equal(len(given), number + 1, '%s: how often choose() was called' % did)


@check('replies', 'a guess is told whether the secret is greater or smaller, or the guess has won',
       advice='This works at the start; keep it.')
def replies():
    choose, given = secrets(7, 3)
    one = game.Game(choose)
    equal([one.guess('ann', number) for number in (5, 9, 7, 7)],
          ['greater', 'smaller', 'won', 'smaller'], 'guess 5, 9, 7, 7; the secrets are 7, then 3')
    replayed(one.history(), given, 'one player')


@check('lines', 'its lines are answered as before',
       advice='The function answer() stays as it is.')
def lines():
    one = game.Game(secrets(7)[0])
    for line, due in (('GUESS 5', 'greater'), ('GUESS 7', 'won'), ('GUESS x', 'ERR what?'),
                      ('', 'ERR what?'), ('QUIT', None)):
        equal(game.answer(one, 'ann', line), due, 'the line %r' % line)


@check('one-winner', 'of two who say the secret at once, one wins the round',
       advice='To compare and to begin the next round is one step: both under the same lock.')
def one_winner():
    did = 'guess 7 by two at once; the secrets are 7, then 3'
    choose, given = secrets(secret(7), 3)
    one = game.Game(choose)
    got = together(did, [lambda: one.guess('ann', 7), lambda: one.guess('bob', 7)])
    equal(sorted(got), ['smaller', 'won'], did)
    replayed(one.history(), given, did)


@check('next-round', 'the next round begins in the same step as the last ends',
       advice='Call choose() before the lock is given back.')
def next_round():
    did = 'guess 7 while the next secret is being chosen, after a 7 that won; it will be 3'
    others, over = [], threading.Event()

    def other(one):
        reply = one.guess('bob', 7)
        over.set()
        return reply

    def choose():
        if 'game' not in place:
            return 7
        if not others:
            others.append(Task(did, other, place['game']))
            over.wait(MOMENT)
            return 3
        return 1000
    place = {}
    place['game'] = game.Game(choose)
    equal(Task('guess 7', place['game'].guess, 'ann', 7).result(), 'won', 'guess 7')
    equal(others[0].result(), 'smaller', did)


@check('history', 'the history is in the order in which the guesses were judged',
       advice='Note the guess in the same step as it is judged, under the lock.')
def history():
    did = 'two guesses at once; the secrets are 7, then 3'

    def start():
        choose, given = secrets(7, 3)
        one = game.Game(choose)
        one.given = given
        return one

    def judge(one, first, second):
        replayed(one.history(), one.given, did)
        equal(sorted(entry[3] for entry in one.history()), sorted([first, second]),
              '%s: replies of the history' % did)

    between_lines(game, start, lambda one: one.guess('ann', 7),
                  lambda one: one.guess('bob', 5), judge)


@check('copy', 'who gets the history may do with it what he likes',
       advice='return list(self._history), made under the lock.')
def copy():
    one = game.Game(secrets(7)[0])
    one.guess('ann', 5)
    one.history().append('mine')
    equal(one.history(), [(1, 'ann', 5, 'greater')], "history() after history().append('mine')")


@check('many', 'with many players at once the history is right, and no guess is missing',
       advice='Every method takes the lock.')
def many():
    numbers = seeded()
    given = []

    def choose():
        given.append(numbers.randint(1, 9))
        return given[-1]

    def play(name):
        return [(name, one.guess(name, guess)) for guess in itertools.islice(
            itertools.cycle(range(1, 10)), 300)]

    one = game.Game(choose)
    parts = together('4 players of 300 guesses', [lambda name=name: play(name) for name in 'abcd'])
    entries = one.history()
    equal(len(entries), 1200, 'guesses in the history, of 4 players of 300')
    replayed(entries, given, '4 players at once')
    for part in parts:
        name = part[0][0]
        equal([(entry[1], entry[3]) for entry in entries if entry[1] == name], part,
              'what %s was told, and the history' % name)
    true(any(reply == 'won' for part in parts for _, reply in part), 'so many guesses',
         'nobody won', 'somebody wins')
