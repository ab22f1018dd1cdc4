"""The interpreters of this machine: find them, ask each what it is, get one that is missing."""

from harness.interpreters.model import Absent, Found, Interpreter, Rejected
from harness.interpreters.search import find
from harness.interpreters.selection import select

__all__ = ["Absent", "Found", "Interpreter", "Rejected", "find", "select"]
