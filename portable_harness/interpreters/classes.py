"""The classes of interpreters, as the table in ``compat.platform`` has them.

The host never imports portable code; the table is made of literals, so it is read from the source.
"""

from __future__ import annotations

import ast

from portable_harness.base.tree import portable_file


def _table() -> dict[str, str]:
    tree = ast.parse(portable_file("compat/platform.py").read_bytes())
    for node in tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "CLASSES":
            return {name: what for name, _, what in ast.literal_eval(node.value)}
    raise LookupError("compat/platform.py has no table CLASSES")


#: Name of a class -> what it is, in one line.
CLASSES = _table()
