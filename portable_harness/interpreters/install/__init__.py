"""Get an interpreter that is missing: by uv, Maven, a build from source, or Debian's packages."""

from __future__ import annotations

from portable_harness.interpreters.install.debian import DebianMethod
from portable_harness.interpreters.install.debian_source import DebianSourceMethod
from portable_harness.interpreters.install.debian_unpacked import DebianUnpackedMethod
from portable_harness.interpreters.install.managers import PyenvMethod, UvMethod
from portable_harness.interpreters.install.maven import JgoMethod, MavenMethod
from portable_harness.interpreters.install.methods import (
    Attempt,
    ClosedError,
    Method,
    Request,
    try_methods,
)

# In the order in which they are tried: quick and harmless first.
METHODS: tuple[Method, ...] = (
    MavenMethod(),
    JgoMethod(),
    UvMethod(),
    DebianMethod(),
    DebianUnpackedMethod(),
    DebianSourceMethod(),
    PyenvMethod(),
)

__all__ = ["METHODS", "Attempt", "ClosedError", "Request", "Method", "try_methods"]
