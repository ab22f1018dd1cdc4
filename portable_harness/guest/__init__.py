"""Guest environments: a folder with Python and packages for interpreters that current tools left.

The installed virtualenv and pip no longer serve CPython 2.7, 3.6, 3.7 and never served Jython
well. What the folder is depends on the interpreter (`layout`); what goes in is always found and
downloaded by the *host's* pip, chosen by a small resolver that reads markers with the guest's
eyes (`resolve`), and written by us (`wheels`). On later CPythons and on PyPy the folder is an
ordinary virtual environment with the ordinary pip.
"""

from __future__ import annotations

from portable_harness.guest.environments import (
    GuestEnvironment,
    environment,
    is_ours,
    kept,
    suite_requirements,
)

__all__ = ["GuestEnvironment", "environment", "is_ours", "kept", "suite_requirements"]
