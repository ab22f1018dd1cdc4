"""Work: lines that cost processor time, for measuring how a server scales.

A line comes back unchanged, as in `echo`, after the server has computed for `--cost-us`
microseconds: plain Python on small whole numbers, no wait and nothing shared. A line that
begins with `work N ` asks for N microseconds in place of that, so that one server gives
a whole curve. With `--computing-threads`, threads compute next to the connections all the
time: what does that do to the others' short requests (the convoy of the GIL)?

The cost is a number of *turns of a loop*, found once at the start, not a time that is
looked up while computing: where two threads hinder each other, a line then takes longer
and uses more of the processor, which is what is to be seen. The calibration takes the
thread's processor time (a wall clock would count the neighbours' as well) and goes on
until the loop gets no faster: 0.2 s, and a second or two where PyPy or Java compile it
meanwhile. `--turns-per-us` leaves it out: the same work on every interpreter, however long
it takes there.
"""
from __future__ import absolute_import, division, print_function

import logging
import re

from portable_server.compat import clock, threads
from portable_server.lines import DEFAULT_LINE_LIMIT
from portable_server.options import number, positive
from portable_server.services.base import Conversation, Service

log = logging.getLogger('portable_server')

MOST_MICROSECONDS = 1000000

#: Turns of one call while calibrating: calls as short as a line's, for the compilers' sake.
TURNS = 1000
#: Processor time of one measurement in seconds, and how many make a median.
MEASUREMENT = 0.005
MEASUREMENTS = 20
#: The loop has settled when two medians in a row are that near to the best of all.
NEAR = 0.93
#: The calibration ends after that many medians in any case, about 5 seconds.
MOST_MEDIANS = 50

ASKED = re.compile(br'work (\d{1,7})[ \r\n]')


def compute(turns):
    """Turn a loop: a random generator (Park and Miller's form) that stays below 2**31."""
    value = 1
    while turns > 0:
        value = (value * 171 + 11) % 53125
        turns -= 1
    return value


def calibrate():
    """How many turns take a microsecond of this thread's processor time, as a float.

    Java's compiler may well make the loop slower for half a second, between two versions
    of its code: so one slow median after a fast one is not believed.
    """
    medians = [_median()]
    while len(medians) < MOST_MEDIANS:
        medians.append(_median())
        if min(medians[-2:]) >= NEAR * max(medians):
            break
    return medians[-1]


def _median():
    return sorted(_measure() for _ in range(MEASUREMENTS))[MEASUREMENTS // 2]


def _measure():
    """Turns in a microsecond, of some calls."""
    calls, took = 0, 0.0
    begin = clock.thread_time()
    while took < MEASUREMENT:
        compute(TURNS)
        calls += 1
        took = clock.thread_time() - begin
    return calls * TURNS / (took * 1e6)


class WorkConversation(Conversation):
    """Answers all complete lines of a piece at once, after computing for each."""

    def __init__(self, service):
        self._service = service
        self._pieces = []
        self._size = 0

    def receive(self, data):
        end = data.rfind(b'\n') + 1
        if not end:
            return self._keep(data)
        lines = b''.join(self._pieces) + data[:end]
        self._pieces, self._size = [], 0
        for line in lines.split(b'\n')[:-1]:
            compute(self._service.turns_for(line))
        return lines + self._keep(data[end:])

    def _keep(self, piece):
        if piece:
            self._pieces.append(piece)
            self._size += len(piece)
        if self._size <= DEFAULT_LINE_LIMIT:
            return b''
        self.finished, self._pieces = True, []
        return b'! line longer than %d bytes\n' % DEFAULT_LINE_LIMIT


class Work(Service):
    name = 'work'

    def __init__(self, cost_us=0, computing_threads=0, turns_per_us=None):
        """`turns_per_us`: the turns that cost a microsecond; None: to be calibrated."""
        self.cost_us = cost_us
        self.turns_per_us = turns_per_us
        self._computing = [threads.Thread(target=self._compute, name='computing', daemon=True)
                           for _ in range(computing_threads)]
        self._computed_enough = False

    @classmethod
    def add_options(cls, parser):
        add = parser.add_argument
        add('--cost-us', metavar='N', type=number(0, MOST_MICROSECONDS), default=0,
            help='microseconds of processor time for a line that does not begin with "work N " '
                 '(default: %(default)s)')
        add('--computing-threads', metavar='N', type=number(0, 100), default=0,
            help='threads of the server that compute all the time (default: %(default)s)')
        add('--turns-per-us', metavar='X', type=positive,
            help='turns of the loop that count as a microsecond (default: measured at the start)')

    @classmethod
    def from_options(cls, namespace):
        return cls(namespace.cost_us, namespace.computing_threads, namespace.turns_per_us)

    def arguments(self):
        # What was measured is handed on, or each child would measure for itself.
        arguments = ['--cost-us', str(self.cost_us)]
        if self.turns_per_us is not None:
            arguments += ['--turns-per-us', repr(self.turns_per_us)]
        return arguments

    def start(self):
        self._calibrate()
        for thread in self._computing:
            thread.start()

    def stop(self, drain_seconds):
        self._computed_enough = True
        deadline = clock.monotonic() + drain_seconds
        for thread in self._computing:
            if thread.ident is not None:
                thread.join(max(deadline - clock.monotonic(), 0))

    def new(self):
        if self.turns_per_us is None:   # on stdin and stdout nobody calls `start`
            self._calibrate()
        return WorkConversation(self)

    def turns_for(self, line):
        """How many turns of the loop this line costs."""
        asked = ASKED.match(line + b'\n')
        cost = min(int(asked.group(1)), MOST_MICROSECONDS) if asked else self.cost_us
        return int(cost * self.turns_per_us)

    def _calibrate(self):
        if self.turns_per_us is None:
            self.turns_per_us = calibrate()
            log.debug('work: %.2f turns of the loop take a microsecond', self.turns_per_us)

    def _compute(self):
        while not self._computed_enough:
            compute(int(1000 * self.turns_per_us))
