"""Wheels made for tests: a module, what it requires, a console script."""

from __future__ import annotations

import zipfile
from pathlib import Path


def make_wheel(
    folder: Path,
    name: str,
    version: str = "1.0",
    *requires: str,
    module: str = "",
    tag: str = "py2.py3-none-any",
) -> Path:
    """A wheel of one module with a function `main`."""
    module = module or f"{name}.py"
    dotted = module.removesuffix(".py").replace("/", ".")
    info = f"{name}-{version}.dist-info"
    metadata = [f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}"]
    metadata += [f"Requires-Dist: {each}" for each in requires]
    metadata += ["Provides-Extra: more", "\n"]
    path = folder / f"{name}-{version}-{tag}.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(module, f"def main():\n    print('{name} {version}')\n")
        archive.writestr(f"{info}/METADATA", "\n".join(metadata))
        wheel = "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py2-none-any\n"
        archive.writestr(f"{info}/WHEEL", wheel)
        entry = f"[console_scripts]\nrun-{name} = {dotted}:main\n"
        archive.writestr(f"{info}/entry_points.txt", entry)
        archive.writestr(f"{info}/RECORD", "")
    return path
