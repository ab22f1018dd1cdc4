"""Plausible wrong answers to this exercise, each as a diff of solution.py."""

from portable_harness.exercise.mutant import Mutant

MUTANTS = [
    Mutant(
        "mix_in_last",
        "The mix-in comes last: TCPServer's own way is found first, one visitor after the other.",
        check="at-once",
        on="cpython",
        diff="""
        - class BookServer(socketserver.ThreadingMixIn, socketserver.TCPServer):
        + class BookServer(socketserver.TCPServer, socketserver.ThreadingMixIn):
        """,
    ),
    Mutant(
        "address_in_use",
        "Without allow_reuse_address: the port of a server that has just stopped is refused.",
        check="again",
        on="2.7",
        diff="""
        - allow_reuse_address = True
        """,
    ),
    Mutant(
        "counts_in_the_handler",
        "The number is the handler's: each connection has a handler of its own, all are visitor 1.",
        check="numbers",
        on="jython",
        diff="""
        - number = self.server.book.next_visitor()
        + self.book = Book()
        + number = self.book.next_visitor()
        """,
    ),
    Mutant(
        "bye_stops_the_server",
        "`bye` shuts the whole server down, not the one connection.",
        check="bye",
        on="pypy",
        diff="""
          self.say('bye, visitor %d' % number)
        + self.server.shutdown()
        """,
    ),
    Mutant(
        "counts_at_the_end",
        "Counts a visitor when it goes, under the lock for all of its visit: the next one waits.",
        check="at-once",
        on="3t",
        diff="""
        -     number = self.server.book.next_visitor()
        +     with self.server.book._lock:
        +         self.visit(self.server.book._visitors + 1)
        +         self.server.book._visitors += 1
        +
        + def visit(self, number):
        """,
    ),
    Mutant(
        "strips_spaces",
        "strip() takes the spaces of a line as well as its end.",
        check="as-sent",
        on="cpython",
        diff=r"""
        - word = line.rstrip(b'\r\n').decode('ascii', 'replace')
        + word = line.strip().decode('ascii', 'replace')
        """,
    ),
    Mutant(
        "bye_begins",
        "Whatever begins with `bye` is the end.",
        check="as-sent",
        on="3.6",
        diff="""
        - if word == 'bye':
        + if word.startswith('bye'):
        """,
    ),
]
