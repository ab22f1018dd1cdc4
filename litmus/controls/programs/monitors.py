"""Correct monitors, modelled on those that one meets: none may give a report."""
from __future__ import absolute_import, division, print_function

import collections

from portable_server.litmus import watch
from portable_server.litmus.controls.control import control
from portable_server.litmus.controls.kit import PATIENCE
from portable_server.litmus.controls.programs.correct import ITEMS, crew


@control()
def bounded_buffer(kit):
    """Hoare's monitor: one lock, two conditions."""
    buffer, got, lock = collections.deque(), [], kit.monitor_lock('buffer')
    not_full, not_empty = kit.threads.Condition(lock), kit.threads.Condition(lock)

    def produce():
        for item in range(ITEMS):
            with not_full:
                while len(buffer) >= 2:
                    not_full.wait(PATIENCE)
                buffer.append(item)
                not_empty.notify()

    def consume():
        for _ in range(ITEMS):
            with not_empty:
                while not buffer:
                    not_empty.wait(PATIENCE)
                got.append(buffer.popleft())
                not_full.notify()

    crew(kit, produce, consume)
    kit.check(got == list(range(ITEMS)), 'all arrived in order')


@control()
def readers_and_writers(kit):
    """A reader counts itself under the monitor's lock and reads without it."""
    state, monitor, shared = {'readers': 0, 'writing': False}, kit.condition('monitor'), []

    def read():
        with monitor:
            while state['writing']:
                monitor.wait(PATIENCE)
            state['readers'] += 1
        len(shared)
        with monitor:
            state['readers'] -= 1
            monitor.notify_all()

    def write():
        with monitor:
            while state['writing'] or state['readers']:
                monitor.wait(PATIENCE)
            state['writing'] = True
        shared.append(1)
        with monitor:
            state['writing'] = False
            monitor.notify_all()

    crew(kit, read, write, read, write, read)
    kit.check(len(shared) == 2, 'both wrote')


@control()
def countdown_latch(kit):
    """As java.util.concurrent's."""
    left, latch = [3], kit.condition('latch')

    def count_down():
        with latch:
            left[0] -= 1
            if not left[0]:
                latch.notify_all()

    def wait():
        with latch:
            while left[0]:
                latch.wait(PATIENCE)

    crew(kit, wait, count_down, wait, count_down, count_down)


@control()
def future(kit):
    """Set once, waited for by many, as concurrent.futures has it."""
    class Future(object):
        def __init__(self):
            self.done = kit.condition('future')
            self.value = None

        def set(self, value):
            with self.done:
                self.value = value
                self.done.notify_all()

        def get(self):
            with self.done:
                while self.value is None:
                    self.done.wait(PATIENCE)
                return self.value

    one, got = Future(), []
    crew(kit, lambda: got.append(one.get()), lambda: one.set(7), lambda: got.append(one.get()))
    kit.check(got == [7, 7], 'both got it')


@control()
def chat_room(kit):
    """A monitor for the list of members, a Queue for what each is to be sent."""
    @watch.guarded('lock', 'members')
    class Room(object):
        def __init__(self):
            self.lock = kit.lock('room')
            self.members = {}

        def join(self, name):
            with self.lock:
                self.members[name] = kit.threads.Queue(50)

        def say(self, text):
            with self.lock:
                for outbox in self.members.values():
                    outbox.put_nowait(text)

        def leave(self, name):
            with self.lock:
                return self.members.pop(name)

    room = Room()
    for name in 'xy':
        room.join(name)
    crew(kit, lambda: room.say('hello'), lambda: room.say('hi'))
    kit.check(room.leave('x').qsize() == 2 and room.leave('y').qsize() == 2, 'all heard all')


@control()
def scheduler(kit):
    """A heap and a condition whose wait ends when the next one is due."""
    due_work, changed, done, closed = [3, 1, 2], kit.condition('scheduler'), [], []

    def run():
        while True:
            with changed:
                while not due_work and not closed:
                    changed.wait(5.0)
                if not due_work:
                    return
                work = min(due_work)
                due_work.remove(work)
            done.append(work)

    def close():
        with changed:
            closed.append(True)
            changed.notify_all()

    crew(kit, run, close)
    kit.check(done == [1, 2, 3], 'in their order')


@control()
def meeting(kit):
    """A barrier of one's own making, with generations."""
    state, gate = {'arrived': 0, 'generation': 0}, kit.condition('barrier')

    def meet():
        with gate:
            generation = state['generation']
            state['arrived'] += 1
            if state['arrived'] == 3:
                state.update(arrived=0, generation=generation + 1)
                gate.notify_all()
            while generation == state['generation']:
                gate.wait(PATIENCE)

    def twice():
        meet()
        meet()

    crew(kit, twice, twice, twice)
    kit.check(state['generation'] == 2, 'they met twice')


@control(kinds=('RLock', 'Condition'))
def public_methods_that_call_each_other(kit):
    """What RLock is for: a synchronised class in the manner of Java."""
    class Stack(object):
        def __init__(self):
            self.lock = kit.lock('stack')
            self.items = []

        def push(self, item):
            with self.lock:
                self.items.append(item)

        def push_all(self, items):
            with self.lock:
                for item in items:
                    self.push(item)

    stack = Stack()
    crew(kit, *[lambda: stack.push_all(range(5))] * 3)
    kit.check(stack.items == list(range(5)) * 3, 'each put its five in one piece')
