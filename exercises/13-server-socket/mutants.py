"""Plausible wrong answers to this exercise, each as a diff of solution.py."""

from portable_harness.exercise.mutant import Mutant

MUTANTS = [
    Mutant(
        "rest_is_lost",
        "Hands out the first line of what came and forgets the others.",
        check="lines",
        on="cpython",
        diff="""
        - self._lines = parts[::-1]
        + self._lines = parts[:1]
        """,
    ),
    Mutant(
        "keeps_the_cr",
        "Cuts LF only: a line of a client that sends CR LF ends with CR.",
        check="line-ends",
        on="jython",
        diff=r"""
        - if line.endswith(b'\r'):
        -     line = line[:-1]
        """,
    ),
    Mutant(
        "strips_all",
        "Uses strip(): spaces that belong to the line are lost.",
        check="line-ends",
        on="2.7",
        diff=r"""
        - if line.endswith(b'\r'):
        -     line = line[:-1]
        + line = line.strip()
        """,
    ),
    Mutant(
        "partial_is_a_line",
        "Takes what came after the last end of a line for a line.",
        check="end",
        on="pypy",
        diff="""
        - return None
        + rest, self._rest = self._rest, b''
        + return rest or None
        """,
    ),
    Mutant(
        "empty_line_is_the_end",
        "Takes an empty line for the end of the stream.",
        check="line-ends",
        on="3.6",
        diff="""
        - return line
        + return line or None
        """,
    ),
    Mutant(
        "no_limit",
        "A line without an end is kept in memory as long as it grows.",
        check="too-long",
        on="cpython",
        diff="""
        - if len(self._rest) > LINE_LIMIT + 1:
        -     raise LineTooLong()
        """,
    ),
    Mutant(
        "send_once",
        "Sends with send(), which may take a part of the line only.",
        check="write",
        on="3t",
        diff=r"""
        - self._socket.sendall(line + b'\n')
        + self._socket.settimeout(0.5)  # so that send() takes what there is room for
        + self._socket.send(line + b'\n')
        """,
    ),
    Mutant(
        "port_as_asked",
        "Tells the port that was asked for: 0.",
        check="port",
        on="2.7",
        diff="""
        - self.port = self._socket.getsockname()[1]
        + self.port = port
        """,
    ),
    Mutant(
        "address_in_use",
        "Without SO_REUSEADDR: the port of a server that has just stopped is refused.",
        check="again",
        on="cpython",
        diff="""
        - self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        """,
    ),
]
