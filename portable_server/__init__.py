"""TCP servers that run unchanged on CPython 2.7 and 3, PyPy and Jython.

Two axes that multiply: a *model* (package `models`) says how connections are
served, a *service* (package `services`) says what a connection is given.
`python -m portable_server echo --model threads --port 0` puts one on the other.
"""
from __future__ import absolute_import, division, print_function

__version__ = '0.1.0'
