"""Plausible wrong answers to this exercise, each as a diff of solution.py."""

from portable_harness.exercise.mutant import Mutant

MUTANTS = [
    Mutant(
        "look_then_enter",
        "Looks for the name under the lock, enters under it again: "
        "between the two another may enter.",
        check="one-is-let-in",
        on="cpython",
        diff="""
                  return False
        + with self._lock:
              self._tell('* %s is here' % member.name)
        """,
    ),
    Mutant(
        "tells_after_the_lock",
        "Copies the members under the lock and tells them after it: two lines come in two orders.",
        check="one-order",
        on="2.7",
        diff="""
        -     self._tell('[%s] %s' % (name, text), but=name)
        -     return True
        +     others = [one for key, one in sorted(self._members.items()) if key != name]
        + for member in others:
        +     member.post('[%s] %s' % (name, text))
        + return True
        """,
    ),
    Mutant(
        "delivers_under_the_lock",
        "Delivers while it holds the member's lock: whoever posts waits for the delivery.",
        check="post-never-waits",
        on="jython",
        diff="""
        - if not lines:
        -     return
        - for line in lines:
        -     self._deliver(line)
        +     if not lines:
        +         return
        +     for line in lines:
        +         self._deliver(line)
        """,
    ),
    Mutant(
        "if_instead_of_while",
        "Waits with `if`: a wake-up without a line is taken for the end.",
        check="woken-for-nothing",
        on="pypy",
        diff="""
        - while not self._lines and not self._ending:
        + if not self._lines and not self._ending:
        """,
    ),
    Mutant(
        "stop_throws_away",
        "Ends at once when it is stopped: lines that were posted before are lost.",
        check="stop-keeps",
        on="3t",
        diff="""
        - if not lines:
        + if self._ending:
        """,
    ),
    Mutant(
        "leave_in_two_steps",
        "Takes the member out in one step and tells the others in another: a join gets in between.",
        check="leave-is-whole",
        on="2.7",
        diff="""
                  return False
        + with self._lock:
              self._tell('* %s is gone' % name)
        """,
    ),
    Mutant(
        "here_is_told_late",
        "Posts the line with the others after the lock: what is said meanwhile comes before it.",
        check="join-is-whole",
        on="cpython",
        diff="""
        -     member.post('* here: %s' % ', '.join(sorted(self._members)))
        +     here = sorted(self._members)
              self._members[member.name] = member
        -     return True
        + member.post('* here: %s' % ', '.join(here))
        + return True
        """,
    ),
    Mutant(
        "stop_waits",
        "Waits in stop until all is delivered.",
        check="post-never-waits",
        on="jython",
        diff="""
              self._ending = True
              self._changed.notify()
        + if threading.current_thread() is not self:
        +     self.join()
        """,
    ),
    Mutant(
        "names_without_lock",
        "Asks for the names without the lock: they show a join that is half done.",
        check="join-is-whole",
        on="pypy",
        diff="""
        - with self._lock:
        -     return sorted(self._members)
        + return sorted(self._members)
        """,
    ),
]
