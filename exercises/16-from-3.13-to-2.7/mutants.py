"""Plausible wrong answers to this exercise, each as a diff of solution.py."""

from portable_harness.exercise.mutant import Mutant

MUTANTS = [
    Mutant(
        "first_is_a_letter",
        "Takes data[0] for a number: on Python 2 it is a string of one byte.",
        check="first",
        on="2.7",
        diff="""
        - return number(ord(rest[:1]))
        + return str(rest[0]).encode('ascii')
        """,
    ),
    Mutant(
        "round_of_python_2",
        "Leaves round() as it was: Python 2 rounds 2.5 to 3.",
        check="round",
        on="jython",
        diff="""
        - return number(half_to_even(float(rest.decode('ascii', 'replace'))))
        + return number(int(round(float(rest.decode('ascii', 'replace')))))
        """,
    ),
    Mutant(
        "lstrip_for_a_prefix",
        "Uses lstrip and rstrip for a prefix: they take any of the letters, as often as they come.",
        check="trim",
        on="cpython",
        diff="""
        - if data.startswith(b'x-'):
        -     data = data[2:]
        - return data[:-2] if data.endswith(b'-x') else data
        + return data.lstrip(b'x-').rstrip(b'x-')
        """,
    ),
    Mutant(
        "meeting_never_forgets",
        "Who waited in vain stays in the meeting: the next client meets a ghost.",
        check="meet",
        on="pypy",
        diff="""
        - self._waiting = None
        """,
    ),
    Mutant(
        "end_before_answers",
        "At QUIT hangs up at once: answers that are still in the queue are lost.",
        check="quit",
        on="3t",
        diff="""
          finally:
        +     try:
        +         connection.shutdown(socket.SHUT_RDWR)
        +     except socket.error:
        +         pass
        """,
    ),
    Mutant(
        "daemon_argument",
        "Thread has no daemon argument on Python 2.",
        check="starts",
        on="2.7",
        one_sided=True,
        diff="""
        - thread = threading.Thread(target=function, args=arguments)
        - thread.daemon = True
        + thread = threading.Thread(target=function, args=arguments, daemon=True)
        """,
    ),
]
