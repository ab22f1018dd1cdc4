"""The interpreters of this machine: find them, ask each what it is, get one that is missing."""

from portable_harness.interpreters.model import Absent, Found, Interpreter, Rejected
from portable_harness.interpreters.search import find
from portable_harness.interpreters.selection import select

__all__ = ["Absent", "Found", "Interpreter", "Rejected", "find", "select"]
