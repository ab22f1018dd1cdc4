"""What a lock costs under the watch: `python -m portable_server.litmus.watch.benchmark`, on any interpreter.

Short slices of the plain lock, the watched one and an empty loop take turns in one process,
so a busy machine disturbs all of them.  Of each the fastest slice counts; the empty loop is
taken off, and the two remainders give the ratio.  The quartiles of the slices' own ratios
(loop included) stand beside it as the spread.
"""
from __future__ import absolute_import, division, print_function

import sys

from portable_server.compat import clock, threads
from portable_server.litmus import watch

TURNS, SLICES = 2000, 150       # acquires in a slice; slices of each side
_WARM_UP = 30                   # slices not counted, for a compiler


def acquire_release(lock, turns):
    """Seconds for `turns` times acquire() and release()."""
    started = clock.perf_counter()
    for _ in range(turns):
        lock.acquire()
        lock.release()
    return clock.perf_counter() - started


def with_statement(lock, turns):
    """Seconds for `turns` times `with lock: pass`."""
    started = clock.perf_counter()
    for _ in range(turns):
        with lock:
            pass
    return clock.perf_counter() - started


def empty_loop(_, turns):
    """Seconds for the loop alone."""
    started = clock.perf_counter()
    for _ in range(turns):
        pass
    return clock.perf_counter() - started


def measure(new_lock, use):
    """(plain, watched: nanoseconds; ratio; quartiles of the slices' ratios)."""
    with watch.suspended():
        plain = new_lock()
    with watch.installed():
        watched = new_lock()
        slices = [(use(plain, TURNS), use(watched, TURNS), empty_loop(None, TURNS))
                  for _ in range(_WARM_UP + SLICES)][_WARM_UP:]
    loop = min(each[2] for each in slices)
    fastest = [max(min(each[side] for each in slices) - loop, 1e-9) for side in (0, 1)]
    ratios = sorted(each[1] / each[0] for each in slices)
    nanoseconds = [seconds / TURNS * 1e9 for seconds in fastest]
    return nanoseconds + [fastest[1] / fastest[0],
                          (ratios[len(ratios) // 4], ratios[3 * len(ratios) // 4])]


def main():
    """Print a line for each kind of lock and each use of it."""
    for name in ('Lock', 'RLock'):
        for use in (acquire_release, with_statement):
            # looked up at each call: which it is depends on the watch
            plain, watched, ratio, (low, high) = measure(
                lambda name=name: getattr(threads, name)(), use)
            sys.stdout.write('%-6s %-16s plain %6.0f ns  watched %6.0f ns  ratio %5.2f  '
                             '(with the loop, quartiles %.2f to %.2f)\n' % (
                                 name, use.__name__, plain, watched, ratio, low, high))


if __name__ == '__main__':
    main()
