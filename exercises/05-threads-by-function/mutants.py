"""Plausible wrong answers to this exercise, each as a diff of solution.py."""

from portable_harness.exercise.mutant import Mutant

MUTANTS = [
    Mutant(
        "calls_the_function",
        "Calls the function and gives its result to the thread: it runs in the main thread.",
        check="side-by-side",
        on="cpython",
        diff="""
        - thread = threading.Thread(target=handle, args=(connection,))
        + thread = threading.Thread(target=handle(connection))
        """,
    ),
    Mutant(
        "waits_for_the_thread",
        "Waits for each thread as soon as it runs.",
        check="side-by-side",
        on="jython",
        diff="""
          thread.start()
        + thread.join()
        """,
    ),
    Mutant(
        "number_for_all",
        "Counts in a global variable: one number for all clients.",
        check="own-numbers",
        on="3t",
        diff="""
        + number = 0
        +
        +
          def handle(connection):
        @@
        - number = 0
        + global number
        """,
    ),
    Mutant(
        "global_connection",
        "Keeps the connection in a global variable: answers go to who came last.",
        check="own-answers",
        on="2.7",
        diff="""
        - def handle(connection):
        + connection = None
        +
        +
        + def handle():
        @@
          def main(port):
        +     global connection
        @@
        - thread = threading.Thread(target=handle, args=(connection,))
        + thread = threading.Thread(target=handle)
        """,
    ),
    Mutant(
        "never_closes",
        "Forgets to close the connection.",
        check="done",
        on="pypy",
        diff="""
        - lines.close()
        - connection.close()
        + pass
        """,
    ),
    Mutant(
        "closes_at_the_end_only",
        "Closes behind the loop: an error goes around it, and who breaks off is never closed.",
        check="closed",
        on="pypy",
        diff="""
          import threading
        +
        +
        + failed = []
        @@
        - return
        + break
        @@
        - except socket.error as error:           # this client's trouble, not the others'
        -     print('a client: %s' % error)
        - finally:
              lines.close()
              connection.close()
        + except socket.error as error:
        +     print('a client: %s' % error)
        +     failed.append(connection)           # to look at it later
        """,
    ),
    Mutant(
        "waits_for_quit",
        "Waits for more of a client that has closed: its thread never ends.",
        check="threads-end",
        on="cpython",
        diff=r"""
          import threading
        + import time
        @@
        - while line:
        + while True:
        @@
        - number += 1
        - connection.sendall(b'%d %s\r\n' % (number, text))
        + if line:
        +     number += 1
        +     connection.sendall(b'%d %s\r\n' % (number, text))
        + else:
        +     time.sleep(0.01)
        """,
    ),
    Mutant(
        "ends_the_program",
        "Ends the program when a client breaks off.",
        check="breaks-off",
        on="3.6",
        diff="""
        + import os
          import socket
        @@
          print('a client: %s' % error)
        + os._exit(1)
        """,
    ),
]
