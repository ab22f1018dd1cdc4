"""Guarded fields: an object's lock is held whenever they are touched."""
from __future__ import absolute_import, division, print_function

from portable_server.litmus import watch
from portable_server.litmus.controls.control import control, due
from portable_server.litmus.controls.programs.waiting import OwnLock


def unguarded(lock='room', **more):
    """The report due for an access without the lock."""
    return due('unguarded-access', lock=lock, **more)


def make_room(kit, base=object):
    """A chat room with two guarded fields and a free one."""
    @watch.guarded('lock', 'members', 'count')
    class Room(base):
        def __init__(self):
            self.lock = kit.lock('room')
            self.members = []
            self.count = 0
            self.title = 'hall'
            self.members.append('host')

        def add(self, member):
            with self.lock:
                self.members.append(member)
                self.count += 1

        def forgetful_add(self, member):
            self.members.append(member)

        def internal_add(self, member):
            watch.assert_held(self.lock)
            self.members.append(member)

    return Room


@control()
def guarded_field_under_its_lock(kit):
    """The way it is meant."""
    room = make_room(kit)()
    room.add('x')
    with room.lock:
        kit.check(room.members == ['host', 'x'] and room.count == 1, 'both are there')


@control(unguarded())
def guarded_field_read(kit):
    """A read sees a half-done change."""
    return make_room(kit)().count


@control(unguarded())
def guarded_field_written(kit):
    """A write is lost, or loses another."""
    make_room(kit)().count = 5


@control(unguarded())
def guarded_list_changed_by_a_method(kit):
    """To change the list one has to read the field."""
    make_room(kit)().forgetful_add('x')


@control(unguarded(thread='helper'))
def guarded_field_in_another_thread(kit):
    """Somebody holds the lock: another thread."""
    room, done = make_room(kit)(), []

    def look():
        done.append(room.count)

    with room.lock:
        helper = kit.start(look)
        while not done:
            pass
    kit.finish(helper)


@control(unguarded())
def guarded_field_under_the_wrong_lock(kit):
    """Each room has a lock; the neighbour's is another one."""
    room_class = make_room(kit)
    here, there = room_class(), room_class()
    with there.lock:
        here.count += 1


@control(unguarded())
def guarded_field_after_the_release(kit):
    """Too late."""
    room = make_room(kit)()
    with room.lock:
        pass
    return room.members


@control(unguarded(), unguarded())
def two_guarded_fields(kit):
    """Two places, two reports."""
    room = make_room(kit)()
    room.count = 1
    return room.members


@control(unguarded())
def guarded_field_many_times(kit):
    """Once per place, however often it happens."""
    room = make_room(kit)()
    for _ in range(5):
        room.count = 1


@control(unguarded(), mode='raise')
def guarded_field_raised(kit):
    """Raised before the write."""
    room = make_room(kit)()
    try:
        room.count = 5
        kit.check(False, 'it raises')
    except watch.Violation:
        pass
    with room.lock:
        kit.check(room.count == 0, 'nothing was written')


@control(unguarded())
def guarded_field_of_a_subclass(kit):
    """What a class guards its subclasses guard."""
    class Hall(make_room(kit)):
        pass

    return Hall().count


@control()
def guarded_subclass_with_its_own_init(kit):
    """The whole of __init__, the subclass's too, is before anybody else can see the object."""
    class Hall(make_room(kit)):
        def __init__(self):
            super(Hall, self).__init__()
            self.count = 7

    hall = Hall()
    with hall.lock:
        kit.check(hall.count == 7, 'it is there')


@control()
def free_field(kit):
    """Only what is named is guarded."""
    room = make_room(kit)()
    room.title = 'cellar'
    kit.check(room.title == 'cellar', 'it is there')


@control()
def guarded_field_by_acquire(kit):
    """Without ``with``."""
    room = make_room(kit)()
    room.lock.acquire()
    try:
        room.count += 1
    finally:
        room.lock.release()


@control()
def guarded_field_under_a_tried_lock(kit):
    """However it was got."""
    room = make_room(kit)()
    if room.lock.acquire(False):
        room.count += 1
        room.lock.release()


@control()
def guarded_field_after_a_wait(kit):
    """The wait ends with the lock taken again."""
    @watch.guarded('changed', 'items')
    class Box(object):
        def __init__(self):
            self.changed = kit.condition('room')
            self.items = []

        def get(self):
            with self.changed:
                while not self.items:
                    self.changed.wait(0.001)
                    self.items.append(1)
                return self.items.pop()

    kit.check(Box().get() == 1, 'one was there')


@control()
def assert_held_with_the_lock(kit):
    """For a function that says "the caller holds the lock"."""
    room = make_room(kit)()
    with room.lock:
        room.internal_add('x')


@control(due('unguarded-access', lock='a'))
def assert_held_without_the_lock(kit):
    """The caller forgot."""
    watch.assert_held(kit.lock('a'))


@control(due('unguarded-access', lock='a', thread='helper'))
def assert_held_in_another_thread(kit):
    """Held, but not by the one who asks."""
    a, done = kit.lock('a'), []

    def ask():
        watch.assert_held(a)
        done.append(True)

    with a:
        helper = kit.start(ask)
        while not done:
            pass
    kit.finish(helper)


@control(due('unguarded-access', lock='a'), mode='raise')
def assert_held_raised(kit):
    """Raised where it is asked."""
    try:
        watch.assert_held(kit.lock('a'))
        kit.check(False, 'it raises')
    except watch.Violation as violation:
        kit.check(violation.report.kind == 'unguarded-access', 'it carries its report')


@control()
def assert_held_of_a_lock_class_of_ones_own(kit):
    """The lock inside is held."""
    lock = OwnLock(kit.lock('a'))
    with lock:
        watch.assert_held(lock)
