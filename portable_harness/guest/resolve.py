"""Choose what to install: walk the requirements of requirements, reading markers for the guest.

No backtracking. Among versions the pin is preferred where it is allowed, else the newest that the
index has for this guest. A conflict narrows the choice for that project and the walk starts
again; when nothing is left to narrow, it is an error that names both sides. That is enough for
the closed world of old interpreters, whose packages do not change any more.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from portable_harness.base.errors import Problem
from portable_harness.guest.build import Builder, only_module
from portable_harness.guest.facts import Facts
from portable_harness.guest.fetch import Fetcher
from portable_harness.guest.metadata import Metadata
from portable_harness.guest.pins import Pin
from portable_harness.guest.requirements import Request, Wanted
from portable_harness.guest.wheels import wheel_metadata

ROUNDS = 30


@dataclass(frozen=True)
class Choice:
    """A distribution that goes in; ``wheel`` is None where it is there already."""

    metadata: Metadata
    wheel: Path | None
    because: str
    editable: Path | None = None


@dataclass(frozen=True)
class _Need:
    """A requirement and who asked for it."""

    requirement: Requirement
    because: str
    hashes: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        return str(canonicalize_name(self.requirement.name))


class _ConflictError(Exception):
    def __init__(self, need: _Need, choice: Choice) -> None:
        super().__init__(need, choice)
        self.need, self.choice = need, choice


class Resolver:
    """Resolves one request; ``work`` is a scratch folder that must outlive the choices."""

    def __init__(
        self,
        facts: Facts,
        fetcher: Fetcher,
        builder: Builder,
        pins: dict[str, Pin],
        installed: dict[str, Metadata],
        work: Path,
    ) -> None:
        self.facts, self.fetcher, self.builder = facts, fetcher, builder
        self.pins, self.installed, self.work = pins, installed, work
        self._wheels: dict[str, Path] = {}  # what a need was answered with, over all rounds

    def resolve(self, request: Request) -> list[Choice]:
        """Everything the request needs, with what is installed and stays.

        :raises Problem: when something is not to be had, or two requirements exclude each other.
        """
        given = [self._given(wanted) for wanted in request.wanted if wanted.at]
        narrow: dict[str, SpecifierSet] = {}
        for constraint in request.constraints:
            if self.facts.allows(constraint.marker):
                _narrow(narrow, constraint)
        for _ in range(ROUNDS):
            walk = _Walk(self, request, dict(narrow))
            try:
                return walk.run(given)
            except _ConflictError as conflict:
                before = narrow.get(conflict.need.key)
                if _narrow(narrow, conflict.need.requirement) == before:
                    raise _explain(conflict) from None
        raise Problem("the requirements do not settle", "state the versions in a constraints file")

    def _given(self, wanted: Wanted) -> tuple[Choice, frozenset[str]]:
        """A file, a folder or a URL: it is what it is, nothing to choose."""
        path = Path(wanted.at)
        if not path.exists():
            line = str(wanted.requirement or wanted.at)
            path = self.fetcher.newest(line, False, self.work, wanted.hashes)
        wheel = path if path.suffix == ".whl" else self.builder.wheel(path)
        editable = path if wanted.editable else None
        metadata = wheel_metadata(wheel)
        self.facts.demand(metadata)
        if wanted.requirement and metadata.key != canonicalize_name(wanted.requirement.name):
            raise Problem(f"{wanted.at} is {metadata.name}, not {wanted.requirement.name}")
        return Choice(metadata, wheel, "you", editable), wanted.extras

    def wheel_for(self, needs: Sequence[_Need], spec: SpecifierSet, pre: bool) -> Path:
        """The wheel that answers these needs of one project."""
        key = needs[0].key
        hashes = tuple(sorted({each for need in needs for each in need.hashes}))
        line = f"{needs[0].requirement.name}{spec}"
        if line not in self._wheels:
            pin = self.usable_pin(key, spec, hashes)
            path = (
                self.fetcher.pinned([pin])[pin.name]
                if pin
                else self.fetcher.newest(line, pre, self.work, hashes)
            )
            if pin and pin.only:
                path = only_module(path, pin, self.work)
            wheel = path if path.suffix == ".whl" else self.builder.wheel(path)
            if (found := wheel_metadata(wheel)).key != key:
                raise Problem(f"{path.name} is {found.name}, not {needs[0].requirement.name}")
            self._wheels[line] = wheel
        return self._wheels[line]

    def usable_pin(self, key: str, spec: SpecifierSet, hashes: Sequence[str]) -> Pin | None:
        """The pin of a project where the requirements leave room for it."""
        pin = self.pins.get(key)
        if pin is None or not spec.contains(pin.version, prereleases=True):
            return None
        return pin if not hashes or f"sha256:{pin.sha256}" in hashes else None


class _Walk:
    """One pass from the request to everything it leads to."""

    def __init__(
        self, resolver: Resolver, request: Request, narrow: dict[str, SpecifierSet]
    ) -> None:
        self.resolver, self.request, self.narrow = resolver, request, narrow
        self.chosen: dict[str, Choice] = {}
        self.expanded: set[tuple[str, frozenset[str]]] = set()

    def run(self, given: Iterable[tuple[Choice, frozenset[str]]]) -> list[Choice]:
        wave: list[_Need] = []
        for choice, extras in given:
            self.chosen[choice.metadata.key] = choice
            wave += self._needs_of(choice.metadata, extras)
        allows = self.resolver.facts.allows
        for wanted in self.request.wanted:
            if wanted.requirement and not wanted.at and allows(wanted.requirement.marker):
                wave.append(_Need(wanted.requirement, "you", wanted.hashes))
        while wave:
            wave = self._wave(wave)
        return list(self.chosen.values())

    def _wave(self, wave: Sequence[_Need]) -> list[_Need]:
        """Choose for every project of the wave; what those need is the next wave."""
        projects: dict[str, list[_Need]] = {}
        for need in wave:
            if need.key != "pip":  # the environment's own, which a real one would destroy
                projects.setdefault(need.key, []).append(need)
        self._fetch_pins_at_once(projects)
        following: list[_Need] = []
        for key, needs in projects.items():
            if key not in self.chosen:
                self.chosen[key] = self._choose(needs)
            for need in needs:
                self._check(need)
                extras = frozenset(str(canonicalize_name(e)) for e in need.requirement.extras)
                following += self._needs_of(self.chosen[key].metadata, extras)
        return following

    def _fetch_pins_at_once(self, projects: dict[str, list[_Need]]) -> None:
        """One run of pip for all pins of a wave: each run costs a second."""
        pins = []
        for key, needs in projects.items():
            if key not in self.chosen and self._kept(needs) is None:
                hashes = [each for need in needs for each in need.hashes]
                pin = self.resolver.usable_pin(key, self._specifier(needs), hashes)
                pins += [pin] if pin else []
        self.resolver.fetcher.pinned(pins)

    def _specifier(self, needs: Sequence[_Need]) -> SpecifierSet:
        spec = self.narrow.get(needs[0].key, SpecifierSet())
        for need in needs:
            spec &= need.requirement.specifier
        return spec

    def _kept(self, needs: Sequence[_Need]) -> Metadata | None:
        """What is installed, where that is good enough."""
        there = self.resolver.installed.get(needs[0].key)
        direct = any(need.because == "you" for need in needs)
        if there is None or (direct and (self.request.upgrade or self.request.force)):
            return None
        fits = self._specifier(needs).contains(there.version, prereleases=True)
        return there if fits else None

    def _choose(self, needs: Sequence[_Need]) -> Choice:
        because = needs[0].because
        kept = self._kept(needs)
        if kept is not None:
            return Choice(kept, None, because)
        wheel = self.resolver.wheel_for(needs, self._specifier(needs), self.request.pre)
        return Choice(wheel_metadata(wheel), wheel, because)

    def _check(self, need: _Need) -> None:
        choice = self.chosen[need.key]
        if not need.requirement.specifier.contains(choice.metadata.version, prereleases=True):
            raise _ConflictError(need, choice)

    def _needs_of(self, metadata: Metadata, extras: frozenset[str]) -> list[_Need]:
        if self.request.no_deps or (metadata.key, extras) in self.expanded:
            return []
        self.expanded.add((metadata.key, extras))
        because = f"{metadata.name} {metadata.version}"
        allows = self.resolver.facts.allows
        return [_Need(r, because) for r in metadata.requires if allows(r.marker, extras)]


def _narrow(narrow: dict[str, SpecifierSet], by: Requirement) -> SpecifierSet:
    key = str(canonicalize_name(by.name))
    narrow[key] = narrow.get(key, SpecifierSet()) & by.specifier
    return narrow[key]


def _explain(conflict: _ConflictError) -> Problem:
    need, choice = conflict.need, conflict.choice
    return Problem(
        f"conflict: {need.because} needs {need.requirement}, "
        f"but {choice.metadata.version} was chosen for {choice.because}",
        "name a version of either that fits",
    )
