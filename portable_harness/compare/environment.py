"""The first record of a run: the machine, the generator, the sides and the workloads."""

from __future__ import annotations

import datetime
import os
import platform
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from portable_harness.base.errors import Problem
from portable_harness.compare.recorder import FORMAT, Record
from portable_harness.compare.sides import Side
from portable_harness.compare.workloads import Profile, Workload
from portable_harness.load.generator import Fleet

SAME = ("service", "model", "design", "seconds", "application")  # a run is resumed with the same


def record(
    sides: Sequence[Side],
    workloads: Sequence[Workload],
    profile: Profile,
    fleet: Fleet,
    **more: Any,
) -> Record:
    """All that is known before anything is measured."""
    return {
        "kind": "environment",
        "format": FORMAT,
        "started": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"),
        "command": sys.argv[1:],
        "profile": profile.name,
        "rounds": profile.rounds,
        "seconds": profile.seconds,
        **more,
        "cores": os.cpu_count(),
        "cpu": _cpu(),
        "kernel": platform.release(),
        "python": platform.python_version(),
        "compiler": fleet.places[0].compiler,
        "load_generator": "c",
        "load_hosts": [place.name for place in fleet.places],
        "sides": [side.as_json() for side in sides],
        "workloads": [workload.as_json() for workload in workloads],
    }


def _cpu() -> str:
    """The processor's name as Linux tells it (proc(5))."""
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return platform.processor()
    names = [line.partition(":")[2].strip() for line in text.splitlines() if "model name" in line]
    return names[0] if names else platform.processor() or platform.machine()


def must_fit(known: Record, now: Record) -> None:
    """A run is resumed with what it was begun with, or its rounds would not compare.

    :raises Problem: when something else is asked for
    """
    pairs = [(name, known.get(name), now.get(name)) for name in SAME]
    pairs.append(("sides", _versions(known), _versions(now)))
    pairs.append(("workloads", _names(known), _names(now)))
    pairs.append(("load hosts", known["load_hosts"], now["load_hosts"]))
    for name, before, after in pairs:
        if before != after:
            raise Problem(f"the {name} were {before} and are {after}", "start again with --save")


def _versions(record: Record) -> list[str]:
    return [f"{side['name']} {side.get('version')}" for side in record["sides"]]


def _names(record: Record) -> list[str]:
    return [part["name"] for part in record["workloads"]]
