"""Plausible wrong answers to this exercise, each as a diff of solution.py."""

from portable_harness.exercise.mutant import Mutant

MUTANTS = [
    Mutant(
        "looks_outside",
        "Looks at the stock before it takes the lock: the last one is sold twice.",
        check="last-one",
        on="cpython",
        diff="""
        + if self._stock.get(item, 0) < 1:
        +     return None
          with self._lock:
        -     if self._stock.get(item, 0) < 1:
        -         return None
        """,
    ),
    Mutant(
        "restock_unlocked",
        "Guards the sales, not the deliveries: what is sold meanwhile comes back.",
        check="deliveries",
        on="jython",
        diff="""
        - with self._lock:
        -     self._stock[item] = self._stock.get(item, 0) + count
        -     return self._stock[item]
        + self._stock[item] = self._stock.get(item, 0) + count
        + return self._stock[item]
        """,
    ),
    Mutant(
        "two_locks",
        "A lock for buying and another one for restocking: each guards against its own kind only.",
        check="deliveries",
        on="2.7",
        diff="""
          self._lock = threading.Lock()
        + self._delivery_lock = threading.Lock()
        @@
        - with self._lock:
        + with self._delivery_lock:
              self._stock[item] = self._stock.get(item, 0) + count
        """,
    ),
    Mutant(
        "lock_of_the_call",
        "Makes a new lock in each call: nobody ever waits for it.",
        check="last-one",
        on="3t",
        diff="""
        - with self._lock:
        + with threading.Lock():
              if self._stock.get(item, 0) < 1:
        """,
    ),
    Mutant(
        "journal_after_the_lock",
        "Opens the journal and writes to it after the lock: it is opened twice, orders are lost.",
        check="journal",
        on="jython",
        diff="""
        -     if self._journal is None:
        -         self._journal = self._open_journal()
        -     self._journal.append((self._last_order, item))
        -     return self._last_order
        +     number = self._last_order
        + if self._journal is None:
        +     self._journal = self._open_journal()
        + self._journal.append((number, item))
        + return number
        """,
    ),
    Mutant(
        "number_read_later",
        "Reads the number of its order after the lock: two buyers get the same one.",
        check="numbers",
        on="pypy",
        diff="""
        -     return self._last_order
        + return self._last_order
        """,
    ),
    Mutant(
        "journal_written_outside",
        "Numbers under the lock, writes behind it: the journal has 2 before 1.",
        check="journal-order",
        on="jython",
        diff="""
        -     self._journal.append((self._last_order, item))
        -     return self._last_order
        +     number = self._last_order
        + self._journal.append((number, item))
        + return number
        """,
    ),
    Mutant(
        "journal_lock_of_its_own",
        "A second lock for the journal, taken behind the first: "
        "between the two another gets ahead.",
        check="journal-order",
        on="pypy",
        diff="""
          self._lock = threading.Lock()
        + self._journal_lock = threading.Lock()
        @@
        +     number = self._last_order
        + with self._journal_lock:
              if self._journal is None:
                  self._journal = self._open_journal()
        -     self._journal.append((self._last_order, item))
        -     return self._last_order
        +     self._journal.append((number, item))
        +     return number
        @@
        - with self._lock:
        + with self._journal_lock:
              return list(self._journal or [])
        """,
    ),
    Mutant(
        "orders_unlocked",
        "Reads the journal without the lock: an order is written to it meanwhile.",
        check="journal-alone",
        on="3t",
        diff="""
        - with self._lock:
        -     return list(self._journal or [])
        + return list(self._journal or [])
        """,
    ),
    Mutant(
        "restock_returns_outside",
        "Returns behind the lock: how many there are after somebody else's delivery.",
        check="restocks",
        on="2.7",
        diff="""
        -     return self._stock[item]
        + return self._stock[item]
        """,
    ),
    Mutant(
        "opens_when_sold_out",
        "Opens the journal before it looks at the stock: also where nothing is sold.",
        check="opens",
        on="cpython",
        diff="""
          with self._lock:
        +     if self._journal is None:
        +         self._journal = self._open_journal()
              if self._stock.get(item, 0) < 1:
        @@
        - if self._journal is None:
        -     self._journal = self._open_journal()
        """,
    ),
    Mutant(
        "lock_left_behind",
        "acquire and release without finally: after an error the lock is never given back.",
        check="after-an-error",
        on="3t",
        diff="""
        - with self._lock:
        -     if self._stock.get(item, 0) < 1:
        -         return None
        -     self._stock[item] = self._stock[item] - 1
        -     self._last_order += 1
        -     if self._journal is None:
        -         self._journal = self._open_journal()
        -     self._journal.append((self._last_order, item))
        -     return self._last_order
        + self._lock.acquire()
        + if self._stock.get(item, 0) < 1:
        +     self._lock.release()
        +     return None
        + self._stock[item] = self._stock[item] - 1
        + self._last_order += 1
        + if self._journal is None:
        +     self._journal = self._open_journal()
        + self._journal.append((self._last_order, item))
        + number = self._last_order
        + self._lock.release()
        + return number
        """,
    ),
]
