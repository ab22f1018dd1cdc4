"""Peers that run on every interpreter, or on Jython alone: each file is a program by itself."""
from __future__ import absolute_import, division, print_function
