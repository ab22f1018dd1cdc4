"""All jars that a class loader reaches from some: manifests name more."""

from __future__ import annotations

import zipfile
from pathlib import Path

from portable_harness.jython.classpath import all_jars


def jar(path: Path, *named: str) -> str:
    """A jar whose manifest names others; its lines are folded at 70 characters, as jars have it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    line = f"Class-Path: {' '.join(named)}"
    folded = "\r\n ".join(line[start : start + 70] for start in range(0, len(line), 70))
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("META-INF/MANIFEST.MF", f"Manifest-Version: 1.0\r\n{folded}\r\n\r\n")
    return str(path)


def test_named_jars_follow_the_one_that_names_them(tmp_path: Path) -> None:
    third = jar(tmp_path / "lib" / "third.jar")
    second = jar(tmp_path / "lib" / "second.jar", "third.jar", "../first.jar")
    other = jar(tmp_path / "other.jar")
    first = jar(tmp_path / "first.jar", "lib/second.jar", other)
    assert all_jars([first]) == [first, second, third, other]


def test_a_long_folded_line_is_read_whole(tmp_path: Path) -> None:
    others = [jar(tmp_path / f"{'x' * 40}{n}.jar") for n in range(5)]
    first = jar(tmp_path / "first.jar", *[Path(path).name for path in others])
    assert all_jars([first]) == [first, *others]


def test_what_is_not_there_or_no_jar_adds_nothing(tmp_path: Path) -> None:
    first = jar(tmp_path / "first.jar", "missing.jar", "broken.jar")
    (tmp_path / "broken.jar").write_text("no zip")
    assert all_jars([first, str(tmp_path)]) == [first, str(tmp_path / "broken.jar")]
