"""Get an interpreter that is missing: by uv, Maven, a build from source, or Debian's packages."""

from __future__ import annotations

from portable_harness.interpreters.install.debian import DebianRoad
from portable_harness.interpreters.install.debian_source import DebianSourceRoad
from portable_harness.interpreters.install.managers import PyenvRoad, UvRoad
from portable_harness.interpreters.install.maven import JgoRoad, MavenRoad
from portable_harness.interpreters.install.roads import Attempt, ClosedError, Request, Road, travel

# In the order in which they are tried: quick and harmless first.
ROADS: tuple[Road, ...] = (
    MavenRoad(),
    JgoRoad(),
    UvRoad(),
    DebianRoad(),
    DebianSourceRoad(),
    PyenvRoad(),
)

__all__ = ["ROADS", "Attempt", "ClosedError", "Request", "Road", "travel"]
