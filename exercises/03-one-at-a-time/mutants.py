"""Plausible wrong answers to this exercise, each as a diff of solution.py."""

from portable_harness.exercise.mutant import Mutant

MUTANTS = [
    Mutant(
        "recv_is_a_line",
        "Takes what one recv gives for one line.",
        check="pieces",
        on="cpython",
        diff=r"""
        - lines = connection.makefile('rb')
        - try:
        -     while True:
        -         line = lines.readline()
        -         if not line:                    # the client has closed
        -             return
        -         text = line.rstrip(b'\r\n')
        -         if text == b'quit':
        -             connection.sendall(b'bye\r\n')
        -             return
        -         connection.sendall(text.upper() + b'\r\n')
        - finally:
        -     lines.close()
        + while True:
        +     line = connection.recv(4096)
        +     if not line:                    # the client has closed
        +         return
        +     text = line.rstrip(b'\r\n')
        +     if text == b'quit':
        +         connection.sendall(b'bye\r\n')
        +         return
        +     connection.sendall(text.upper() + b'\r\n')
        """,
    ),
    Mutant(
        "serves_one",
        "The outer loop is missing: it ends with its first client.",
        check="next",
        on="jython",
        diff="""
          connection.close()
        + break
        """,
    ),
    Mutant(
        "never_closes",
        "Forgets to close the connection.",
        check="done",
        on="pypy",
        diff="""
        - finally:
        -     connection.close()
        """,
    ),
    Mutant(
        "waits_for_quit",
        "Waits for more of a client that has closed: readline gives b'' again and again.",
        check="vanishes",
        on="2.7",
        diff="""
        - if not line:                    # the client has closed
        -     return
        + if not line:
        +     continue
        """,
    ),
    Mutant(
        "dies_with_client",
        "A client that is reset ends the whole server.",
        check="reset",
        on="cpython",
        diff="""
        - try:
        -     handle(connection, number)
        - except socket.error as error:       # this client's trouble, not the server's
        -     print('client %d: %s' % (number, error))
        - finally:
        -     connection.close()
        + handle(connection, number)
        + connection.close()
        """,
    ),
    Mutant(
        "thread_for_each",
        "Starts a thread for each client: nobody waits for his turn.",
        check="turn",
        on="3t",
        diff="""
          import sys
        + import threading
        @@
        + def serve(connection, number):
        +     try:
        +         handle(connection, number)
        +     except socket.error as error:       # this client's trouble, not the server's
        +         print('client %d: %s' % (number, error))
        +     finally:
        +         connection.close()
        +
        +
          def main(port):
        @@
        - try:
        -     handle(connection, number)
        - except socket.error as error:       # this client's trouble, not the server's
        -     print('client %d: %s' % (number, error))
        - finally:
        -     connection.close()
        + threading.Thread(target=serve, args=(connection, number)).start()
        """,
    ),
    Mutant(
        "strips_blanks",
        "Strips blanks as well, which are part of the line.",
        check="as-it-is",
        on="2.7",
        diff=r"""
        - text = line.rstrip(b'\r\n')
        + text = line.strip()
        """,
    ),
    Mutant(
        "text_not_bytes",
        "Takes bytes for Latin-1 text: other letters get capitals, too, some of them of no byte.",
        check="as-it-is",
        on="pypy",
        diff=r"""
        - connection.sendall(text.upper() + b'\r\n')
        + capitals = text.decode('latin-1').upper()
        + connection.sendall(capitals.encode('latin-1', 'replace') + b'\r\n')
        """,
    ),
    Mutant(
        "in_any_case",
        "Says goodbye for the word in any case, not for this very line.",
        check="not-done",
        on="3.6",
        diff="""
        - if text == b'quit':
        + if text.lower() == b'quit':
        """,
    ),
    Mutant(
        "long_line_is_two",
        "Reads at most 1024 bytes of a line: a longer one is taken for several.",
        check="long",
        on="jython",
        diff="""
        - line = lines.readline()
        + line = lines.readline(1024)
        """,
    ),
]
