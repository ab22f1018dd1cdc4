"""The Python 3.8 threading API for interpreters of the Python 2 language.

Shared by CPython 2.7 and Jython 2.7; the folder goes when Python 2 goes.  Each
interpreter brings two parts of its own, a Lock with time-outs and a Thread; all
the others wait in the same way, in a row of parked threads next to such a Lock: see
`waiting`.  They are written from the promises of library/threading and library/queue.
"""
from __future__ import absolute_import, division, print_function
