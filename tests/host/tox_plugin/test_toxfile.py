"""toxfile.py under a tox that has nothing but itself: no hooks, and no failure."""

from __future__ import annotations

import configparser
import subprocess
import sys
from pathlib import Path

import pytest

TREE = Path(__file__).resolve().parents[3]
LOOK = """
import sys
sys.modules[{missing!r}] = None
import toxfile
print(hasattr(toxfile, "tox_register_tox_env"))
"""


@pytest.mark.parametrize(("missing", "offered"), [("click", False), ("x", True)])
def test_hooks_are_offered_where_the_plugin_can_run(missing: str, offered: bool) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOOK.format(missing=missing)],
        cwd=TREE, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.stdout.strip() == str(offered), done.stderr


def test_tox_is_told_to_get_what_the_plugin_needs() -> None:
    settings = configparser.ConfigParser()
    settings.read(TREE / "tox.ini")
    assert {"click", "rich"} <= set(settings["tox"]["requires"].split())
