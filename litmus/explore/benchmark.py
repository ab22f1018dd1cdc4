"""Executions per second of a test of two threads with one call each, by wall and CPU time.

    python -m portable_server.litmus.explore.benchmark [SECONDS]

Half of the executions are under PCT, half with systematic preemptions.  On a busy machine only
the CPU time says something about the explorer; what Jython reports as CPU time is not usable.
"""
from __future__ import absolute_import, division, print_function

import os
import sys

from portable_server.compat import clock, platform
from portable_server.litmus.explore import points
from portable_server.litmus.explore.scenario import Bench, Scenario, execute
from portable_server.litmus.explore.session import Session
from portable_server.litmus.explore.strategies import Pct
from portable_server.litmus.explore.systematic import Systematic

_WARM_UP = 300      # executions
_monotonic = clock.monotonic


class Counter(object):
    """What the test calls; a point stands between its load and its store."""

    def __init__(self):
        self.n = 0

    def add(self):
        points.attribute(0, self)
        n = self.n
        points.attribute(0, self)
        self.n = n + 1


def _strategies():
    number = 0
    while True:
        schedules = Systematic(2)
        strategy = schedules.following()
        while strategy is not None:
            yield strategy
            number += 1
            yield Pct(number, 2, {1: 4, 2: 4})
            strategy = schedules.following()


def _cpu():
    """Seconds of CPU time of this process."""
    times = os.times()
    return times[0] + times[1]


def measure(seconds):
    """(executions, wall seconds, CPU seconds)."""
    scenario = Scenario('Counter()', [], [['add()'], ['add()']], [])
    bench = Bench(globals())
    with Session() as session:
        for number, strategy in enumerate(_strategies()):
            if number == _WARM_UP:
                begun, cpu = _monotonic(), _cpu()
            execute(session, bench, scenario, strategy)
            if number > _WARM_UP and number % 50 == 0 and _monotonic() - begun >= seconds:
                return number - _WARM_UP, _monotonic() - begun, _cpu() - cpu


def main():
    """Print one line."""
    executions, wall, cpu = measure(float(sys.argv[1]) if len(sys.argv) > 1 else 5.0)
    print('%s %s: %d executions/s of wall time, %d of CPU time' % (
        platform.CLASS, '.'.join(map(str, platform.VERSION)), executions / wall,
        executions / max(cpu, 1e-9)))


if __name__ == '__main__':
    main()
