"""An interpreter that is missing: get it, or print the facts, a line each, and one question.

What the tools printed is in a log that the facts name: a person on the first screen needs to know
what is missing and which command gets it.
"""

from __future__ import annotations

import sys

import click
from rich.console import Console

from portable_harness.interpreters import Absent, java, names
from portable_harness.interpreters.install import METHODS, Attempt, Request, journal
from portable_harness.interpreters.install.debian import NOT_ALLOWED
from portable_harness.interpreters.install.installing import Installation, install_one
from portable_harness.interpreters.install.progress import Progress
from portable_harness.interpreters.model import Found
from portable_harness.interpreters.names import Wanted


def get(console: Console, missing: Absent, allow_debian: bool, found: Found | None = None) -> bool:
    """Get an interpreter; where that fails, report why and ask at most one question.

    :param found: an earlier search; without it one is made
    :returns: whether it is here now
    """
    wanted = names.parse(missing.name)
    result = install_one(Request(wanted, allow_debian), METHODS, None, False, Progress(), found)
    if not result.attempts:
        return _report(console, result)
    for fact in facts(missing, wanted, result.attempts):
        _print(console, fact)
    packages = next((attempt for attempt in result.attempts if attempt.reason == NOT_ALLOWED), None)
    if packages is None:
        _print(console, f"To get it: {missing.remedy}")
    elif not sys.stdin.isatty():
        _print(console, f"To get it: {packages.command} (--allow-debian does that)")
    elif click.confirm(f"Install it with `{packages.command}`?", err=True):
        return _by_packages(console, missing, wanted, packages, found)
    return False


def facts(missing: Absent, wanted: Wanted, attempts: list[Attempt]) -> list[str]:
    """What is missing and why, each in one line that says where the details are."""
    title = f"{wanted.implementation} {wanted.version_text}".strip()
    lines, reason = [], missing.reason.removesuffix(" on this machine")
    if wanted.implementation == "Jython" and java.executable() is None:
        lines.append(f"Java: not found. Install it: apt-get install {java.PACKAGE}")
        reason = reason.replace(java.ABSENT, "it needs Java")
    tried = [f"; {attempt.reason}" for attempt in attempts if attempt.tried]
    return [*lines, f"{title}: {reason}{''.join(tried)}, details in {journal.path()}"]


def _by_packages(
    console: Console, missing: Absent, wanted: Wanted, packages: Attempt, found: Found | None
) -> bool:
    """By the one method that the user has now allowed: the others were tried."""
    request = Request(wanted, allow_debian=True)
    result = install_one(request, [packages.method], None, False, Progress(), found)
    if not result.attempts:
        return _report(console, result)
    _print(console, facts(missing, wanted, result.attempts)[-1])
    return False


def _report(console: Console, result: Installation) -> bool:
    for line in result.lines:
        _print(console, line)
    return result.ok


def _print(console: Console, line: str) -> None:
    console.print(line, markup=False, soft_wrap=True)
