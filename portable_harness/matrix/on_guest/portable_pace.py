"""How slow this machine is now: 1.0 on an idle one, more where it is slower or has other work.

Limits of time that are right on an idle machine are wrong on a busy one. So the run of a guest
begins with a fixed piece of work, of the kind that tests of threads do: a little arithmetic, and
handing the turn to and fro between two threads, which waits for the scheduler each time. Its
time, divided by `REFERENCE`, is the pace; the limits of the run are multiplied by it.

The work is done cold, as it comes, because the references were: a JIT compiler would make the second
time another measurement. Portable code, as all that runs on a guest.

    python portable_pace.py             prints the pace
    python portable_pace.py --seconds   prints the seconds, to find a new reference
"""
from __future__ import absolute_import, division, print_function

import platform
import sys
import threading
import time

#: Seconds that count as idle; an unknown implementation counts as CPython. They are estimates: the
#: medians of 15 runs with `--seconds`, two processors with little else to do (30 November 2026), were
#: 0.16 on CPython 2.7, 0.10 on 3.13, 0.29 on PyPy 3.9 and 0.44 on Jython 2.7.3.
REFERENCE = {'CPython': 0.12, 'PyPy': 0.4, 'Jython': 0.8}
MOST = 50.0         # a limit of a minute becomes at most fifty
_ROUNDS, _SUM, _HANDOVERS = 5, 60000, 400


def pace():
    """float: how many times slower than an idle machine this one is now, from 1.0 to `MOST`."""
    usual = REFERENCE.get(platform.python_implementation(), REFERENCE['CPython'])
    return round(min(max(seconds() / usual, 1.0), MOST), 2)


def seconds():
    """float: the time that the work took, in seconds."""
    started = time.time()
    for _ in range(_ROUNDS):
        sum(number * number for number in range(_SUM))
        _hand_to_and_fro(_HANDOVERS)
    return time.time() - started


def _hand_to_and_fro(times):
    mine, yours = threading.Semaphore(1), threading.Semaphore(0)
    other = threading.Thread(target=_take_turns, args=(yours, mine, times))
    other.daemon = True
    other.start()
    _take_turns(mine, yours, times)
    other.join(60.0)


def _take_turns(mine, yours, times):
    for _ in range(times):
        mine.acquire()
        yours.release()


if __name__ == '__main__':
    print(seconds() if '--seconds' in sys.argv else pace())
