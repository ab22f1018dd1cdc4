"""Plausible wrong answers to this exercise, each as a diff of solution.py."""

from portable_harness.exercise.mutant import Mutant

MUTANTS = [
    Mutant(
        "never_reaps",
        "Never asks how its children ended: each stays a zombie.",
        check="reaped",
        on="cpython",
        diff="""
        - reap()
        """,
    ),
    Mutant(
        "reaps_one",
        "Reaps one child for each client that comes, also when many have ended.",
        check="burst",
        on="pypy",
        diff="""
        - while True:
        -     try:
        -         pid, _ = os.waitpid(-1, os.WNOHANG)
        -     except OSError:                 # no children at all
        -         return
        -     if pid == 0:                    # none that has ended
        -         return
        + try:
        +     os.waitpid(-1, os.WNOHANG)
        + except OSError:                     # no children at all
        +     pass
        """,
    ),
    Mutant(
        "waits_for_child",
        "The parent waits for the child that it has just started.",
        check="side-by-side",
        on="2.7",
        diff="""
          connection.close()              # the child has its own
        + os.wait()
        """,
    ),
    Mutant(
        "parent_keeps_connection",
        "The parent keeps its copy of the connection open.",
        check="done",
        on="cpython",
        diff="""
        - connection.close()              # the child has its own
        """,
    ),
    Mutant(
        "child_goes_on",
        "The child does not end: it goes on in the loop and accepts clients, too.",
        check="child-ends",
        on="3.6",
        diff="""
        - status = 1
          try:
        -     listener.close()
              handle(connection)
              connection.close()
        -     status = 0
          finally:
        -     os._exit(status)        # whatever happened: never back into the loop
        +     pass
        """,
    ),
    Mutant(
        "interrupted_accept",
        "Reaps in a signal handler, which interrupts accept (EINTR) on Python 2.7.",
        check="goes-on",
        on="2.7",
        diff="""
          import os
        + import signal
        @@
        - def reap():
        + def reap(*_):
        @@
        + signal.signal(signal.SIGCHLD, reap)
          while True:
              connection, _ = listener.accept()
        -     reap()
        """,
    ),
]
