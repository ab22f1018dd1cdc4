"""Plausible wrong answers to this exercise, each as a diff of solution.py."""

from portable_harness.exercise.mutant import Mutant

MUTANTS = [
    Mutant(
        "sends_under_the_lock",
        "Sends to every member while it holds the room's lock: "
        "rule 2 is broken, one member stops all.",
        check="lock-rules",
        on="cpython",
        diff="""
        -     member.lines.put_nowait(line)
        - except queue.Full:  # it does not read: its reading thread is woken, and leaves for it
        +     member.connection.sendall(line)
        + except socket.error:
        """,
    ),
    Mutant(
        "lock_kept_after_refusal",
        "Takes and gives back the lock by hand, "
        "and forgets to give it back when a name is refused.",
        check="name-in-use",
        on="pypy",
        diff=r"""
        - with self.lock:
        -     if name in self.members:
        -         return False
        -     others = sorted(self.members)
        -     self._tell(b'* ' + name + b' has entered the room\n')
        -     self.members[name] = member
        -     self._post(member, b'* The room contains: ' + b', '.join(others) + b'\n')
        + self.lock.acquire()
        + if name in self.members:
        +     return False
        + others = sorted(self.members)
        + self._tell(b'* ' + name + b' has entered the room\n')
        + self.members[name] = member
        + self._post(member, b'* The room contains: ' + b', '.join(others) + b'\n')
        + self.lock.release()
        """,
    ),
    Mutant(
        "tells_the_sender",
        "The line goes to every member, its sender among them.",
        check="message",
        on="jython",
        diff=r"""
        - self._tell(b'[' + name + b'] ' + text + b'\n', self.members[name])
        + self._tell(b'[' + name + b'] ' + text + b'\n')
        """,
    ),
    Mutant(
        "leave_only_at_eof",
        "The leave is not in a finally: who is reset stays in the room for ever.",
        check="leave",
        on="2.7",
        diff="""
        - try:
        + text = line_of(lines)
        + while text is not None:
        +     room.say(name, text)
              text = line_of(lines)
        -     while text is not None:
        -         room.say(name, text)
        -         text = line_of(lines)
        - finally:
        -     room.leave(name)
        -     hang_up(member.connection)
        -     end(member.lines)
        -     writer.join()
        + room.leave(name)
        + hang_up(member.connection)
        + end(member.lines)
        + writer.join()
        """,
    ),
    Mutant(
        "tells_before_it_looks",
        "Tells the others of a join before it knows whether the name is free.",
        check="name-in-use",
        on="3t",
        diff=r"""
          with self.lock:
        +     self._tell(b'* ' + name + b' has entered the room\n')
              if name in self.members:
        @@
        - self._tell(b'* ' + name + b' has entered the room\n')
        """,
    ),
    Mutant(
        "two_steps",
        "Looks for the name under the lock, and enters it under the lock again: in between "
        "another may have entered.",
        check="one-gets-it",
        on="cpython",
        diff="""
              if name in self.members:
                  return False
        + with self.lock:
              others = sorted(self.members)
        """,
    ),
    Mutant(
        "no_lock_at_all",
        "Has queues and writing threads, and no lock.",
        check="one-gets-it",
        on="2.7",
        diff="""
        + class NoLock(object):
        +     def __enter__(self):
        +         pass
        +
        +     def __exit__(self, *error):
        +         pass
        +
        +
          class Room(object):
        @@
        - self.lock = threading.Lock()
        + self.lock = NoLock()
        """,
    ),
    Mutant(
        "list_before_the_lock",
        "Makes the list of the others before it takes the lock: of two who join at once one does "
        "not learn of the other.",
        check="joins-at-once",
        on="pypy",
        diff="""
        + others = sorted(self.members)
          with self.lock:
              if name in self.members:
                  return False
        -     others = sorted(self.members)
        """,
    ),
    Mutant(
        "queue_without_limit",
        "The queues have no limit: a member that does not read is never disconnected.",
        check="slow-member",
        on="cpython",
        diff="""
        - self.lines = queue.Queue(QUEUE_LIMIT)
        + self.lines = queue.Queue()
        """,
    ),
    Mutant(
        "drops_lines",
        "When a queue is full, drops the line and says nothing.",
        check="slow-member",
        on="3.13t",
        diff="""
          except queue.Full:  # it does not read: its reading thread is woken, and leaves for it
        -     hang_up(member.connection)
        +     pass
        """,
    ),
    Mutant(
        "refusal_without_a_mark",
        "Refuses a name in use with a line that does not begin with an exclamation mark.",
        check="refusal",
        on="pypy",
        diff=r"""
        - connection.sendall(b'! that name is taken\n')
        + connection.sendall(b'that name is taken\n')
        """,
    ),
    Mutant(
        "refused_and_asked_again",
        "A name in use is refused, and the connection stays open.",
        check="refusal",
        on="2.7",
        diff=r"""
              connection.sendall(b'! that name is taken\n')
        +     line_of(lines)
        """,
    ),
    Mutant(
        "strips_the_text",
        "Removes the spaces around a member's text.",
        check="text",
        on="3.6",
        diff="""
        - room.say(name, text)
        + room.say(name, text.strip())
        """,
    ),
    Mutant(
        "no_empty_lines",
        "An empty line is not passed on.",
        check="text",
        on="jython",
        diff="""
        - room.say(name, text)
        + if text:
        +     room.say(name, text)
        """,
    ),
    Mutant(
        "half_line_is_told",
        "What a member sent without the end of its line is passed on when its connection ends.",
        check="half-line",
        on="cpython",
        diff=r"""
        - return line.rstrip(b'\r\n') if line.endswith(b'\n') else None
        + return line.rstrip(b'\r\n') if line else None
        """,
    ),
    Mutant(
        "writers_never_end",
        "Does not end the writing thread of a member that has left.",
        check="nothing-left",
        on="cpython",
        diff="""
        - end(member.lines)
        - writer.join()
        """,
    ),
    Mutant(
        "never_closed",
        "Does not close the connection of a client that was refused or has gone.",
        check="nothing-left",
        on="cpython",
        diff="""
          from __future__ import absolute_import, division, print_function
        +
        + kept = []
        @@
        - lines.close()
        - connection.close()
        + kept.append((lines, connection))
        """,
    ),
    Mutant(
        "other_words",
        "Its notices have other words than the task.",
        check="join",
        on="2.7",
        diff=r"""
        - self._tell(b'* ' + name + b' has entered the room\n')
        + self._tell(b'* ' + name + b' joined\n')
        """,
    ),
]
