"""What a guest inherits from our environment."""

from __future__ import annotations

from pathlib import Path

import pytest

from portable_harness.base.guests import guest_variables


def test_a_path_that_is_not_ascii_is_given_by_a_link_that_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """importlib_metadata on Python 2 makes a byte string of each folder on the path."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    tree = tmp_path / "\u00fc x"
    tree.mkdir()
    for _ in range(2):  # the link is there the second time
        (given, plain) = guest_variables([str(tree), "/plain"], {})["PYTHONPATH"].split(":")
        assert given.isascii()
        assert Path(given).samefile(tree)
        assert plain == "/plain"
