"""A package of programs like `portable_server.litmus.others`: each does what its name says."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from portable_harness.findings.run import Plan
from portable_harness.interpreters import Interpreter

PROGRAM = """\
import json, os, sys, time
name = sys.argv[1]
told = {"library": name, "version": "1.0", "promise": "it works", "source": "its page",
        "outcome": "kept", "broken": [], "error": "", "rounds": 5, "seconds": 0.1, "seed": 1,
        "hold_limit": 1.0, "locks": 3, "interpreter": {}, "findings": []}
if name == "noisy":
    print("a library may print {} what it likes")
    print(json.dumps(["and JSON too"]))
    report = {"finding": "lock-order Lock.acquire: noisy.first -> noisy.second",
              "lock": "noisy.py:3", "kind": "lock-order", "operation": "Lock.acquire",
              "message": "against the order",
              "acquired": ["noisy.first:3"], "violated": ["noisy.second:9"], "text": "..."}
    told["findings"] = [report]
if name == "broken":
    told.update(outcome="broken", broken=["one of two was lost"])
if name == "crashing":
    sys.stderr.write("the last words\\n")
    sys.stderr.flush()
    os.abort()
if name == "hanging":
    time.sleep(600)
print(json.dumps(told))
sys.stdout.flush()
sys.exit(told["outcome"] != "kept")
"""


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    """A plan over the fake package, its libraries all "standard", so that nothing is installed."""
    package = tmp_path / "fake_others"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "__main__.py").write_text(PROGRAM)
    return Plan(package="fake_others", folders=(str(tmp_path),), seconds=1.0)


@pytest.fixture
def this_python() -> Interpreter:
    """The Python that runs the tests, as an interpreter."""
    return Interpreter(
        name="py3here",
        command=(sys.executable,),
        path=Path(sys.executable),
        implementation="CPython",
        version=(3, sys.version_info[1], 0),
        klass="G10",
        free_threaded_build=False,
        gil_enabled=True,
        java=None,
        source="named",
    )
