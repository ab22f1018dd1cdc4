"""What differs between Python interpreters, hidden behind one API.

Each module offers the Python 3 names and semantics of one concern on every
interpreter: `threads`, `sockets`, `selectors`, `process`, `clock`, `text`,
`errors`.  `platform` states facts about the interpreter and `ledger` lists the
differences that were met.  Nothing outside this package asks which interpreter
it runs on.
"""
from __future__ import absolute_import, division, print_function
