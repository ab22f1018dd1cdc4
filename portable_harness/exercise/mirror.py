"""Objects of the student's module, as the checks see them; and the checks' own, as it may use them.

An object of the module is a `Remote` here: what is done with it is done there. Its class has a
mirror, so that `isinstance` and `except` work; a mirror of an exception is a real exception. What
is compared is compared here, from plain values, so an object there cannot pose as equal to
anything.

Of the checks' own objects the module gets only those that a check gave to it, and may only call
them, and only their methods (`Granted`); no attribute of them can be read or set, and nothing that
belongs to Python itself.
"""

from __future__ import annotations

import builtins
import socket
import threading
from collections.abc import Callable
from typing import Any

from portable_harness.exercise.granted import Granted
from portable_harness.exercise.remote import Ask, Kind, Native, Remote, RemoteList
from portable_harness.exercise.wire import LARGE, Message, Nonsense

#: What reading a value raises that is none.
WRONG = (KeyError, TypeError, ValueError, IndexError, AttributeError, RecursionError)
MOST_OBJECTS = 500_000  # of the module that have a mirror
NAMES = 2_000  # of methods of a class
#: Exceptions of Python 2 that Python 3 has under another name.
RENAMED = {"socket.error": OSError, "_socket.error": OSError, "socket.timeout": TimeoutError,
           "exceptions.StandardError": Exception}  # fmt: skip


def _ends(value: slice) -> tuple[Any, Any, Any]:
    return value.start, value.stop, value.step


#: How values go out: by their mark, as one, or as a list of parts; and how parts come in.
SINGLE: dict[Any, tuple[str, Callable[[Any], Any]]] = {float: ("f", repr), str: ("t", str)}
SEVERAL: dict[Any, tuple[str, Callable[[Any], Any]]] = {
    tuple: ("u", tuple), list: ("l", tuple), set: ("s", tuple), frozenset: ("s", tuple),
    slice: ("y", _ends),
}  # fmt: skip
PARTS: dict[str, Callable[[Any], Any]] = {
    "u": tuple, "s": set, "y": lambda parts: slice(*parts),
}  # fmt: skip


