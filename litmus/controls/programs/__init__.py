"""The programs, a file for each subject; the docstring of each says why it must be so."""
from __future__ import absolute_import, division, print_function
