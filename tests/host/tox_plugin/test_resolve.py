"""What is chosen: markers read for the guest, pins preferred, conflicts said in one line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import parse_wheel_filename
from packaging.version import Version

from portable_harness.base.errors import Problem
from portable_harness.guest.build import Builder
from portable_harness.guest.facts import Facts
from portable_harness.guest.fetch import Fetcher
from portable_harness.guest.pins import Pin, pins
from portable_harness.guest.requirements import parse
from portable_harness.guest.resolve import Resolver
from portable_harness.guest.wheels import wheel_metadata

from .making import make_wheel

MARKERS = {
    "implementation_name": "",
    "implementation_version": "0",
    "os_name": "java",
    "platform_machine": "x86_64",
    "platform_python_implementation": "Jython",
    "platform_release": "17",
    "platform_system": "Java",
    "platform_version": "",
    "python_full_version": "2.7.3",
    "python_version": "2.7",
    "sys_platform": "java17.0.15",
}


class Shelf(Fetcher):
    """An index that is a folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__(Facts(MARKERS, "none", {}))
        self.folder = folder

    def newest(self, requirement: str, pre: bool, into: Path, hashes: Sequence[str] = ()) -> Path:
        wanted = Requirement(requirement)
        files = {parse_wheel_filename(f.name)[:2]: f for f in self.folder.glob("*.whl")}
        fitting = [
            (version, file)
            for (name, version), file in files.items()
            if name == wanted.name and wanted.specifier.contains(version)
        ]
        if not fitting:
            raise Problem(f"cannot get {requirement}: no matching distribution")
        return max(fitting)[1]

    def pinned(self, pins: Sequence[Pin]) -> dict[str, Path]:
        return {pin.name: self.newest(f"{pin.name}=={pin.version}", False, Path()) for pin in pins}


class Shop:
    """Resolves against a folder of wheels."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.pins: dict[str, Pin] = {}
        self.installed: list[Path] = []

    def has(self, name: str, version: str, *requires: str) -> Path:
        return make_wheel(self.folder, name, version, *requires)

    def resolve(self, *words: str) -> list[str]:
        shelf = Shelf(self.folder)
        there = {m.key: m for m in map(wheel_metadata, self.installed)}
        builder: Builder = None  # type: ignore[assignment]  # nothing here is built
        resolver = Resolver(shelf.facts, shelf, builder, self.pins, there, self.folder)
        chosen = resolver.resolve(parse(words))
        return sorted(f"{c.metadata.name} {c.metadata.version}" for c in chosen)


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path)


def test_markers_are_the_guests(shop: Shop) -> None:
    shop.has("app", "1", "old; python_version < '3'", "new; python_version >= '3'")
    shop.has("old", "1", "java; platform_system == 'Java'", "no; os_name == 'posix'")
    shop.has("java", "1")
    assert shop.resolve("app") == ["app 1", "java 1", "old 1"]


def test_extras_count_only_where_asked_for(shop: Shop) -> None:
    shop.has("app", "1", "dep", "helper; extra == 'more'")
    shop.has("dep", "1")
    shop.has("helper", "1")
    assert shop.resolve("app") == ["app 1", "dep 1"]
    assert shop.resolve("app[more]") == ["app 1", "dep 1", "helper 1"]


def test_a_pin_is_preferred_but_not_forced(shop: Shop) -> None:
    for version in ("1", "2", "3"):
        shop.has("dep", version)
    shop.pins = {"dep": Pin("dep", Version("2"), "00", None)}
    assert shop.resolve("dep") == ["dep 2"]
    assert shop.resolve("dep>2") == ["dep 3"]


def test_what_is_installed_stays_where_it_fits(shop: Shop) -> None:
    shop.installed = [shop.has("dep", "1")]
    shop.has("dep", "2")
    assert shop.resolve("dep") == ["dep 1"]
    assert shop.resolve("dep>1") == ["dep 2"]
    assert shop.resolve("--upgrade", "dep") == ["dep 2"]


def test_a_later_narrower_requirement_is_met(shop: Shop) -> None:
    shop.has("dep", "1")
    shop.has("dep", "2")
    shop.has("first", "1", "dep")
    shop.has("second", "1", "middle")
    shop.has("middle", "1", "dep<2")
    assert "dep 1" in shop.resolve("first", "second")


def test_narrowing_again_keeps_what_was_narrowed_before(shop: Shop, tmp_path: Path) -> None:
    for version in ("1", "2", "3"):
        shop.has("dep", version)
    shop.has("first", "1", "dep")
    shop.has("second", "1", "middle")
    shop.has("middle", "1", "dep!=2")
    limit = tmp_path / "limit.txt"
    limit.write_text("dep<3\n")
    assert "dep 1" in shop.resolve("first", "second", "-c", str(limit))


def test_constraints_bind_and_install_nothing(shop: Shop, tmp_path: Path) -> None:
    shop.has("dep", "1")
    shop.has("dep", "2")
    limit = tmp_path / "limit.txt"
    limit.write_text("dep<2\nunknown==9\n")
    assert shop.resolve("dep", "-c", str(limit)) == ["dep 1"]


def test_a_conflict_names_both_sides_in_one_line(shop: Shop) -> None:
    shop.has("dep", "1")
    shop.has("dep", "2")
    shop.has("first", "1", "dep>1")
    shop.has("second", "1", "dep<2")
    with pytest.raises(Problem) as caught:
        shop.resolve("first", "second")
    assert re.search(r"dep.*<2.*>1|dep.*>1.*<2", caught.value.message)
    assert "\n" not in caught.value.message


def test_circles_end(shop: Shop) -> None:
    shop.has("a", "1", "b[more]")
    shop.has("b", "1", "a[more]", "a; extra == 'more'")
    assert shop.resolve("a") == ["a 1", "b 1"]


@pytest.mark.parametrize("version", [(2, 7), (3, 6), (3, 7)])
def test_every_pin_has_a_hash(version: tuple[int, int]) -> None:
    pinned = pins(version)
    assert {"pytest", "pytest-xdist", "setuptools"} <= set(pinned)
    text = (
        Path(pins.__code__.co_filename).parent / f"pins-{version[0]}.{version[1]}.txt"
    ).read_text()
    assert len(pinned) == text.count("==")
