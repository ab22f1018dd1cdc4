"""Plausible wrong answers to this exercise, each as a diff of solution.py."""

from portable_harness.exercise.mutant import Mutant

MUTANTS = [
    Mutant(
        "loads_twice",
        "Loads without the lock and without a note that it does: two who ask at once load twice.",
        check="loads-once",
        on="cpython",
        diff="""
        -     load = self._loading.get(key)
        -     mine = load is None
        -     if mine:
        -         load = self._loading[key] = Load()
        - if mine:
        -     return self._fill(key, load)
        - load.done.wait()
        - if load.error is not None:
        -     raise load.error
        - return load.value
        +     load = self._loading[key] = Load()
        + return self._fill(key, load)
        """,
    ),
    Mutant(
        "error_leaves_them_waiting",
        "Sets the event only when the loading went well: after an error the others wait for ever.",
        check="errors",
        on="jython",
        diff="""
        - finally:
        -     with self._lock:
        -         if self._loading.get(key) is load:  # else it was forgotten meanwhile
        -             del self._loading[key]
        -             if load.error is None:
        -                 self._values[key] = load.value
        -     load.done.set()
        + with self._lock:
        +     del self._loading[key]
        +     self._values[key] = load.value
        + load.done.set()
        """,
    ),
    Mutant(
        "error_is_remembered",
        "Does not take the failed loading out: the key is never tried again.",
        check="errors",
        on="2.7",
        diff="""
        - del self._loading[key]
          if load.error is None:
        +     del self._loading[key]
        """,
    ),
    Mutant(
        "waits_under_the_lock",
        "Waits for the loading of another while it holds the lock: "
        "rule 2, and the loader can never end.",
        check="lock-rules",
        on="pypy",
        diff="""
              load = self._loading[key] = Load()
        + else:
        +     load.done.wait(5)
        """,
    ),
    Mutant(
        "a_lock_for_each_key",
        "A lock for each key, held while it loads: others get on, but the lock is held too long.",
        check="lock-rules",
        on="3t",
        diff="""
        -     load = self._loading.get(key)
        -     mine = load is None
        -     if mine:
        -         load = self._loading[key] = Load()
        - if mine:
        -     return self._fill(key, load)
        - load.done.wait()
        - if load.error is not None:
        -     raise load.error
        - return load.value
        +     own = self._loading.setdefault(key, threading.Lock())
        + with own:
        +     with self._lock:
        +         if key in self._values:
        +             return self._values[key]
        +     value = self._load(key)
        +     with self._lock:
        +         self._values[key] = value
        +     return value
        """,
    ),
    Mutant(
        "none_is_nothing",
        "Takes the value None for no value: it is loaded again each time.",
        check="any-value",
        on="jython",
        diff="""
        - if key in self._values:
        -     return self._values[key]
        + value = self._values.get(key)
        + if value is not None:
        +     return value
        """,
    ),
    Mutant(
        "waiters_load_again",
        "Who waited for a load that failed loads again, one after the other, instead of raising.",
        check="errors",
        on="3t",
        diff="""
        - raise load.error
        + return self.get(key)
        """,
    ),
    Mutant(
        "forget_waits",
        "forget waits for the loading of its key, to forget that as well.",
        check="others-go-on",
        on="cpython",
        diff="""
        + with self._lock:
        +     load = self._loading.get(key)
        + if load is not None:
        +     load.done.wait()
          with self._lock:
              self._values.pop(key, None)
        """,
    ),
    Mutant(
        "exceptions_only",
        "Keeps an Exception for the others, and no other error: "
        "they get None, which is remembered.",
        check="any-error",
        on="2.7",
        diff="""
        - except BaseException as error:
        + except Exception as error:
        """,
    ),
    Mutant(
        "event_too_early",
        "Sets the event before the loading is out of the table: the next get has the old error.",
        check="next-get",
        on="pypy",
        diff="""
          finally:
        +     load.done.set()
        @@
        - load.done.set()
        """,
    ),
    Mutant(
        "keys_of_both",
        "keys has what is still being loaded, too.",
        check="others-go-on",
        on="jython",
        diff="""
        - return sorted(self._values)
        + return sorted(set(self._values) | set(self._loading))
        """,
    ),
    Mutant(
        "forget_is_late",
        "What was forgotten while it was loaded is remembered all the same: the old value.",
        check="forgotten",
        on="cpython",
        diff="""
        - self._loading.pop(key, None)
        """,
    ),
    Mutant(
        "old_load_wins",
        "forget lets a new load begin, and the old one is remembered when it ends.",
        check="forgotten",
        on="jython",
        diff="""
        - if self._loading.get(key) is load:  # else it was forgotten meanwhile
        -     del self._loading[key]
        -     if load.error is None:
        -         self._values[key] = load.value
        + self._loading.pop(key, None)
        + if load.error is None:
        +     self._values[key] = load.value
        """,
    ),
    Mutant(
        "waiters_look_again",
        "Who waited looks into the table for the value, which may have been forgotten.",
        check="forgotten",
        on="2.7",
        diff="""
          if load.error is not None:
              raise load.error
        - return load.value
        + with self._lock:
        +     return self._values[key]
        """,
    ),
    Mutant(
        "first_look_without_the_lock",
        "Looks for the value before it takes the lock.",
        check="at-once",
        on="pypy",
        diff="""
        + if key in self._values:
        +     return self._values[key]
          with self._lock:
        -     if key in self._values:
        -         return self._values[key]
              load = self._loading.get(key)
        """,
    ),
    Mutant(
        "two_looks",
        "Looks for the value under the lock, and for a load under the lock again: in between a "
        "load may have ended.",
        check="at-once",
        on="cpython",
        diff="""
              if key in self._values:
                  return self._values[key]
        + with self._lock:
              load = self._loading.get(key)
        """,
    ),
    Mutant(
        "forget_looks_first",
        "forget looks whether the key is there without the lock, and then removes it.",
        check="at-once",
        on="2.7",
        diff="""
        -     self._values.pop(key, None)
        +     pass
        + if key in self._values:
        +     del self._values[key]
        + with self._lock:
              self._loading.pop(key, None)
        """,
    ),
]
