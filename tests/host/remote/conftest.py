"""The tests of this folder have two hosts."""

from __future__ import annotations

from .two_hosts import network, two_hosts

__all__ = ["network", "two_hosts"]
