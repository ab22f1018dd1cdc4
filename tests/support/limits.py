"""Limits of time that are right on an idle machine, made longer on a busy or slow one."""
from __future__ import absolute_import, division, print_function

import os

#: How many times slower than an idle machine this one is; whoever starts the tests measures it.
PACE = float(os.environ.get('PORTABLE_PACE') or 1)


def scaled(seconds):
    """float: a limit of `seconds` (on an idle machine) on this one."""
    return seconds * PACE
