"""TCP servers that run unchanged on CPython 2.7 and 3, PyPy and Jython.

Two axes that multiply: a *model* (package `models`) says how connections are
served, a *service* (package `services`) says what a connection is given.
`python -m portable_server echo --model threads --port 0` puts one on the other.

What all of this stands on is `portable_server.compat` (the differences between the
interpreters); the experiments and the lock watch are `portable_server.litmus`.
"""
from __future__ import absolute_import, division, print_function

import os

_here = os.path.dirname(os.path.abspath(__file__))
if not os.path.isdir(os.path.join(_here, 'compat')):
    # A checkout: compat/ and litmus/ are next to this folder. Installed, they are inside it.
    __path__.append(os.path.dirname(_here))

__version__ = '0.1.0'
