"""The checks' side of the connection with the process that has the student's module.

A thread of the checks has a *conversation* with a thread of that process: it asks, and waits for
the reply; meanwhile it does what it is asked itself (a call back, of a function that a check gave
to the module), and so on inside one another. So a lock that is taken there is given back there by
the same thread. A thread of the module's own begins a conversation by asking; then a thread for it
begins here.
"""

from __future__ import annotations

import contextlib
import queue
import threading
import time
import traceback
from collections.abc import Callable
from typing import IO, Any

from portable_harness.exercise.mirror import Mirror
from portable_harness.exercise.waits import Over, Waits
from portable_harness.exercise.wire import Message, Nonsense, packed, read

MOST_CONVERSATIONS = 2_000  # that the module's threads may begin
WAITED = 0.05  # seconds from which a call back counts as one that waits, for the lock watch


class Conversation:
    """Of one thread; it ends with the thread."""

    def __init__(self, link: Link, ident: int) -> None:
        self._link, self.ident = link, ident
        self.messages: queue.SimpleQueue[Message | None] = queue.SimpleQueue()
        self.depth = 0  # of requests that are being done here

    def ask(self, request: Message, blobs: list[bytes]) -> Any:
        """What the reply gives, or raises."""
        self._link.send({**request, "conversation": self.ident}, blobs)
        while True:
            message = self._next()
            if message is None:
                raise Over(self._link.trouble or "the process has ended")
            if "q" not in message:
                return self._link.mirror.answer(message)
            self.serve(message)

    def serve(self, message: Message) -> None:
        """Do what is asked, and reply."""
        blobs: list[bytes] = []
        began = time.monotonic()
        self.depth += 1
        try:
            reply = {"a": self._link.mirror.out(self._link.mirror.call_here(message), blobs)}
        except Over:
            return
        except BaseException as error:
            reply = {"x": self._link.mirror.out(error, blobs)}
        finally:
            self.depth -= 1
        if message.get("name") == "__call__" and time.monotonic() - began > WAITED:
            reply["waited"] = True
        self._link.send({**reply, "conversation": self.ident}, blobs)

    def serve_all(self) -> None:
        """What a thread does here for one of the module's."""
        self._link.local.conversation = self
        with contextlib.suppress(Over):
            while (message := self._next()) is not None:
                self.serve(message)

    def _next(self) -> Message | None:
        """None: there is none any more, for any of the requests inside one another."""
        message = self.messages.get()
        if message is None:
            self.messages.put(None)
        return message

    def __del__(self) -> None:
        self._link.gone.put(self.ident)  # at any moment, so without a lock


class Link:
    """The connection.

    Args:
        into: the stream that the process reads
        out: the stream that it writes
        report: called with each report of the lock watch
    """

    def __init__(self, into: IO[bytes], out: IO[bytes], report: Callable[[Message], None]) -> None:
        self.mirror = Mirror(self.ask)
        self.trouble = ""  # why the connection ended; empty: the process did
        self.is_over = threading.Event()
        self.waits = Waits()
        self.local = threading.local()
        self._into, self._out, self._report = into, out, report
        self._sending, self._changing = threading.Lock(), threading.Lock()
        self._queues: dict[int, queue.SimpleQueue[Message | None]] = {}
        self.gone: queue.SimpleQueue[int] = queue.SimpleQueue()  # conversations
        self._theirs: dict[int, Conversation] = {}
        self._last = 0
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def send(self, message: Message, blobs: list[bytes]) -> None:
        """Send a message. :raises Over: the process has ended"""
        data = packed(message, blobs)
        try:
            with self._sending:
                self._into.write(data)
                self._into.flush()
        except (OSError, ValueError):
            raise Over(self.trouble or "the process has ended") from None

    def ask(self, word: str, *arguments: Any, **more: Any) -> Any:
        """Have something done in the module's process; `more` is put into the request."""
        self._let_go()
        conversation = self.conversation()
        blobs: list[bytes] = []
        request = {"q": word, "args": [self.mirror.out(one, blobs) for one in arguments], **more}
        if "named" in request:
            named = request["named"].items()
            request["named"] = {key: self.mirror.out(one, blobs) for key, one in named}
        return conversation.ask(request, blobs)

    def conversation(self) -> Conversation:
        """That of this thread."""
        mine: Conversation | None = getattr(self.local, "conversation", None)
        if mine is None:
            with self._changing:
                self._last += 1
                mine = Conversation(self, self._last)
                self._queues[mine.ident] = mine.messages
                if self.is_over.is_set():
                    mine.messages.put(None)
            self.local.conversation = mine
        return mine

    def _let_go(self) -> None:
        """The threads of some conversations have ended; those of the process may end too."""
        while not self.gone.empty():
            with contextlib.suppress(queue.Empty):
                ident = self.gone.get_nowait()
                with self._changing:
                    self._queues.pop(ident, None)
                self.send({"q": "bye", "conversation": ident}, [])

    def _read(self) -> None:
        try:
            while (message := read(self._out)) is not None:
                self._take(message)
        except Nonsense as error:
            self.trouble = f"it disturbed its connection with the checks ({error})"
        except (OSError, ValueError):
            pass  # closed
        with contextlib.suppress(OSError):
            self._out.close()
        with self._changing:
            self.is_over.set()
            for one in self._queues.values():
                one.put(None)
        self.waits.end()

    def _take(self, message: Message) -> None:
        if "report" in message:
            if isinstance(message["report"], dict):
                self._report(message["report"])
            return
        ident = message["conversation"]
        with self._changing:
            found = self._queues.get(ident)
        if message.get("q") == "bye":
            self._end(ident)
        elif found is None:
            self._begin(ident).put(message)
        elif found.empty():
            found.put(message)
        else:
            raise Nonsense("two messages at once")

    def _end(self, ident: int) -> None:
        """A thread of the module has ended."""
        with self._changing:
            self._queues.pop(ident, None)
            conversation = self._theirs.pop(ident, None)
        if conversation is not None:
            conversation.messages.put(None)

    def _begin(self, ident: int) -> queue.SimpleQueue[Message | None]:
        """A thread of the module asks for the first time."""
        if ident >= 0 or len(self._theirs) > MOST_CONVERSATIONS:
            raise Nonsense("a conversation that nobody has begun")
        made = Conversation(self, ident)
        with self._changing:
            self._queues[ident] = made.messages
        self._theirs[ident] = made
        threading.Thread(target=made.serve_all, daemon=True).start()
        return made.messages


def text_of(error: BaseException) -> str:
    """The stack of an exception: the module's own where it came from there."""
    theirs = getattr(error, "portable_text", "")
    return str(theirs) or "".join(traceback.format_exception(error))
