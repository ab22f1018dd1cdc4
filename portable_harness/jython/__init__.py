"""Jython started fast: from an archive of classes that the virtual machine maps into memory."""

from portable_harness.jython.launcher import fast_command, is_ready

__all__ = ["fast_command", "is_ready"]
