"""Plausible wrong answers to this exercise, each as a diff of solution.py."""

from portable_harness.exercise.mutant import Mutant

MUTANTS = [
    Mutant(
        "looks_outside",
        "Compares before it takes the lock: two win the same round.",
        check="one-winner",
        on="jython",
        diff="""
        + reply = self._judge(number)
          with self._lock:
        -     reply = self._judge(number)
        """,
    ),
    Mutant(
        "lock_of_the_call",
        "Makes a new lock in each call: nobody ever waits for it.",
        check="one-winner",
        on="cpython",
        diff="""
        - with self._lock:
        + with threading.Lock():
              reply = self._judge(number)
        """,
    ),
    Mutant(
        "lock_of_the_player",
        "A lock for each player: they do not wait for each other.",
        check="one-winner",
        on="2.7",
        diff="""
          self._lock = threading.Lock()
        + self._locks = {}
        @@
          with self._lock:
        +     own = self._locks.setdefault(player, threading.Lock())
        + with own:
              reply = self._judge(number)
        """,
    ),
    Mutant(
        "chooses_after_the_lock",
        "Chooses the next secret after the lock: until then the old one wins again.",
        check="next-round",
        on="jython",
        diff="""
        -         self._secret = self._choose()
        -     return reply
        + if reply == 'won':
        +     self._secret = self._choose()
        + return reply
        """,
    ),
    Mutant(
        "notes_after_the_lock",
        "Notes the guess after the lock: the history is in another order.",
        check="history",
        on="pypy",
        diff="""
        - reply = self._judge(number)
        - self._history.append((self._round, player, number, reply))
        + reply, turn = self._judge(number), self._round
        @@
        -     return reply
        + self._history.append((turn, player, number, reply))
        + return reply
        """,
    ),
    Mutant(
        "two_locks",
        "Judges under one lock and begins the next round under another.",
        check="next-round",
        on="3t",
        diff="""
          self._lock = threading.Lock()
        + self._rounds = threading.Lock()
        @@
        -     if reply == 'won':
        + if reply == 'won':
        +     with self._rounds:
                  self._round += 1
                  self._secret = self._choose()
        -     return reply
        + return reply
        """,
    ),
    Mutant(
        "gives_its_own_list",
        "Gives away the history itself: a caller can change it.",
        check="copy",
        on="3.6",
        diff="""
        - return list(self._history)
        + return self._history
        """,
    ),
    Mutant(
        "the_other_way_round",
        "Tells what the guess is, not what the secret is.",
        check="replies",
        on="cpython",
        diff="""
        - return 'greater' if number < self._secret else 'smaller'
        + return 'greater' if number > self._secret else 'smaller'
        """,
    ),
]
