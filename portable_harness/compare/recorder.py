"""The results: JSON Lines, each written as it is measured; a run can be taken up again."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import IO, Any

from portable_harness.base.errors import Problem
from portable_harness.base.outputs import writing
from portable_harness.base.reading import decoded
from portable_harness.compare.options import CompareOptions

FORMAT = "portable-server compare 1"
Record = dict[str, Any]
Key = tuple[str, str, int]  # workload, side, round


class ResultsLostError(Exception):
    """The results cannot be written any more; one line. What was measured is kept in memory."""


class Recorder:
    """Keeps the records in memory and, where there is a path, in a file.

    :param path: None: in memory only
    :param resume: continue after the results in the file; otherwise it must have none
    :raises Problem: when the file cannot be used
    """

    def __init__(self, path: Path | None, resume: bool = False) -> None:
        self.path = path
        self.records: list[Record] = []
        self._stream: IO[str] | None = None
        if path is None:
            return
        if path.exists() and not path.is_file():
            raise Problem(f"cannot write {path}: it is no regular file", "name another file")
        known = read(path) if path.exists() else []
        if known and not resume:
            raise Problem(f"{path} has results already", f"--resume {path}, or name another file")
        if resume and not known:
            raise Problem(f"{path} holds no results to go on from", "start with --save FILE")
        self.records = known
        with writing(path):
            _end_with_a_line(path)
            self._stream = path.open("a", encoding="utf-8")

    def put(self, record: Record) -> None:
        """Keep a record.

        :raises ResultsLostError: when the disk is full, or the file cannot be written
        """
        self.records.append(record)
        if self._stream is None:
            return
        try:
            self._stream.write(json.dumps(record) + "\n")
            self._stream.flush()
        except OSError as error:
            raise ResultsLostError(f"cannot write {self.path}: {error.strerror}") from None

    def begin(self, environment: Record) -> None:
        """Keep the first record.

        :raises Problem: when even that cannot be written
        """
        try:
            self.put(environment)
        except ResultsLostError as error:
            raise Problem(str(error), "make room, or name another file") from None

    @property
    def environment(self) -> Record | None:
        return next((record for record in self.records if record["kind"] == "environment"), None)

    def done(self) -> set[Key]:
        """What has been measured, without what failed."""
        return {
            (record["workload"], record["side"], record["round"])
            for record in self.records
            if record["kind"] == "measurement" and not record.get("error")
        }

    def has(self, kind: str, **values: object) -> bool:
        """Whether there is such a record."""
        return any(
            record["kind"] == kind
            and all(record.get(key) == value for key, value in values.items())
            for record in self.records
        )

    def close(self) -> None:
        if self._stream is not None:
            with contextlib.suppress(OSError):  # reported by put
                self._stream.close()
            self._stream = None


def open_recorder(options: CompareOptions) -> Recorder:
    """For the options ``--save`` and ``--resume``.

    :raises Problem: when they name two files, or the file cannot be used
    """
    save, resume = options.save, options.resume
    if save and resume and save != resume:
        raise Problem("--save and --resume name two files", "name one")
    return Recorder(resume or save, resume=resume is not None)


def read(path: Path) -> list[Record]:
    """The records of a file; a last line that was cut short is left out.

    :raises Problem: when it is no such file
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    except (OSError, UnicodeDecodeError) as error:
        raise Problem(f"cannot read {path}: {error}", "name a file that --save wrote") from None
    records = []
    for number, line in enumerate(lines, start=1):
        try:
            record = decoded(line)
            record["kind"]
        except (ValueError, KeyError, TypeError):
            if number == len(lines) and not line.endswith("\n"):
                break
            raise Problem(
                f"{path} holds no results: line {number}", "name a file that --save wrote"
            ) from None
        records.append(record)
    if records and records[0].get("format") != FORMAT:
        raise Problem(f"{path} holds no results of this version", f"expected {FORMAT!r}")
    return records


def _end_with_a_line(path: Path) -> None:
    """Cut off what a full disk or a power cut left of a last line."""
    if not path.exists():
        return
    with path.open("rb+") as stream:
        text = stream.read()
        stream.truncate(text.rfind(b"\n") + 1)
