"""Portable code that is sent to guests: this folder is put on their path, never imported here."""
from __future__ import absolute_import, division, print_function
