"""On the path of a Python server under test: makes its threads switch at bad moments.

PORTABLE_ADVERSE is KIND:SEED; see portable_harness/check/adverse.py. Runs on every interpreter.
"""
from __future__ import absolute_import, division, print_function

import os
import random
import sys
import threading
import time

SHORTEST = 1e-6     # seconds
STALL = 0.002       # seconds
ONE_IN = 50         # calls


def _switch_often():
    for name, value in (('setswitchinterval', SHORTEST), ('setcheckinterval', 1)):
        if hasattr(sys, name):      # the first since 3.2, the second before; Jython has none
            getattr(sys, name)(value)
            return


def _stall_at_random(seed):
    choose = random.Random(seed)
    sleep = time.sleep

    def profile(frame, event, argument):
        if choose.random() * ONE_IN < 1:
            sleep(STALL * choose.random())

    threading.setprofile(profile)


def _apply(setting):
    kind, _, seed = setting.partition(':')
    _switch_often()
    if kind == 'stalls':
        _stall_at_random(int(seed))


if os.environ.get('PORTABLE_ADVERSE'):
    _apply(os.environ['PORTABLE_ADVERSE'])
