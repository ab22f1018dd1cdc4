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
]
