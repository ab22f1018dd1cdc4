"""What an object of the student's module is for the checks: see mirror.py.

What is done with a `Remote` is done in the module's process. Its class has a mirror, which is a
class too, so that `isinstance` works, and one may derive from it. What is compared is compared
here, so an object there cannot pose as equal to anything.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Iterator
from typing import Any

Ask = Callable[..., Any]


class Native(str):
    """Python 2's str: text or bytes, whichever it is compared with."""

    def __eq__(self, other: object) -> bool:
        return str(self) == (other.decode("latin-1") if isinstance(other, bytes) else other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = str.__hash__

    def __str__(self) -> str:
        return str.__getitem__(self, slice(None))


class Kind(type):
    """The class of mirrors of classes: calling one makes an object there."""

    def __new__(cls, name: str, bases: tuple[type, ...], body: dict[str, Any], **more: Any) -> Any:
        """A class that a check derives from a mirror becomes a class there."""
        if bases and bases[0] is not object and "_portable_number" not in body:
            functions = {
                key: one for key, one in body.items() if isinstance(one, types.FunctionType)
            }
            ask: Ask = type.__getattribute__(bases[0], "_portable_ask")
            return ask("subclass", bases[0], functions, name=name)
        return super().__new__(cls, name, bases, body)

    def __call__(cls, *arguments: Any, **named: Any) -> Any:
        return cls._portable_ask("call", cls, *arguments, named=named)

    def __getattribute__(cls, name: str) -> Any:
        if name.startswith(("__", "_portable")):
            return super().__getattribute__(name)
        return cls._portable_ask("get", cls, name=name)


class Remote(metaclass=Kind):
    """An object of the module."""

    _portable_number = 0
    _portable_ask: Ask
    _portable_methods: frozenset[str] = frozenset()
    _portable_own: dict[str, Any]

    def __getattribute__(self, name: str) -> Any:
        if name.startswith("_portable"):
            return object.__getattribute__(self, name)
        if name == "__dict__":
            return self._portable_ask("vars", self)
        if name.startswith("__") and name.endswith("__"):
            return object.__getattribute__(self, name)
        if name in self._portable_own:
            return self._portable_own[name]
        if name in self._portable_methods:
            return lambda *arguments, **named: self._portable_ask(
                "method", self, *arguments, name=name, named=named
            )
        return self._portable_ask("get", self, name=name)

    def __setattr__(self, name: str, value: Any) -> None:
        if isinstance(value, list | dict | set):  # a check wants its own again, not a copy
            self._portable_own[name] = value
        self._portable_ask("set", self, value, name=name)

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        return self._portable_ask("call", self, *arguments, named=named)

    def __enter__(self) -> Any:
        return self._portable_ask("method", self, name="__enter__")

    def __exit__(self, *unused: object) -> None:
        self._portable_ask("method", self, None, None, None, name="__exit__")

    def __iter__(self) -> Any:
        return self._portable_ask("iterate", self)

    def __next__(self) -> Any:
        return self._portable_ask("next", self)

    def __len__(self) -> int:
        return int(self._portable_ask("method", self, name="__len__"))

    def __bool__(self) -> bool:
        return True

    def __getitem__(self, key: Any) -> Any:
        return self._portable_ask("method", self, key, name="__getitem__")

    def __setitem__(self, key: Any, value: Any) -> None:
        self._portable_ask("method", self, key, value, name="__setitem__")

    def __contains__(self, value: Any) -> bool:
        return bool(self._portable_ask("method", self, value, name="__contains__"))

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"

    __hash__ = object.__hash__


class RemoteList(list[Any]):
    """A list of the module: a look shows what is in it now, a change is made there."""

    def __init__(self, ask: Ask, number: int) -> None:
        super().__init__()
        self._portable_ask, self._portable_number = ask, number

    def _now(self) -> list[Any]:
        return list(self._portable_ask("fetch", self))

    def __eq__(self, other: object) -> bool:
        return self._now() == other

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = None

    def __iter__(self) -> Iterator[Any]:
        return iter(self._now())

    def __len__(self) -> int:
        return len(self._now())

    def __bool__(self) -> bool:
        return bool(self._now())

    def __getitem__(self, key: Any) -> Any:
        return self._now()[key]

    def __contains__(self, value: object) -> bool:
        return value in self._now()

    def __repr__(self) -> str:
        return repr(self._now())

    def __add__(self, other: Any) -> Any:
        return self._now() + other


def _changes(name: str) -> Callable[..., Any]:
    def change(self: RemoteList, *arguments: Any, **named: Any) -> Any:
        return self._portable_ask("method", self, *arguments, name=name, named=named)

    return change


for _name in ("append extend insert pop remove clear sort reverse __setitem__ __delitem__ index "
              "count").split():  # fmt: skip
    setattr(RemoteList, _name, _changes(_name))
