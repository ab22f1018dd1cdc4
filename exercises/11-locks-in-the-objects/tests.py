"""What Room and Member have to do; run on each interpreter, next to room.py."""
from __future__ import absolute_import, division, print_function

import threading

import room
from exercise_kit import LIMIT, Task, check, equal, true
from interleaving import between_lines


class Heard(object):
    """A member, started, and what was delivered to it."""

    def __init__(self, name):
        self.lines = []
        self.member = room.Member(name, self.lines.append)
        self.member.start()

    def end(self):
        """Stop it; what was delivered in all."""
        self.member.stop()
        self.member.join(LIMIT)
        true(not self.member.is_alive(), 'stop()', 'the thread still runs', 'that it ends')
        return self.lines


@check('thread', 'a Member is a thread that delivers in its own thread, in order',
       advice='`post` puts the line into a list; `run` takes it out and calls `deliver`.')
def thread():
    where = []
    member = room.Member('ann', lambda line: where.append((line, threading.current_thread())))
    true(isinstance(member, threading.Thread), 'Member(...)', 'no thread', 'a threading.Thread')
    member.start()
    for number in range(100):
        member.post('line %d' % number)
    member.stop()
    Task('join() of a member that was stopped', member.join).result()
    equal([line for line, _ in where], ['line %d' % number for number in range(100)],
          'post() of line 0 to line 99, then stop()')
    true(all(one is member for _, one in where), 'post()', 'delivered by another thread',
         'delivered by the thread of the member')


@check('post-never-waits', 'post does not wait for a delivery that takes long',
       advice='Take the lines out under the lock, leave the lock, then deliver.')
def post_never_waits():
    busy, go_on = threading.Event(), threading.Event()

    def deliver(line):
        busy.set()
        go_on.wait(LIMIT * 2)

    member = room.Member('ann', deliver)
    member.start()
    Task('the first post()', member.post, 'one').result()
    busy.wait(LIMIT)
    try:
        Task('post() while a delivery takes long', member.post, 'two').result()
    finally:
        go_on.set()
    member.stop()
    Task('join() of a member that was stopped', member.join).result()


@check('stop-keeps', 'what was posted before stop is delivered, what comes after it is not',
       advice='`run` ends when it was stopped *and* there are no lines left.')
def stop_keeps():
    lines, busy, go_on = [], threading.Event(), threading.Event()

    def deliver(line):
        busy.set()
        go_on.wait(LIMIT)
        lines.append(line)

    member = room.Member('ann', deliver)
    member.start()
    Task('the first post()', member.post, 'one').result()
    busy.wait(LIMIT)
    for line in ('two', 'three'):
        member.post(line)
    member.stop()
    member.post('four')
    go_on.set()
    Task('join() of a member that was stopped', member.join).result()
    equal(lines, ['one', 'two', 'three'], 'post one, two, three; stop(); post four')


@check('woken-for-nothing', 'a member that is woken without a reason goes on waiting',
       advice='`while not ...: condition.wait()`, never `if`.')
def woken_for_nothing():
    heard = Heard('ann')
    for _ in range(5):
        for value in list(vars(heard.member).values()):
            if hasattr(value, 'notify_all') and value is not heard.member:
                with value:
                    value.notify_all()
        threading.Event().wait(0.02)
    heard.member.post('late')
    equal(heard.end(), ['late'], 'a notify_all() without a line, then post("late")')


@check('told', 'joins, lines and leaves are told to the others',
       advice='The docstrings of Room say who gets what.')
def told():
    ann, bob = Heard('ann'), Heard('bob')
    party = room.Room()
    equal((party.join(ann.member), party.join(bob.member)), (True, True), 'two joins')
    equal(party.join(room.Member('bob', None)), False, 'a join with a name that is in use')
    equal(party.say('ann', 'hello'), True, "say('ann', 'hello')")
    equal(party.say('cy', 'hello'), False, "say('cy', ...) of one who is not here")
    equal(party.names(), ['ann', 'bob'], 'names()')
    equal((party.leave('bob'), party.leave('bob')), (True, False), "leave('bob') twice")
    equal(ann.end(), ['* here: ', '* bob is here', '* bob is gone'], 'what ann is told')
    equal(bob.end(), ['* here: ann', '[ann] hello'], 'what bob is told')


@check('from-inside', 'whoever delivers may call the room and the member',
       advice='Call `deliver` with no lock held, neither the room\'s nor the member\'s.')
def from_inside():
    party = room.Room()
    seen, done = [], threading.Event()

    def deliver(line):
        if not seen:
            seen.append(party.names())
            party.say('ann', 'I heard: ' + line)
            done.set()

    ann, bob = room.Member('ann', deliver), Heard('bob')
    ann.start()
    Task('join() of bob', party.join, bob.member).result()
    Task('join() of ann', party.join, ann).result()
    done.wait(LIMIT)
    true(done.is_set(), 'names() and say() from inside deliver()', 'they still wait', 'an answer')
    ann.stop()
    Task('join() of a member that was stopped', ann.join).result()
    equal(bob.end(), ['* here: ', '* ann is here', '[ann] I heard: * here: bob'],
          'what bob is told')


@check('one-at-a-time-joins', 'of two who join at once with one name, one is let in',
       advice='Look for the name and enter it in one `with` block.')
def joins():
    def start():
        party = room.Room()
        ann = Heard('ann')
        party.join(ann.member)
        return party, ann

    def join(state):
        party, _ = state
        return party.join(room.Member('bob', None))

    def judge(state, one, two):
        _, ann = state
        equal(sorted([one, two]), [False, True], 'two joins with the name bob at once')
        equal(ann.end(), ['* here: ', '* bob is here'], 'what ann is told of it')

    between_lines(room, start, join, join, judge)


@check('one-order', 'two lines at once come to all members in one order',
       advice='Post to all members while you hold the lock of the room.')
def one_order():
    def start():
        party, everybody = room.Room(), [Heard(name) for name in ('ann', 'bob', 'cy', 'dan')]
        for one in everybody:
            party.join(one.member)
        return party, everybody

    def judge(state, one, two):
        orders = [[line for line in each.end() if line.startswith('[')] for each in state[1]]
        equal(orders[0], orders[1], "say('cy', 'x') and say('dan', 'y') at once; ann's order")

    between_lines(room, start, lambda state: state[0].say('cy', 'x'),
                  lambda state: state[0].say('dan', 'y'), judge)
