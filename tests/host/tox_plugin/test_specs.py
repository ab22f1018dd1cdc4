"""Which environments the plugin takes over, and which it leaves to tox."""

from __future__ import annotations

import pytest

from portable_harness.tox_plugin import specs


@pytest.mark.parametrize(
    "name",
    [
        *("jython", "jython27", "jython2.7", "py27", "py2", "2.7", "python2.7", "py36", "py35"),
        *("3.6", "python3.6", "py37", "jython-unit", "django111-py27", "cpython27"),
    ],
)
def test_names_that_virtualenv_left(name: str) -> None:
    wanted = specs.of_name(name)
    assert wanted
    assert all(specs.is_left_by_virtualenv(spec) for spec in wanted)


@pytest.mark.parametrize(
    "name",
    [
        *(
            "py",
            "py3",
            "python3",
            "py38",
            "py313",
            "py313t",
            "py315",
            "3.13",
            "pypy",
            "pypy3",
            "pypy39",
        ),
        *("py314t", "py315t", "py316", "py316t", "3.15t"),
        *("pypy27", "cpython", "lint", "docs", "graalpy", "python", "py310-django27"),
    ],
)
def test_names_that_are_left_to_tox(name: str) -> None:
    assert not any(specs.is_left_by_virtualenv(spec) for spec in specs.of_name(name))