class Mirror:
    """All objects that both sides know.

    :param ask: has something done in the module's process
    """

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self._lock = threading.RLock()
        self._remote: dict[tuple[str, int], Any] = {}
        self._granted: dict[int, Granted] = {}
        self._errors: dict[int, BaseException] = {}
        self._numbers: dict[int, int] = {}

    # --- to the module

    def out(self, value: Any, blobs: list[bytes]) -> Any:
        """A value as JSON has it."""
        kind = type(value)
        if value is None or kind in (bool, int):
            return value
        if kind in (bytes, bytearray, Native):
            return self._bytes(value, blobs)
        if kind in SINGLE:
            mark, change = SINGLE[kind]
            return {mark: change(value)}
        if kind in SEVERAL:
            mark, parts = SEVERAL[kind]
            return {mark: [self.out(one, blobs) for one in parts(value)]}
        if kind is dict:
            items = [(self.out(key, blobs), self.out(one, blobs)) for key, one in value.items()]
            return {"d": items}
        return self._object_out(value, blobs)

    def _object_out(self, value: Any, blobs: list[bytes]) -> Any:
        number = getattr(value, "_portable_number", 0)
        if number:
            return {"m": number}
        if isinstance(value, BaseException):
            return self._error_out(value, blobs)
        return self._grant(value).described()

    @staticmethod
    def _bytes(given: bytes | bytearray | Native, blobs: list[bytes]) -> Message:
        value = given.encode("latin-1") if isinstance(given, Native) else bytes(given)
        if len(value) <= LARGE:
            return {"b": value.decode("latin-1")}
        blobs.append(value)
        return {"b": len(blobs) - 1}

    def _number(self, value: Any) -> int:
        return self._numbers.setdefault(id(value), len(self._numbers) + 1)

    def _grant(self, value: Any) -> Granted:
        with self._lock:
            number = self._number(value)
            if number not in self._granted:
                self._granted[number] = Granted(value, number)
            return self._granted[number]

    def _error_out(self, error: BaseException, blobs: list[bytes]) -> Message:
        with self._lock:
            number = self._number(error)
            self._errors[number] = error
        try:
            arguments = [self.out(one, blobs) for one in error.args]
        except Exception:  # what cannot be sent stays here
            arguments = []
        return {"h": number, "error": type(error).__name__, "args": arguments,
                "is_exception": isinstance(error, Exception)}  # fmt: skip

    # --- from the module

    def answer(self, message: Message) -> Any:
        """What a reply gives, or raises."""
        try:
            if "x" in message:
                error = self.into(message["x"], message["blobs"])
            else:
                return self.into(message["a"], message["blobs"])
        except (
            KeyError,
            TypeError,
            ValueError,
            IndexError,
            AttributeError,
            RecursionError,
        ) as wrong:
            raise Nonsense(f"{type(wrong).__name__}: {wrong}") from None
        raise error if isinstance(error, BaseException) else Nonsense("what it raised")

    def call_here(self, message: Message) -> Any:
        """Do what the module asks for."""
        blobs = message["blobs"]
        granted = self._granted[message["number"]]
        arguments = [self.into(one, blobs) for one in message["args"]]
        named = {str(key): self.into(one, blobs) for key, one in message["named"].items()}
        return granted.call(str(message["name"]), arguments, named)

    def into(self, value: Any, blobs: list[bytes]) -> Any:
        """A value of JSON as it is used here."""
        if value is None or isinstance(value, bool | int):
            return value
        if "o" in value:
            return self._object("o", value["o"], lambda: self._instance(value))
        if "e" in value:
            return self._object("e", value["e"], lambda: self._error_into(value, blobs))
        ((mark, one),) = value.items()
        if mark in "nb":
            data = blobs[one] if isinstance(one, int) else one.encode("latin-1")
            return data if mark == "b" else Native(data.decode("latin-1"))
        if mark in PARTS:
            return PARTS[mark]([self.into(item, blobs) for item in one])
        if mark == "d":
            return {self.into(key, blobs): self.into(item, blobs) for key, item in one}
        return self._into_single(mark, one)

    def _into_single(self, mark: str, one: Any) -> Any:
        if mark == "f":
            return float(one)
        if mark == "t":
            return str(one)
        if mark == "l":
            return self._object("l", one, lambda: RemoteList(self._ask, one))
        if mark == "m":
            return self._errors[one] if one in self._errors else self._granted[one].value
        if mark == "c":
            return self.kind(one)
        raise Nonsense(f"a value of the kind {mark[:20]!r}")

    def _object(self, mark: str, number: int, make: Callable[[], Any]) -> Any:
        """Always the same one here for one there."""
        with self._lock:
            if (mark, number) not in self._remote:
                if len(self._remote) > MOST_OBJECTS or not isinstance(number, int):
                    raise Nonsense("objects without end")
                self._remote[mark, number] = make()
            return self._remote[mark, number]

    def _instance(self, value: Message) -> Any:
        kind = self.kind(value["c"])
        if not isinstance(kind, Kind):
            kind = Remote
        made = object.__new__(kind)
        object.__setattr__(made, "_portable_number", value["o"])
        object.__setattr__(made, "_portable_ask", self._ask)
        object.__setattr__(made, "_portable_own", {})
        return made

    def _error_into(self, value: Message, blobs: list[bytes]) -> BaseException:
        kind = self.kind(value["c"])
        if not issubclass(kind, BaseException):  # Java has others
            kind = type(kind.__name__, (Exception,), {})
        arguments = [self.into(one, blobs) for one in value["args"]]
        try:
            error = kind(*arguments)
        except Exception:  # one that wants other arguments
            error = Exception(*arguments)
        assert isinstance(error, BaseException)
        more = {"_portable_number": value["e"], "portable_text": str(value["text"])[:20_000]}
        vars(error).update(more)
        return error

    def kind(self, value: Message) -> Any:
        """The mirror of a class."""
        return self._object("c", value["number"], lambda: self._new_kind(value))

    def _new_kind(self, value: Message) -> Any:
        module, name = str(value["module"]), str(value["name"])[:100]
        if known := known_kind(module, name):
            return known
        bases = tuple(self.kind(one) for one in value["bases"][:10])
        body: dict[str, Any] = {"_portable_number": value["number"], "__module__": module}
        errors = tuple(one for one in bases if issubclass(one, BaseException))
        if errors:
            return type(name, errors[:1], body)
        body["_portable_ask"] = staticmethod(self._ask)
        inherited: frozenset[str] = frozenset(map(str, value["methods"][:NAMES]))
        body["_portable_methods"] = inherited
        remote = tuple(one for one in bases if isinstance(one, Kind)) or (Remote,)
        others = tuple(one for one in bases if one is threading.Thread)
        try:
            return Kind(name, remote + others, body)
        except TypeError:  # an order of bases that Java allows
            return Kind(name, (Remote,), body)


def known_kind(module: str, name: str) -> Any:
    """A class that both sides have anyway: exceptions, and Thread; None: any other."""
    if (module, name) == ("threading", "Thread"):
        return threading.Thread
    if found := RENAMED.get(f"{module}.{name}"):
        return found
    if module in ("builtins", "exceptions", "__builtin__"):
        found = getattr(builtins, name, None)
    elif module in ("socket", "_socket"):
        found = getattr(socket, name, None)
    if isinstance(found, type) and issubclass(found, BaseException):
        return found
    return None
