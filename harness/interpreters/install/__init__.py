"""Get an interpreter that is missing: by uv, Maven, a build from source, or Debian's packages."""

from __future__ import annotations

from harness.interpreters.install.debian import DebianRoad
from harness.interpreters.install.debian_source import DebianSourceRoad
from harness.interpreters.install.managers import PyenvRoad, UvRoad
from harness.interpreters.install.maven import JgoRoad, MavenRoad
from harness.interpreters.install.roads import Attempt, ClosedError, Request, Road, travel

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
