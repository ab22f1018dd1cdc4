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
    Mutant(
        "zero_is_no_limit",
        "Asks `if timeout:` - with a time limit of 0 it waits for ever.",
        check="no-time",
        on="cpython",
        diff="""
        - deadline = None if timeout is None else now() + timeout
        + deadline = now() + timeout if timeout else None
        """,
    ),
    Mutant(
        "looks_at_the_time_first",
        "With a time limit of 0 it does not take the item that is there.",
        check="no-time",
        on="pypy",
        diff="""
        - while not holds():
        + while timeout == 0 or not holds():
        """,
    ),
    Mutant(
        "closed_only_when_full",
        "After close() an item still goes in while there is room.",
        check="put-after-close",
        on="2.7",
        diff="""
        - if self._closed:
        + if self._closed and len(self._items) >= self._limit:
        """,
    ),
    Mutant(
        "closed_by_the_time",
        "With a time limit put() into a closed mailbox returns False instead of raising Closed.",
        check="put-after-close",
        on="jython",
        diff="""
              if not self._wait(self._not_full, self._may_put, timeout):
                  return False
              if self._closed:
        +         if timeout is not None:
        +             return False
        """,
    ),
    Mutant(
        "polls",
        "Nobody is woken: who waits looks again every hundredth of a second.",
        check="sleeps",
        on="cpython",
        diff="""
        - condition.wait(left)
        + condition.wait(0.01 if left is None else left)
        """,
    ),
    Mutant(
        "put_wakes_nobody_in_time",
        "Looks again by itself where there is no time limit, and is woken by nobody where there is "
        "one.",
        check="sleeps",
        on="3.6",
        diff="""
          self._items.append(item)
        - self._not_empty.notify()
        """,
    ),
    Mutant(
        "sleeps_without_a_condition",
        "Sleeps a little and looks again, without a Condition.",
        check="empty-waits",
        on="2.7",
        diff="""
        - condition.wait(left)
        + self._lock.release()
        + time.sleep(0.01)
        + self._lock.acquire()
        """,
    ),
    Mutant(
        "exits",
        "Ends the thread instead of returning None when the time is over.",
        check="time-limit",
        on="cpython",
        diff="""
              if not self._wait(self._not_empty, self._may_get, timeout):
        -         return None
        +         raise SystemExit()
        """,
    ),
    Mutant(
        "false_is_nothing",
        "Takes an item that is false, like 0, for no item.",
        check="in-order",
        on="3.13t",
        diff="""
        - return self._closed or len(self._items) > 0
        + return self._closed or len(self._items) > 0 and bool(self._items[0])
        """,
    ),
    Mutant(
        "looks_without_the_lock",
        "With a time limit of 0 looks for an item before it takes the lock.",
        check="two-at-once",
        on="2.7",
        diff="""
          \"\"\"The oldest item; None when there was none for `timeout` seconds.

          Raises Closed when the mailbox is closed and empty.
          \"\"\"
        + if timeout == 0 and self._items:
        +     return self._items.popleft()
        """,
    ),
    Mutant(
        "room_without_the_lock",
        "Looks for room under the lock, and puts the item in after it has released the lock.",
        check="two-at-once",
        on="pypy",
        diff="""
              if self._closed:
                  raise Closed()
        +
        + with self._lock:
              self._items.append(item)
              self._not_empty.notify()
              return True
        """,
    ),
]
