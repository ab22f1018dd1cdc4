"""Plausible wrong answers to this exercise, each as a diff of solution.py."""

from portable_harness.exercise.mutant import Mutant

MUTANTS = [
    Mutant(
        "recv_is_a_line",
        "Takes what one recv gives for one line.",
        check="pieces",
        on="cpython",
        diff=r"""
        - while b'\n' not in self.rest:
        -     data = self.connection.recv(65536)
        -     if not data:
        -         return None
        -     self.rest += data
        - line, _, self.rest = self.rest.partition(b'\n')
        - return line[:-1] if line.endswith(b'\r') else line
        + data = self.connection.recv(65536)
        + return data.rstrip(b'\r\n') if data else None
        """,
    ),
    Mutant(
        "rest_is_lost",
        "Keeps the first line of what came and throws the rest away.",
        check="together",
        on="jython",
        diff=r"""
        - line, _, self.rest = self.rest.partition(b'\n')
        + line, self.rest = self.rest.split(b'\n')[0], b''
        """,
    ),
    Mutant(
        "send_once",
        "Takes for granted that one send sends everything.",
        check="long",
        on="2.7",
        diff=r"""
        - connection.sendall(b'%d %s\r\n' % (len(line), line))
        + connection.send(b'%d %s\r\n' % (len(line), line))
        """,
    ),
    Mutant(
        "waits_for_1000",
        "Waits until 1,000 bytes have come before it looks for lines.",
        check="lines",
        on="pypy",
        diff=r"""
        - while b'\n' not in self.rest:
        + while b'\n' not in self.rest or len(self.rest) < 1000:
        """,
    ),
    Mutant(
        "crlf_only",
        "Knows CR LF only: a client that sends LF alone gets no answer.",
        check="line-feed",
        on="cpython",
        diff=r"""
        - while b'\n' not in self.rest:
        + while b'\r\n' not in self.rest:
        @@
        - line, _, self.rest = self.rest.partition(b'\n')
        - return line[:-1] if line.endswith(b'\r') else line
        + line, _, self.rest = self.rest.partition(b'\r\n')
        + return line
        """,
    ),
    Mutant(
        "strips_spaces",
        "Takes the spaces off with the end of the line.",
        check="spaces",
        on="3.6",
        diff=r"""
        - return line[:-1] if line.endswith(b'\r') else line
        + return line.strip()
        """,
    ),
    Mutant(
        "empty_line_is_the_end",
        "Takes an empty line for the end of the client.",
        check="empty-line",
        on="3t",
        diff=r"""
        - while line is not None and line != b'quit':
        + while line and line != b'quit':
              connection.sendall(b'%d %s\r\n' % (len(line), line))
              line = client.read_line()
        - if line is not None:
        + if line:
        """,
    ),
    Mutant(
        "one_rest_for_all",
        "Keeps the rest in the class: the next client goes on with the half line of the last.",
        check="next",
        on="jython",
        diff=r"""
        + rest = b''
        +
          def __init__(self, connection):
              self.connection = connection
        -     self.rest = b''
        @@
        -     self.rest += data
        - line, _, self.rest = self.rest.partition(b'\n')
        +     Client.rest += data
        + line, _, Client.rest = self.rest.partition(b'\n')
        """,
    ),
    Mutant(
        "timeout_ends_the_server",
        "Knows resets only: a silent client ends the whole server.",
        check="silent",
        on="cpython",
        diff="""
        - except socket.error as error:       # a reset, or too long a silence: socket.timeout
        + except socket.timeout:
        +     raise
        + except socket.error as error:
        """,
    ),
    Mutant(
        "every_cr_at_the_end",
        "Removes all CRs at the end of a line, not one.",
        check="carriage-returns",
        on="2.7",
        diff=r"""
        - return line[:-1] if line.endswith(b'\r') else line
        + return line.rstrip(b'\r')
        """,
    ),
    Mutant(
        "every_cr",
        "Removes each CR, in the middle of a line as well.",
        check="carriage-returns",
        on="pypy",
        diff=r"""
        - return line[:-1] if line.endswith(b'\r') else line
        + return line.replace(b'\r', b'')
        """,
    ),
    Mutant(
        "quit_in_capitals",
        "Takes QUIT for quit.",
        check="whole-word",
        on="cpython",
        diff="""
        - while line is not None and line != b'quit':
        + while line is not None and line.lower() != b'quit':
        """,
    ),
    Mutant(
        "quit_with_spaces",
        "Takes a line with spaces around quit for quit.",
        check="whole-word",
        on="3.13t",
        diff="""
        - while line is not None and line != b'quit':
        + while line is not None and line.strip() != b'quit':
        """,
    ),
    Mutant(
        "quit_and_more",
        "Takes each line that begins with quit for quit.",
        check="whole-word",
        on="jython",
        diff="""
        - while line is not None and line != b'quit':
        + while line is not None and not line.startswith(b'quit'):
        """,
    ),
    Mutant(
        "seconds_in_all",
        "Disconnects a client SECONDS after it connected, though it goes on talking.",
        check="talking",
        on="cpython",
        diff=r"""
          import sys
        + import time
        @@
          self.connection = connection
        + self.end = time.time() + connection.gettimeout()
        @@
        - while b'\n' not in self.rest:
        + while b'\n' not in self.rest and time.time() < self.end:
              data = self.connection.recv(65536)
              if not data:
                  return None
              self.rest += data
        + if b'\n' not in self.rest:
        +     return None
        """,
    ),
    Mutant(
        "always_7007",
        "Does not use the port of the command line.",
        check="port",
        on="cpython",
        diff="""
        - listener.bind(('127.0.0.1', port))
        + listener.bind(('127.0.0.1', 7007))
        """,
    ),
]
