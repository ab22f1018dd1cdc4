"""The GIL's switch interval, where the interpreter has one."""
from __future__ import absolute_import, division, print_function

import sys

from portable_server.compat import platform


def set_switch_interval(seconds):
    """Ask for a GIL switch interval (float seconds); bool: whether there is one.

    CPython 3 and PyPy 3 have `sys.setswitchinterval`.  Python 2.7 counts bytecodes
    instead and Jython has no GIL: there it does nothing and returns False. Where the GIL
    is switched off it sets what has no effect then, and returns False as well.
    """
    setter = getattr(sys, 'setswitchinterval', None)
    if setter is None:
        return False
    setter(seconds)
    return platform.gil_enabled()
