"""Files of wheels: written, recorded, taken out again."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from portable_harness.base.errors import Problem
from portable_harness.guest import wheels
from portable_harness.guest.programs import Target

from .making import make_wheel


@pytest.fixture
def target(tmp_path: Path) -> Target:
    base = tmp_path / "a folder with 'quotes'"
    folders = Target(base / "lib" / "site-packages", base / "bin", base, Path(sys.executable))
    for folder in (folders.site, folders.bin):
        folder.mkdir(parents=True)
    return folders


def test_a_console_script_starts_in_any_folder(target: Target, tmp_path: Path) -> None:
    wheels.install(make_wheel(tmp_path, "toy"), target)
    program = target.bin / "run-toy"
    done = subprocess.run(
        [program], env={"PYTHONPATH": str(target.site)}, capture_output=True, text=True, timeout=60
    )
    assert done.stdout == "toy 1.0\n", done.stderr


def test_the_program_of_an_entry_point_replaces_that_of_an_old_setuptools(
    target: Target, tmp_path: Path
) -> None:
    wheel = make_wheel(tmp_path, "toy")
    with zipfile.ZipFile(wheel, "a") as archive:
        old = "#!python\nfrom pkg_resources import load_entry_point\n"
        archive.writestr("toy-1.0.data/scripts/run-toy", old)
        archive.writestr("toy-1.0.data/scripts/other", "#!python\nprint('other')\n")
    wheels.install(wheel, target)
    assert "pkg_resources" not in (target.bin / "run-toy").read_text()
    assert (target.bin / "other").read_text().endswith("print('other')\n")
    record = (target.site / "toy-1.0.dist-info" / "RECORD").read_text()
    assert record.count("run-toy,") == 1


def test_two_projects_share_a_folder(target: Target, tmp_path: Path) -> None:
    """As those of `backports` do; pip's --target would let the second replace the first."""
    for name in ("one", "two"):
        wheels.install(make_wheel(tmp_path, name, module=f"shared/{name}.py"), target)
    assert sorted(p.name for p in (target.site / "shared").iterdir()) == ["one.py", "two.py"]
    wheels.uninstall("one", target)
    assert [p.name for p in (target.site / "shared").iterdir()] == ["two.py"]


def test_a_new_version_leaves_nothing_of_the_old(target: Target, tmp_path: Path) -> None:
    wheels.install(make_wheel(tmp_path, "toy", "1.0", module="old.py"), target)
    wheels.install(make_wheel(tmp_path, "toy", "2.0", module="new.py"), target)
    assert [str(m.version) for m, _ in wheels.installed(target.site).values()] == ["2.0"]
    assert not (target.site / "old.py").exists()


def test_uninstalling_leaves_an_empty_folder(target: Target, tmp_path: Path) -> None:
    wheels.install(make_wheel(tmp_path, "toy"), target)
    (target.site / "toy$py.class").touch()
    assert wheels.uninstall("toy", target)
    assert not wheels.uninstall("toy", target)
    assert not list(target.site.iterdir())
    assert not list(target.bin.iterdir())


def test_a_wheel_cannot_write_outside(target: Target, tmp_path: Path) -> None:
    wheel = make_wheel(tmp_path, "toy")
    with zipfile.ZipFile(wheel, "a") as archive:
        archive.writestr("../../outside.py", "")
    with pytest.raises(Problem, match="outside of the target directory"):
        wheels.install(wheel, target)
    assert not (target.base / "outside.py").exists()


def test_a_file_that_is_there_is_replaced(target: Target, tmp_path: Path) -> None:
    """Written into, it would change whatever else it is a link to."""
    elsewhere = tmp_path / "elsewhere.py"
    elsewhere.write_text("")
    (target.site / "toy.py").hardlink_to(elsewhere)
    wheels.install(make_wheel(tmp_path, "toy"), target)
    assert elsewhere.read_text() == ""
    assert (target.site / "toy.py").read_text()


def test_a_damaged_wheel_is_one_line(target: Target, tmp_path: Path) -> None:
    wheel = make_wheel(tmp_path, "toy")
    damaged = wheel.read_bytes().replace(b"Wheel-Version: 1.0", b"Wheel-Version: 2.0")
    wheel.write_bytes(damaged)
    with pytest.raises(Problem, match=r"cannot be installed"):
        wheels.install(wheel, target)
