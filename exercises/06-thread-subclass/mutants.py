"""Plausible wrong answers to this exercise, each as a diff of solution.py."""

from portable_harness.exercise.mutant import Mutant

MUTANTS = [
    Mutant(
        "memory_of_the_class",
        "The list is in the class: one memory for all clients.",
        check="own-memory",
        on="cpython",
        diff="""
        + said = []
        +
          def __init__(self, connection, number):
        @@
        - self.said = []
        """,
    ),
    Mutant(
        "calls_run",
        "Calls run() instead of start(): the conversation runs in the thread that accepts.",
        check="side-by-side",
        on="jython",
        diff="""
        - Client(connection, number).start()
        + Client(connection, number).run()
        """,
    ),
    Mutant(
        "thread_not_made",
        "Forgets to call __init__ of Thread.",
        check="thread",
        on="2.7",
        diff="""
        - threading.Thread.__init__(self)
        - self.name = 'client-%d' % number
        - self.daemon = True              # it does not keep the program alive
        + self.number = number
        """,
    ),
    Mutant(
        "starts_itself",
        "Starts the thread in __init__, before whoever made the object has it.",
        check="not-before-start",
        on="pypy",
        diff="""
          self.said = []
        + self.start()
        @@
        - Client(connection, number).start()
        + Client(connection, number)
        """,
    ),
    Mutant(
        "named_stop",
        "Takes the name _stop, which is a method of Thread in Python 3: join() fails.",
        check="ends",
        on="3.6",
        diff="""
          self.said = []
        + self._stop = False
        @@
        - while line:
        + while line and not self._stop:
        """,
    ),
    Mutant(
        "named_handle",
        "Takes the name _handle, which belongs to Thread since Python 3.13.",
        check="answers",
        on="3.13",
        diff="""
        - self.talk(lines)
        + self._handle(lines)
        @@
        - def talk(self, lines):
        + def _handle(self, lines):
        """,
    ),
    Mutant(
        "no_daemon",
        "Leaves the thread as it comes, no daemon: it keeps the program alive.",
        check="thread",
        on="pypy",
        diff="""
        - self.daemon = True              # it does not keep the program alive
        """,
    ),
    Mutant(
        "closes_at_quit_only",
        "Closes the connection after `quit` only.",
        check="vanishes",
        on="jython",
        diff=r"""
        - self.connection.close()
        @@
          self.connection.sendall(b'bye\r\n')
        + self.connection.close()
        """,
    ),
    Mutant(
        "strips_spaces",
        "strip() takes the spaces of a line as well as its end.",
        check="spaces",
        on="jython",
        diff=r"""
        - text = line.rstrip(b'\r\n')
        + text = line.strip()
        """,
    ),
    Mutant(
        "closes_unless_reset",
        "Closes in an else, not in a finally: after a reset the connection stays open.",
        check="reset",
        on="3t",
        diff="""
        - finally:
        + else:
        """,
    ),
    Mutant(
        "lets_the_reset_out",
        "A reset is caught by nobody: the thread ends with a traceback.",
        check="reset",
        on="2.7",
        diff="""
        - except socket.error:
        -     pass                        # a reset by this client is no one else's business
        """,
    ),
]
