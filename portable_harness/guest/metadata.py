"""What a distribution says of itself: name, version, what it needs (core metadata, PEP 566)."""

from __future__ import annotations

import contextlib
import email.message
import email.parser
from collections.abc import Iterator
from dataclasses import dataclass

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

from portable_harness.base.errors import Problem


@dataclass(frozen=True)
class Metadata:
    """What a distribution says of itself."""

    name: str
    version: Version
    requires: tuple[Requirement, ...]
    extras: frozenset[str]
    requires_python: str

    @property
    def key(self) -> str:
        """The normalised name."""
        return str(canonicalize_name(self.name))


def parse_metadata(text: str) -> Metadata:
    """Read a METADATA (or PKG-INFO) file; requirements nobody can parse are left out.

    :raises Problem: when it has no name or version.
    """
    message = email.parser.HeaderParser().parsestr(text)
    try:
        name, version = str(message["Name"]), Version(str(message["Version"]))
    except ValueError as error:
        raise Problem(f"unreadable metadata of {message['Name']}: {error}") from None
    requires = tuple(_requirements(message))
    extras = frozenset(str(canonicalize_name(e)) for e in message.get_all("Provides-Extra", []))
    return Metadata(name, version, requires, extras, _requires_python(message))


def _requires_python(message: email.message.Message) -> str:
    """Requires-Python; "" where there is none, or none that can be read."""
    text = str(message["Requires-Python"] or "")
    try:
        return str(SpecifierSet(text))
    except InvalidSpecifier:
        return ""


def _requirements(message: email.message.Message) -> Iterator[Requirement]:
    for line in message.get_all("Requires-Dist", []):
        with contextlib.suppress(InvalidRequirement):
            yield Requirement(line)
