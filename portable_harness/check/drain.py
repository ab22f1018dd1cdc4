"""What a server prints: read all the time, so that it never waits for a reader."""

from __future__ import annotations

import contextlib
import threading
from typing import IO

KEPT_OUTPUT = 4_000  # characters


class Drain:
    """Reads what a server prints, so that it never waits for a reader; keeps the end of it."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._kept = b""
        self.size = 0  # bytes, also those that were not kept
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            while data := self._stream.read1(65_536):  # type: ignore[attr-defined]
                self._kept = (self._kept + data)[-KEPT_OUTPUT:]
                self.size += len(data)

    def since(self, size: int) -> str:
        """What came after the first `size` bytes, as far as it is kept."""
        kept = self._kept[-(self.size - size) :] if self.size > size else b""
        return kept.decode(errors="replace")

    def close(self) -> str:
        """What was kept; call it when the writers have been ended."""
        self._thread.join(5)
        if not self._thread.is_alive():
            self._stream.close()
        return self._kept.decode(errors="replace")
