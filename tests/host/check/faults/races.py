"""Mistakes of threads: locks that are missing, too short, too many; things done in two steps."""

from __future__ import annotations

import os
import queue
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from tests.host.check.faults.base import Member, Server


def pause(seconds: float = 0.0005) -> None:
    """What stands between two steps in real servers: a log, a look into a database."""
    time.sleep(seconds)


class CheckThenAct(Server):
    """a name is checked and then taken without a lock around both"""

    found = "name-race"

    def join(self, member: Member, name: str) -> None:
        self.check(name)
        pause()
        with self.lock:
            member.put(self.listing())
            self.tell(b"* %s has entered the room\n" % name.encode())
            self.add(member, name)

    def remove(self, member: Member) -> None:
        self.members.pop(member.name, None)


class LostUpdate(Server):
    """the dict of members is copied, changed and put back, without a lock"""

    found = "storm"

    def add(self, member: Member, name: str) -> None:
        member.name = name
        self.members = {**self.members, name: member}

    def join(self, member: Member, name: str) -> None:
        self.check(name)
        before = self.members
        member.put(self.listing())
        self.tell(b"* %s has entered the room\n" % name.encode())
        member.name = name
        pause()
        self.members = {**before, name: member}

    def remove(self, member: Member) -> None:
        self.members.pop(member.name, None)


class ListBeforeLock(Server):
    """the list is made before the lock is taken: a simultaneous join is not in it"""

    found = "storm"

    def join(self, member: Member, name: str) -> None:
        listing = self.listing()
        pause()
        with self.lock:
            self.check(name)
            member.put(listing)
            self.tell(b"* %s has entered the room\n" % name.encode())
            self.add(member, name)


class LockTooShort(Server):
    """the lock is released between the announcement of a member and its addition"""

    found = "storm"

    def join(self, member: Member, name: str) -> None:
        with self.lock:
            self.check(name)
            member.put(self.listing())
            self.tell(b"* %s has entered the room\n" % name.encode())
        pause()
        with self.lock:
            self.add(member, name)


class ToldTwice(Server):
    """a join is announced later by another thread: some get both list and notice"""

    found = "crowd"

    def join(self, member: Member, name: str) -> None:
        with self.lock:
            self.check(name)
            member.put(self.listing())
            self.add(member, name)
        pause()
        self.tell(b"* %s has entered the room\n" % name.encode(), member)


class DeliversUnlocked(Server):
    """receivers are copied under the lock and served after it: each sees its own order"""

    found = "total-order"

    def tell(self, line: bytes, but: Member | None = None) -> None:
        with self.lock:
            receivers = [member for member in self.members.values() if member is not but]
        for receiver in receivers:
            pause(0.00005)
            receiver.put(line)


class IteratesUnlocked(Server):
    """the dict of members is iterated without the lock: it changes, and the thread dies"""

    found = "storm"

    def tell(self, line: bytes, but: Member | None = None) -> None:
        for member in self.members.values():
            pause(0.0001)
            if member is not but:
                member.put(line)

    def join(self, member: Member, name: str) -> None:
        self.check(name)
        member.put(self.listing())
        self.tell(b"* %s has entered the room\n" % name.encode())
        self.add(member, name)

    def leave(self, member: Member) -> None:
        if member.name:
            self.remove(member)
            self.tell(b"* %s has left the room\n" % member.name.encode())
        member.close()


class TwoLocks(Server):
    """a sender locks the room, then the log; a leaving member locks them in reverse order"""

    found = "history"

    def __init__(self) -> None:
        super().__init__()
        self.log = threading.Lock()

    def say(self, member: Member, text: bytes) -> None:
        with self.lock:
            pause(0.0001)
            with self.log:
                super().say(member, text)

    def leave(self, member: Member) -> None:
        with self.log:
            pause(0.0001)
            super().leave(member)


class Pool(Server):
    """lines go to a pool of threads: two lines of one sender overtake each other"""

    found = "history"

    def __init__(self) -> None:
        super().__init__()
        self.pool = ThreadPoolExecutor(4)

    def said(self, member: Member, text: bytes) -> None:
        self.pool.submit(self.late, member, text)

    def late(self, member: Member, text: bytes) -> None:
        pause(0.0001 * (len(text) % 5))
        self.say(member, text)


class SentAgain(Server):
    """a line is queued again if the first attempt seems to take too long"""

    found = "history"

    def tell(self, line: bytes, but: Member | None = None) -> None:
        super().tell(line, but)
        if line.startswith(b"[") and hash(line) % 97 == 0:
            super().tell(line, but)


class AddedLate(Server):
    """a new member receives the list at once but the lines of others only later"""

    found = "at-once"

    def add(self, member: Member, name: str) -> None:
        member.name = name
        threading.Thread(target=self.late, args=(member, name), daemon=True).start()

    def late(self, member: Member, name: str) -> None:
        pause(0.02)
        with self.lock:
            self.members[name] = member

    def remove(self, member: Member) -> None:
        self.members.pop(member.name, None)


class TalkBeforeList(Server):
    """a new member is added first and gets its list after the lock is released"""

    found = "total-order"

    def join(self, member: Member, name: str) -> None:
        with self.lock:
            self.check(name)
            listing = self.listing()
            self.tell(b"* %s has entered the room\n" % name.encode())
            self.add(member, name)
        pause(0.002)
        member.put(listing)


class LeaveOvertakes(Server):
    """lines go through a queue of the room, leaves do not and overtake the last lines"""

    found = "total-order"

    def __init__(self) -> None:
        super().__init__()
        self.talk: queue.Queue[tuple[Member, bytes]] = queue.Queue()
        threading.Thread(target=self.deliver, daemon=True).start()

    def said(self, member: Member, text: bytes) -> None:
        self.talk.put((member, text))

    def deliver(self) -> None:
        while True:
            member, text = self.talk.get()
            pause(0.0001)
            self.say(member, text)


class OneBuffer(Server):
    """all connections share one input buffer"""

    found = "history"
    buffer = b""

    def line(self, member: Member) -> bytes | None:
        while b"\n" not in self.buffer:
            data = member.socket.recv(4096)
            if not data:
                return None
            self.buffer += data
        line, _, self.buffer = self.buffer.partition(b"\n")
        return line.removesuffix(b"\r")


class OneSpeaker(Server):
    """the sender is kept in one variable of the server, which another thread changes"""

    found = "history"

    def say(self, member: Member, text: bytes) -> None:
        self.speaker = member
        pause(0.0001)
        super().say(self.speaker, text)


class TornLines(Server):
    """name and text are put into the queue in two pieces, without a lock"""

    found = "history"

    def say(self, member: Member, text: bytes) -> None:
        for other in list(self.members.values()):
            if other is not member:
                other.put(b"[%s] " % member.name.encode())
                os.sched_yield()  # what a busy machine does sooner or later
                other.put(text + b"\n")
