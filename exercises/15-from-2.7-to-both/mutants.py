"""Plausible wrong answers to this exercise, each as a diff of solution.py."""

from portable_harness.exercise.mutant import Mutant

MUTANTS = [
    Mutant(
        "true_division",
        "Leaves `/` as it was: on Python 3 the average is a fraction.",
        check="average",
        on="cpython",
        one_sided=True,
        diff="""
        - from __future__ import absolute_import, division, print_function
        + from __future__ import absolute_import, print_function
        @@
        - return str(sum(now.values()) // len(now)) if now else 'ERR nobody'
        + return str(sum(now.values()) / len(now)) if now else 'ERR nobody'
        """,
    ),
    Mutant(
        "text_on_the_wire",
        "Sends text: Python 3's sockets take bytes only.",
        check="starts",
        on="3t",
        diff=r"""
        - connection.sendall(reply.encode('latin-1') + b'\n')
        + connection.sendall(reply + '\n')
        """,
    ),
    Mutant(
        "repr_of_bytes",
        "Makes text of bytes with str(): on Python 3 that is b'...' with its quotes.",
        check="scores",
        on="pypy",
        diff="""
        - words = [word.decode('latin-1') for word in line.split()]
        + words = [str(word) for word in line.split()]
        """,
    ),
    Mutant(
        "for_python_3_only",
        "Ported, not made portable: what it imports is not in Python 2.",
        check="starts",
        on="2.7",
        one_sided=True,
        diff="""
          import threading
        + import queue  # noqa
        """,
    ),
    Mutant(
        "flush_argument",
        "print has no flush argument on Python 2, not even with the import from the future.",
        check="starts",
        on="jython",
        one_sided=True,
        diff="""
        - print('listening on 127.0.0.1:%d' % listener.getsockname()[1])
        - sys.stdout.flush()
        + print('listening on 127.0.0.1:%d' % listener.getsockname()[1], flush=True)
        """,
    ),
    Mutant(
        "sorted_by_points_only",
        "Drops the second half of the comparison: who has as many points comes in any order.",
        check="top",
        on="3.6",
        diff="""
        - best = sorted(snapshot().items(), key=lambda pair: (-pair[1], pair[0]))
        + best = sorted(snapshot().items(), key=lambda pair: pair[1], reverse=True)
        """,
    ),
    Mutant(
        "utf8_strict",
        "Takes all bytes for UTF-8: a name in another encoding ends the connection.",
        check="any-bytes",
        on="cpython",
        diff=r"""
        - words = [word.decode('latin-1') for word in line.split()]
        + words = [word.decode('utf-8') for word in line.split()]
        @@
        - connection.sendall(reply.encode('latin-1') + b'\n')
        + connection.sendall(reply.encode('utf-8') + b'\n')
        """,
    ),
    Mutant(
        "ascii_strict",
        "Takes all bytes for ASCII: a name with any other byte ends the connection.",
        check="any-bytes",
        on="jython",
        diff=r"""
        - words = [word.decode('latin-1') for word in line.split()]
        + words = [word.decode('ascii') for word in line.split()]
        @@
        - connection.sendall(reply.encode('latin-1') + b'\n')
        + connection.sendall(reply.encode('ascii') + b'\n')
        """,
    ),
    Mutant(
        "ascii_replace",
        "Makes question marks of all bytes that are not ASCII.",
        check="any-bytes",
        on="pypy",
        diff=r"""
        - words = [word.decode('latin-1') for word in line.split()]
        + words = [word.decode('ascii', 'replace') for word in line.split()]
        @@
        - if command == 'TOP' and len(rest) == 1 and rest[0].encode('latin-1').isdigit():
        + if command == 'TOP' and len(rest) == 1 and rest[0].isdigit():
        @@
        - connection.sendall(reply.encode('latin-1') + b'\n')
        + connection.sendall(reply.encode('ascii', 'replace') + b'\n')
        """,
    ),
    Mutant(
        "top_of_none",
        "`TOP 0` tells the best one all the same.",
        check="top",
        on="2.7",
        diff="""
        - return ', '.join(['%s %d' % pair for pair in best[:count]]) or 'ERR nobody'
        + return ', '.join(['%s %d' % pair for pair in best[:max(count, 1)]]) or 'ERR nobody'
        """,
    ),
]
