"""An object of the checks in the hands of the student's module: see mirror.py."""

from __future__ import annotations

import types
from collections.abc import Iterator
from typing import Any

from portable_harness.exercise.wire import Message

OPERATORS = frozenset(
    f"__{name}__" for name in (
        "call enter exit iter next len bool contains getitem setitem delitem add radd sub rsub mul "
        "rmul floordiv truediv mod neg abs int index lt le gt ge eq ne hash str"
    ).split()
)  # fmt: skip


class Granted:
    """An object of the checks that the module may use, and how."""

    def __init__(self, value: Any, number: int) -> None:
        self.value, self.number = value, number
        self.is_open = any("__getattr__" in vars(one) for one in type(value).__mro__)
        self.methods = frozenset(self._names())

    def _names(self) -> Iterator[str]:
        value = self.value
        if isinstance(value, type) or not hasattr(type(value), "__mro__"):
            yield "__call__"
            return
        if isinstance(value, types.FunctionType | types.MethodType | types.BuiltinMethodType):
            yield "__call__"
            return
        for one in type(value).__mro__:
            if one in (object, int):
                return
            for name, member in vars(one).items():
                if callable(member) and (not name.startswith("_") or name in OPERATORS):
                    yield name

    def described(self) -> Message:
        """For the other side."""
        more: Message = {"number": int(self.value)} if isinstance(self.value, int) else {}
        name = getattr(self.value, "__name__", type(self.value).__name__)
        name = name if str(name).isidentifier() else "function"
        return {"h": self.number, "name": name, "methods": sorted(self.methods),
                "open": self.is_open, **more}  # fmt: skip

    def call(self, name: str, arguments: list[Any], named: dict[str, Any]) -> Any:
        """What a method gives. :raises AttributeError: that is not allowed"""
        if name not in self.methods and (not self.is_open or name.startswith("_")):
            raise AttributeError(name)
        if name == "__call__":
            return self.value(*arguments, **named)
        return getattr(self.value, name)(*arguments, **named)
