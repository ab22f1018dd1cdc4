"""Plausible wrong answers to this exercise, each as a diff of solution.py."""

from portable_harness.exercise.mutant import Mutant

MUTANTS = [
    Mutant(
        "if_instead_of_while",
        "Waits with `if`: a wake-up without an item makes it take from an empty mailbox.",
        check="woken-for-nothing",
        on="cpython",
        diff="""
        - while not holds():
        + if not holds():
              left = None if deadline is None else deadline - now()
        -     if left is not None and left <= 0:
        -         return False
              condition.wait(left)
        +     if deadline is not None and now() >= deadline:
        +         return holds()
        """,
    ),
    Mutant(
        "close_wakes_nobody",
        "Closes without waking: who waits waits for ever.",
        check="close-wakes",
        on="jython",
        diff="""
        - self._not_empty.notify_all()
        - self._not_full.notify_all()
        """,
    ),
    Mutant(
        "close_wakes_one",
        "Wakes one of those that wait for an item, not all.",
        check="close-wakes",
        on="2.7",
        diff="""
        - self._not_empty.notify_all()
        - self._not_full.notify_all()
        + self._not_empty.notify()
        + self._not_full.notify()
        """,
    ),
    Mutant(
        "one_too_many",
        "Compares with <=: one item more than the limit goes in.",
        check="full-waits",
        on="pypy",
        diff="""
        - return self._closed or len(self._items) < self._limit
        + return self._closed or len(self._items) <= self._limit
        """,
    ),
    Mutant(
        "closed_loses_items",
        "Says Closed although there are items left.",
        check="rest-after-close",
        on="3t",
        diff="""
        - if not self._items:
        + if self._closed:
        """,
    ),
    Mutant(
        "get_wakes_nobody",
        "Takes an item and tells nobody: who waits for room waits for ever.",
        check="full-waits",
        on="cpython",
        diff="""
        - item = self._items.popleft()
        - self._not_full.notify()
        - return item
        + return self._items.popleft()
        """,
    ),
    Mutant(
        "each_wait_is_whole",
        "Begins the time anew after each wake-up: with many wake-ups the limit never comes.",
        check="whole-time",
        on="3.6",
        diff="""
        - left = None if deadline is None else deadline - now()
        - if left is not None and left <= 0:
        -     return False
        - condition.wait(left)
        + before = now()
        + condition.wait(timeout)
        + if timeout is not None and now() - before >= timeout:
        +     return holds()
        """,
    ),
]
