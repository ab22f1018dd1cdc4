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


def silent(name):
    """A member that nobody hears."""
    return room.Member(name, lambda line: None)


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


@check('post-never-waits', 'neither post nor stop waits for a delivery that takes long',
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
        Task('stop() while a delivery takes long', member.stop).result()
    finally:
        go_on.set()
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
    equal(party.join(silent('bob')), False, 'a join with a name that is in use')
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


@check('one-is-let-in', 'of two who join at once with one name, one is let in',
       advice='Look for the name and enter it in one `with` block.')
def joins():
    def start():
        party = room.Room()
        ann = Heard('ann')
        party.join(ann.member)
        return party, ann

    def join(state):
        party, _ = state
        return party.join(silent('bob'))

    def judge(state, one, two):
        _, ann = state
        equal(sorted([one, two]), [False, True], 'two joins with the name bob at once')
        equal(ann.end(), ['* here: ', '* bob is here'], 'what ann is told of it')

    between_lines(room, start, join, join, judge)


@check('join-is-whole', 'nobody sees a join half done: not the others, nor who joins',
       advice='`* here:` is posted, and names() looks, under the same lock as all else.')
def join_is_whole():
    class State(object):
        def __init__(self):
            self.party, self.names = room.Room(), []
            self.ann = room.Member('ann', self.told)  # asks at once who is in the room
            self.cy, self.dan = Heard('cy'), Heard('dan')
            self.ann.start()
            self.party.join(self.ann)

        def told(self, line):
            self.names.append((line, self.party.names()))

    def join_and_speak(state):
        return state.party.join(state.dan.member) and state.party.say('ann', 'x')

    def judge(state, one, two):
        equal((one, two), (True, True), 'a join of cy, and at once one of dan and a line of ann')
        state.ann.stop()
        Task('join() of a member that was stopped', state.ann.join).result()
        for name in ('cy', 'dan'):
            did = "names() when ann is told '* %s is here'" % name
            equal([name in names for line, names in state.names if line == '* %s is here' % name],
                  [True], 'whether %s is in %s' % (name, did))
        lines = state.cy.end()
        state.dan.end()
        true(lines in (['* here: ann', '* dan is here', '[ann] x'],
                       ['* here: ann, dan', '[ann] x'], ['* here: ann, dan']),
             "what cy is told who joins while dan joins and ann says 'x'", repr(lines),
             'first `* here: `, with dan in it or told afterwards')

    between_lines(room, State, lambda state: state.party.join(state.cy.member),
                  join_and_speak, judge)


@check('leave-is-whole', 'who has left is told to have gone before anything later is told',
       advice='Take the member out and tell the others in one `with` block.')
def leave_is_whole():
    def start():
        party, ann, bob = room.Room(), Heard('ann'), Heard('bob')
        party.join(ann.member)
        party.join(bob.member)
        return party, ann, bob

    def leave(state):
        return state[0].leave('bob')

    def join(state):
        return state[0].join(silent('bob'))

    def say(state):
        return state[0].say('bob', 'x')

    def told(state):
        state[2].end()
        return state[1].end()[2:]

    def judge_join(state, left, joined):
        due = ['* bob is gone', '* bob is here'] if joined else ['* bob is gone']
        equal(left, True, "leave('bob') while another bob joins")
        equal(told(state), due,
              "what ann is told of leave('bob') and join of another bob, which gave %s" % joined)

    def judge_say(state, left, said):
        equal(left, True, "leave('bob') while bob speaks")
        equal(told(state), ['[bob] x', '* bob is gone'] if said else ['* bob is gone'],
              "what ann is told of leave('bob') and say('bob', 'x'), which gave %s" % said)

    between_lines(room, start, leave, join, judge_join)
    between_lines(room, start, leave, say, judge_say)
    between_lines(room, start, say, leave, lambda state, said, left: judge_say(state, left, said))


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
