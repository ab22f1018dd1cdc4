"""Plausible wrong answers to this exercise, each as a diff of solution.py."""

from portable_harness.exercise.mutant import Mutant

MUTANTS = [
    Mutant(
        "if_instead_of_while",
        "Looks once: a wake-up for nothing is taken for a meeting.",
        check="woken-for-nothing",
        on="cpython",
        diff="""
        - while mine.partner is None and not self._closed:
        + if mine.partner is None and not self._closed:
              left = None if deadline is None else deadline - now()
        -     if left is not None and left <= 0:
        -         return
        """,
    ),
    Mutant(
        "one_slot_for_all",
        "Writes the name into the rendezvous: the next two overwrite it.",
        check="late",
        on="jython",
        diff="""
          self._waiting = None
        + self._partner = None
          self._closed = False
        @@
        - return mine.partner
        + return mine.partner and self._partner
        @@
        - other.partner = name
        + other.partner = True
        + self._partner = name
        """,
    ),
    Mutant(
        "who_has_gone_stays",
        "Leaves the ticket when the time is over: the next meets nobody.",
        check="nobody-came",
        on="2.7",
        diff="""
          if mine.partner is None:
        -     self._waiting = None
        """,
    ),
    Mutant(
        "clock_before_partner",
        "Looks at the clock before it looks for a partner: one who came in time is lost.",
        check="in-time",
        on="pypy",
        diff="""
        - while mine.partner is None and not self._closed:
        + while not self._closed:
              left = None if deadline is None else deadline - now()
              if left is not None and left <= 0:
        +         mine.partner = None
        +         return
        +     if mine.partner is not None:
        """,
    ),
    Mutant(
        "names_as_keys",
        "Tells people apart by name: two of the same name do not meet.",
        check="namesakes",
        on="3.6",
        diff="""
        - if self._waiting is not None:
        + if self._waiting is not None and self._waiting.name != name:
        """,
    ),
    Mutant(
        "each_wait_is_whole",
        "Begins the whole time anew with each wake-up.",
        check="whole-time",
        on="3t",
        diff="""
        - deadline = None if timeout is None else now() + timeout
          while mine.partner is None and not self._closed:
        -     left = None if deadline is None else deadline - now()
        -     if left is not None and left <= 0:
        +     before = now()
        +     self._condition.wait(timeout)
        +     if timeout is not None and now() - before >= timeout:
                  return
        -     self._condition.wait(left)
        """,
    ),
    Mutant(
        "close_wakes_nobody",
        "Closes without a word to those who wait.",
        check="close-wakes",
        on="jython",
        diff="""
          self._closed = True
        - self._condition.notify_all()
        """,
    ),
    Mutant(
        "wakes_nobody",
        "Writes the name down and does not wake who waits for it.",
        check="two-meet",
        on="3t",
        diff="""
          other.partner = name
        - self._condition.notify_all()
        """,
    ),
    Mutant(
        "third_meets_the_first",
        "Leaves the first in the waiting place after it has met: the third meets it again.",
        check="pairs",
        on="cpython",
        diff="""
        - other, self._waiting = self._waiting, None
        + other = self._waiting
        """,
    ),
    Mutant(
        "zero_is_no_timeout",
        "Takes a timeout of 0 for none: it waits for ever.",
        check="no-time",
        on="2.7",
        diff="""
        - deadline = None if timeout is None else now() + timeout
        + deadline = now() + timeout if timeout else None
        """,
    ),
    Mutant(
        "empty_name_is_nobody",
        "Takes a partner with an empty name for none.",
        check="empty-name",
        on="pypy",
        diff="""
        - if mine.partner is None:
        + if not mine.partner:
        @@
        - while mine.partner is None and not self._closed:
        + while not mine.partner and not self._closed:
        """,
    ),
    Mutant(
        "reopens",
        "Whoever is woken by close opens the place again.",
        check="close-wakes",
        on="3t",
        diff="""
          self._waiting = None
          if self._closed:
        +     self._closed = False
              raise Closed()
        """,
    ),
    Mutant(
        "asks_again_and_again",
        "Looks twenty times a second whether somebody has come.",
        check="told-not-asking",
        on="jython",
        diff="""
        - self._condition.wait(left)
        + self._condition.wait(0.05)
        """,
    ),
]
