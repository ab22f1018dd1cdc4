"""What the lock watch reports of a student's program comes by a pipe, which the program inherits.

A file in the program's folder could be replaced by a link, or by a FIFO that nobody writes to.
"""

from __future__ import annotations

import os
import threading
from typing import Any

from portable_harness.base.reading import decoded

MOST = 1 << 20  # bytes that are kept
END_LIMIT = 5.0  # seconds until the end of the program's processes is seen


class ReportPipe:
    """A pipe with JSON lines.

    :param uid: the user that will open it; None: this process's
    """

    def __init__(self, uid: int | None) -> None:
        self._data = bytearray()
        ours, self.descriptor = os.pipe()
        if uid is not None:
            os.fchown(self.descriptor, uid, -1)
        self._reader = threading.Thread(target=self._read, args=(ours,), daemon=True)
        self._reader.start()

    @property
    def path(self) -> str:
        """By which the program opens it: Java cannot write to a descriptor."""
        return f"/dev/fd/{self.descriptor}"

    def _read(self, ours: int) -> None:
        with os.fdopen(ours, "rb", buffering=0) as stream:
            while data := stream.read(65_536):
                self._data += data[: MOST - len(self._data)]

    def close(self) -> list[dict[str, Any]]:
        """The reports. The program has ended: call this once."""
        os.close(self.descriptor)
        self._reader.join(END_LIMIT)
        return parsed(bytes(self._data))


def parsed(data: bytes) -> list[dict[str, Any]]:
    """Each line that is a report; one that was cut off, or disturbed, is left out."""
    rows = []
    for line in data.decode("utf-8", "replace").splitlines():
        try:
            row = decoded(line)
        except ValueError:
            continue
        if isinstance(row, dict):
            rows.append(row)
    return rows
