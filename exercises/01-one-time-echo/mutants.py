"""Plausible wrong answers to this exercise, each as a diff of solution.py."""

from portable_harness.exercise.mutant import Mutant

MUTANTS = [
    Mutant(
        "answers_once",
        "One recv, one send: the loop is missing.",
        check="goes-on",
        on="jython",
        diff="""
        - while True:
        + for _ in range(1):
        """,
    ),
    Mutant(
        "text_not_bytes",
        "Takes what comes for ASCII text.",
        check="bytes",
        on="cpython",
        diff="""
        - connection.sendall(data)
        + connection.sendall(data.decode('ascii').encode('ascii'))
        """,
    ),
    Mutant(
        "never_ends",
        "Goes on to accept the next client: no longer one-time.",
        check="ends",
        on="2.7",
        diff=r"""
        - connection, _ = listener.accept()
        - listener.close()
        - connection.sendall(b'welcome\r\n')
          while True:
        -     data = connection.recv(4096)
        -     if not data:                # the client has closed
        -         break
        -     connection.sendall(data)
        - connection.close()
        +     connection, _ = listener.accept()
        +     connection.sendall(b'welcome\r\n')
        +     while True:
        +         data = connection.recv(4096)
        +         if not data:
        +             break
        +         connection.sendall(data)
        +     connection.close()
        """,
    ),
    Mutant(
        "any_port",
        "The port of the command line is not used.",
        check="port",
        on="cpython",
        diff="""
        - listener.bind(('127.0.0.1', port))
        + listener.bind(('127.0.0.1', 0))
        """,
    ),
    Mutant(
        "waits_for_more",
        "Waits until it has a full buffer before it answers.",
        check="echo",
        on="cpython",
        diff="""
          data = connection.recv(4096)
        + while data and len(data) < 1000:
        +     data += connection.recv(1000 - len(data))
        """,
    ),
    Mutant(
        "welcome_too_late",
        "Greets when the client has said something, not before.",
        check="welcome",
        on="pypy",
        diff=r"""
        - connection.sendall(b'welcome\r\n')
        + first = True
        @@
        - connection.sendall(data)
        + connection.sendall((b'welcome\r\n' if first else b'') + data)
        + first = False
        """,
    ),
    Mutant(
        "holds_lines_back",
        "Collects whole lines: a piece without an end is not sent back as soon as it comes.",
        check="echo",
        on="2.7",
        diff="""
        + lines = connection.makefile('rb')
          while True:
        -     data = connection.recv(4096)
        +     data = lines.readline()
        @@
              connection.sendall(data)
        + lines.close()
        """,
    ),
    Mutant(
        "blank_is_the_end",
        "Takes an empty line for the end of the connection.",
        check="goes-on",
        on="3t",
        diff="""
        - if not data:                # the client has closed
        + if not data.strip():                # the client has closed
        """,
    ),
    Mutant(
        "any_interface",
        "Listens on every interface of the machine, not on 127.0.0.1 only.",
        check="port",
        on="cpython",
        diff="""
        - listener.bind(('127.0.0.1', port))
        + listener.bind(('', port))
          listener.listen(1)
        - print('listening on %s:%d' % listener.getsockname()[:2])
        + print('listening on 127.0.0.1:%d' % listener.getsockname()[1])
        """,
    ),
]
