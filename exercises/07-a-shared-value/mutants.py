"""Plausible wrong answers to this exercise, each as a diff of solution.py."""

from portable_harness.exercise.mutant import Mutant

MUTANTS = [
    Mutant(
        "jar_of_each_client",
        "Makes a jar for each client: nobody sees what the others do.",
        check="two-clients",
        on="cpython",
        diff="""
        - jar = Jar()
        @@
        - thread = threading.Thread(target=handle, args=(connection, jar))
        + thread = threading.Thread(target=handle, args=(connection, Jar()))
        """,
    ),
    Mutant(
        "put_without_lock",
        "Takes += for one step that needs no lock.",
        check="lost-update",
        on="jython",
        diff="""
        - with self._lock:
        -     self._coins += count
        -     self._changes += 1
        -     return self._coins
        + self._coins += count
        + self._changes += 1
        + return self._coins
        """,
    ),
    Mutant(
        "looked_before_the_lock",
        "Looks and adds before it takes the lock, and only stores under it.",
        check="lost-update",
        on="3.6",
        diff="""
        + coins = self._coins + count
          with self._lock:
        -     self._coins += count
        +     self._coins = coins
        """,
    ),
    Mutant(
        "a_lock_each",
        "Has a lock for those who put and another for those who take.",
        check="put-and-take",
        on="2.7",
        diff="""
          self._lock = threading.Lock()
        + self._take_lock = threading.Lock()
        @@
        - with self._lock:
        + with self._take_lock:
              if self._coins < count:
        """,
    ),
    Mutant(
        "looks_outside",
        "Looks whether there are enough before it takes the lock.",
        check="taken-once",
        on="3t",
        diff="""
        + if self._coins < count:
        +     return None
          with self._lock:
        -     if self._coins < count:
        -         return None
        """,
    ),
    Mutant(
        "look_under_the_lock",
        "Calls look, which takes the lock, while it holds the lock.",
        check="adds",
        on="pypy",
        diff="""
          self._coins += count
          self._changes += 1
        - return self._coins
        + return self.look()[0]
        """,
    ),
    Mutant(
        "lock_kept_after_refusal",
        "Returns without giving the lock back.",
        check="refusal",
        on="jython",
        diff="""
        - with self._lock:
        -     if self._coins < count:
        -         return None
        -     self._coins -= count
        -     self._changes += 1
        -     return self._coins
        + self._lock.acquire()
        + if self._coins < count:
        +     return None
        + self._coins -= count
        + self._changes += 1
        + left = self._coins
        + self._lock.release()
        + return left
        """,
    ),
    Mutant(
        "returns_later",
        "Reads what it returns after it has given the lock back.",
        check="own-result",
        on="pypy",
        diff="""
              self._coins += count
              self._changes += 1
        -     return self._coins
        + return self._coins
        """,
    ),
    Mutant(
        "reads_without_lock",
        "Takes no lock to read: it sees changes that are half done.",
        check="one-moment",
        on="cpython",
        diff="""
        - with self._lock:
        -     return self._coins, self._changes
        + return self._coins, self._changes
        """,
    ),
    Mutant(
        "lock_for_the_whole_client",
        "Holds a lock as long as a client is there.",
        check="two-clients",
        on="2.7",
        diff="""
        + one_client = threading.Lock()
        +
        +
          def handle(connection, jar):
        @@
          lines = connection.makefile('rb')
        + one_client.acquire()
        @@
          finally:
        +     one_client.release()
        """,
    ),
]
