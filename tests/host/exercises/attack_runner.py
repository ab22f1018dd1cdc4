"""Grade submissions, each for one check: attack_runner.py, with JSON on standard input.

It runs as whoever is to be attacked, in an interpreter that needs nothing of the tests. Standard
input has {name: [number of the exercise, check, text of the file, limit in seconds]}; for each a
line of JSON comes out: its name, the results, how many seconds it took, and what the sandbox
lacked.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from portable_harness.exercise import catalogue, starting, suite
from portable_harness.exercise.catalogue import Limits
from portable_harness.exercise.job import Job

LIMITS = Limits(memory_mib=300, processes=32, threads=64)


def graded(number: str, check: str, text: str, seconds: float) -> dict[str, object]:
    """What came of a submission."""
    with tempfile.TemporaryDirectory() as folder:
        starting.START_LIMIT = seconds
        exercise = replace(catalogue.find(number), limits=replace(LIMITS, seconds=seconds))
        file = Path(folder) / exercise.file
        file.write_text(text, encoding="utf-8")
        began = time.monotonic()
        job = Job(exercise, file, "cpython", [sys.executable], patience=3.0, only=[check])
        results = list(suite.run(job))
    return {
        "results": [one.as_json() for one in results],
        "seconds": time.monotonic() - began,
        "lacks": sorted({lack for one in results for lack in one.not_limited}),
    }


def main() -> None:
    """Grade all."""
    os.environ["GRADER_TOKEN"] = "hush"
    for name, submission in json.load(sys.stdin).items():
        sys.stdout.write(json.dumps({"name": name, **graded(*submission)}) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
