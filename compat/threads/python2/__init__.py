"""The Python 3.8 threading API for interpreters of the Python 2 language.

Shared by CPython 2.7 and Jython 2.7; the folder goes when Python 2 goes.  Each
interpreter brings two parts of its own, a Lock with time-outs and a Thread; all
the others are built upon that Lock, after the pure Python code of CPython 3.8's
`threading` and `queue` (PSF licence), whose semantics they promise.
"""
from __future__ import absolute_import, division, print_function
